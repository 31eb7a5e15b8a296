"""Texts that go to clients, in the client's language. Each app keeps a file of its own."""

import json
from functools import cache
from pathlib import Path


@cache
def _texts(file: Path) -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def text_from(file: Path, key: str, language: str, **facts: object) -> str:
    """Return the text with its facts filled in. Raises KeyError for an unknown key or language."""
    return _texts(file)[key][language].format(**facts)
