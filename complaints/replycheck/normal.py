"""Text as the patterns read it, with the way back to every letter as it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST_WORD = 40
LONGEST_GAP = 6
MOST_MARKS = 8
MOST_LETTERS = 6
"""What is longer says nothing more, and would let a pattern look back and forth without end."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_WORD_OR_GAP = re.compile(r"\w+|\W+")
_SAME = str.maketrans(
    dict.fromkeys("\u2019\u02bc\u2018`´", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | {"ё": "е"}
)
_UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc"})
"""Accents, soft hyphens, signs of no width: pasted text is full of them, nobody reads them."""


@dataclass(frozen=True, slots=True)
class NormalText:
    """text -- for the patterns; starts, ends -- where each of its letters stands in the original."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span that is not empty stands in the original, as [from, to)."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> NormalText:
    """Return our own words: one case, one kind of apostrophe, dash and blank.

    Quoted lines and what follows the line "--" are not ours. Of a word longer than any real one,
    and of a long row of signs, only the beginning is kept, so that what a pattern can try at one
    place is bounded and the check takes time in proportion to the text.
    """
    letters = list(_one_blank(_letters(text)))
    whole = "".join(letter for letter, _, _ in letters)
    kept = [place for found in _WORD_OR_GAP.finditer(whole) for place in _bounded(found)]
    return NormalText(
        "".join(whole[place] for place in kept),
        tuple(letters[place][1] for place in kept),
        tuple(letters[place][2] for place in kept),
    )


def own_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines stand that are neither quoted nor below the signature's "--"."""
    for found in _LINE.finditer(text):
        line = found[0].strip()
        if line == "--":
            return
        if not line.startswith(">"):
            yield found.span()


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield single letters, each with the span of the signs that it was made of."""
    for start, end in own_lines(text):
        place = start
        while place < end:
            after = place + 1
            while after < end and text[after] > "\u02ff" and unicodedata.combining(text[after]):
                after += 1
            sign = text[place : min(after, place + 1 + MOST_MARKS)]
            for letter in _folded(sign)[:MOST_LETTERS]:
                yield letter, place, after
            place = after


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign.translate(_SAME)).casefold().translate(_SAME)
    return "".join(
        " " if each.isspace() else each
        for each in plain
        if each.isspace() or unicodedata.category(each) not in _UNSEEN
    )


def _one_blank(letters: Iterator[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    is_after_blank = False
    for letter in letters:
        is_blank = letter[0] == " "
        if not (is_blank and is_after_blank):
            yield letter
        is_after_blank = is_blank


def _bounded(found: re.Match[str]) -> range:
    is_word = found[0][0].isalnum() or found[0][0] == "_"
    longest = LONGEST_WORD if is_word else LONGEST_GAP
    return range(found.start(), min(found.end(), found.start() + longest))
