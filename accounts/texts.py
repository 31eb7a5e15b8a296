"""Texts about clients that are kept word for word in each language."""

from functools import partial
from pathlib import Path

from core.client_texts import text_from

team_text = partial(text_from, Path(__file__).with_name("data") / "texts.json")
"""Takes key, the reader's language and the facts of the text; see `text_from`."""
