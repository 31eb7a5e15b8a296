"""Texts that go to clients, in the client's language."""

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("data") / "texts.json"


@cache
def _texts() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def client_text(key: str, language: str, **facts: object) -> str:
    """Return the text with its facts filled in. Raises KeyError for an unknown key or language."""
    return _texts()[key][language].format(**facts)
