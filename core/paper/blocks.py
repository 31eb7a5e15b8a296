"""What a paper is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Number = int | float | Decimal


@dataclass(frozen=True)
class Heading:
    """The start of a part; level 2 is a part of a part. Stays with what follows it."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; a line break stays one. Quiet is for remarks and small print."""

    text: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Points:
    """A list of short thoughts."""

    texts: Sequence[str]


@dataclass(frozen=True)
class Facts:
    """Pairs of label and value, one below the other."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Figure:
    value: str
    label: str


@dataclass(frozen=True)
class Figures:
    """Up to four large figures, side by side."""

    figures: Sequence[Figure]


@dataclass(frozen=True)
class Table:
    """Rows under headings that every page repeats.

    numbers -- indexes of the columns that are aligned to the right.
    strong  -- indexes of the rows that stand out, such as -1 for a total.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    strong: Sequence[int] = ()


@dataclass(frozen=True)
class Bar:
    """A share of 0…1, and perhaps the share it should reach; text is what stands beside it."""

    label: str
    share: Number
    text: str
    target: Number | None = None

    @property
    def is_missed(self) -> bool:
        return self.target is not None and self.share < self.target


@dataclass(frozen=True)
class Bars:
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Point:
    """A value of 0 or more, the words for it and for its month; None when there was nothing."""

    label: str
    value: Number | None
    text: str


@dataclass(frozen=True)
class Trend:
    """Values month by month, and below them the sentence that says what there is to see."""

    points: Sequence[Point]
    words: str
    shape: Literal["columns", "line"] = "columns"


@dataclass(frozen=True)
class Note:
    """A box that stands out. Tones are those of `core.look`; the title says what the tone means."""

    title: str
    text: str
    tone: Literal["neutral", "accent", "info", "success", "warning", "danger"] = "accent"


@dataclass(frozen=True)
class Signatory:
    """A side that signs; name and position may be left for the pen."""

    party: str
    name: str = ""
    position: str = ""


@dataclass(frozen=True)
class Signatures:
    """Two sides side by side, with lines for signature, name and date."""

    left: Signatory
    right: Signatory


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a new page."""


Block = (
    Heading
    | Paragraph
    | Points
    | Facts
    | Figures
    | Table
    | Bars
    | Trend
    | Note
    | Signatures
    | PageBreak
)
