"""The phrases that are looked for, compiled once for each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from complaints.replycheck.normal import normalise

DATA = Path(__file__).parents[1] / "data"
LANGUAGES = ("en", "ru", "uk", "bg")
THIRD_PARTY = "<TP>"
PARTNER = "P"
"""Stands for each letter of a partner's name: no capital is left in text that is normalised."""
SHORTEST_NAME = 2
SHORTEST_STEM = 4
_OPENING = "[\"'«„“‹]?"
_CLOSING = "(?:[\"'»“”›](?!\\w))?"
_MANY = re.compile(r"(?<=\))([*+])")
_BOUNDED = {"*": "{0,6}", "+": "{1,6}"}


@dataclass(frozen=True, slots=True)
class Category:
    """A way of passing the blame; label and suggestion are by language."""

    key: str
    label: Mapping[str, str]
    suggestion: Mapping[str, str]


OWNERSHIP = Category("", {}, {})


@dataclass(frozen=True, slots=True)
class Phrase:
    """weight -- how heavy a blame is, or how much an ownership phrase takes off."""

    id: str
    pattern: re.Pattern[str]
    weight: int
    category: Category


@dataclass(frozen=True, slots=True)
class Lexicon:
    """allow -- phrases that say the opposite of what they seem to."""

    blame: tuple[Phrase, ...]
    ownership: tuple[Phrase, ...]
    allow: tuple[Phrase, ...]


@cache
def lexicon(language: str) -> Lexicon:
    """Return the phrases of a language. Raises KeyError for one that is not spoken here."""
    groups = _file("blame_lexicon")["languages"][language]
    third_party = f"(?:{groups['third_party']}|{PARTNER}+)"
    blame, ownership, allow = (
        _phrases("blame_lexicon", groups[group], third_party)
        for group in ("phrases", "ownership", "allow")
    )
    return Lexicon(blame, ownership, allow)


@cache
def plain_phrases(file: str, language: str) -> tuple[Phrase, ...]:
    """Return the phrases of a file that knows no third party."""
    return _phrases(file, _file(file)["languages"][language], THIRD_PARTY)


def _phrases(file: str, told: Iterable[Any], third_party: str) -> tuple[Phrase, ...]:
    kinds = _categories(file)
    return tuple(
        Phrase(
            id=each["id"],
            pattern=re.compile(_bounded(each["pattern"].replace(THIRD_PARTY, third_party))),
            weight=each.get("weight", 0),
            category=kinds.get(each.get("category", file), OWNERSHIP),
        )
        for each in told
    )


def _bounded(pattern: str) -> str:
    """Bound the groups that repeat without end: all else is bounded by the text being normal."""
    return _MANY.sub(lambda sign: _BOUNDED[sign[1]], pattern)


@cache
def _categories(file: str) -> dict[str, Category]:
    return {
        key: Category(key, texts["label"], texts["suggest"])
        for key, texts in _file(file)["categories"].items()
    }


def hide_partners(text: str, partners: Iterable[str]) -> str:
    """Return normalised text with the names of partners, in any case, as third parties.

    Every letter keeps its place. So the patterns need not be compiled for each list of names.
    """
    names = _names(tuple(partners))
    return names.sub(lambda name: PARTNER * len(name[0]), text) if names else text


@lru_cache(maxsize=16)
def _names(partners: tuple[str, ...]) -> re.Pattern[str] | None:
    plain = {normalise(name.replace("\n", " ")).text.strip() for name in partners}
    telling = sorted((name for name in plain if len(name) >= SHORTEST_NAME), key=len, reverse=True)
    if not telling:
        return None
    return re.compile(rf"(?<!\w){_OPENING}(?:{'|'.join(map(_declined, telling))})(?!\w){_CLOSING}")


def _declined(name: str) -> str:
    """Return the pattern of a name with the ending that Slavic cases may add to it."""
    ending = "(?:['-]?[а-яієїґ]{1,3})?" if len(name) >= SHORTEST_STEM else ""
    return re.escape(name) + ending


@cache
def _file(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded
