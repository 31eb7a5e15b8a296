"""Texts of service levels that go to clients, in their language."""

from functools import partial
from pathlib import Path

from core.client_texts import text_from

client_text = partial(text_from, Path(__file__).with_name("data") / "texts.json")
"""Takes key, language and the facts of the text; see `text_from`."""
