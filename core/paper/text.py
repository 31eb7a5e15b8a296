"""From any text to text in print."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from xml.sax.saxutils import escape

NBSP: Final = "\u00a0"
# The layout would break a line at these two, so they become the space at which it never does.
_FIXED_SPACES: Final = str.maketrans({"\u202f": NBSP, "\u2007": NBSP, "\t": " "})
_DASH: Final = re.compile(r"(?<=\S) [-–] (?=\S)")
_BOUND: Final = re.compile(
    r"(?<=\d) (?=\d{3}(?!\d))"  # 4 800
    r"|(?<=\d) (?=[%‰°€$£₴₽]|[^\W\d_]{1,4}(?!\w))"  # 95 %, 2 hr, 5 дней
    r"|(?<=[№§#]) (?=\d)"
    r"|(?<=(?<!\w)[А-Яа-яІіЇїЄє]) (?=\w)"  # no line ends with «в» or «и»
    r"| (?=— )"
)


def printable(text: object) -> str:
    """Return the text without signs that have no face: NUL, controls, marks of direction.

    What breaks a line anywhere is one line break here.
    """
    whole = unicodedata.normalize("NFC", "\n".join(str(text).splitlines()))
    return "".join(
        sign
        for sign in whole.translate(_FIXED_SPACES)
        if sign == "\n" or not unicodedata.category(sign).startswith("C")
    )


def typeset(text: object) -> str:
    """Return printable text whose numbers keep their units, with en dashes."""
    return _BOUND.sub(NBSP, _DASH.sub(f"{NBSP}– ", printable(text)))


def markup(text: object) -> str:
    """Return the text for ReportLab's paragraphs, which read XML."""
    return escape(typeset(text)).replace("\n", "<br/>")
