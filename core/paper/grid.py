"""Cells side by side, flush with the text, on as many pages as they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from reportlab import platypus
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from core.paper import style
from core.paper.blocks import Table
from core.paper.text import typeset

Look = tuple[Any, ...]
GAP: Final = 12.0
PADDING: Final = 4.5
COMMON: Final[tuple[Look, ...]] = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("LEFTPADDING", (1, 0), (-1, -1), GAP),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), PADDING),
    ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING),
)


def grid(
    cells: Sequence[Sequence[Flowable]], widths: Sequence[float], looks: Iterable[Look], **more: Any
) -> Flowable:
    """Return a table, without lines if the looks draw none.

    looks -- as ReportLab's TableStyle takes them; a line belongs to one row.
    """
    if not any(cells):
        return platypus.Spacer(0, 0)
    rows, starts = _sliced(cells, widths)
    ends = [start - 1 for start in [*starts[1:], len(rows)]]
    moved = [_moved(look, starts, ends) for look in looks]
    seams = [
        (side, (0, row), (-1, row), 0)
        for start in set(range(len(rows))).difference(starts)
        for side, row in (("TOPPADDING", start), ("BOTTOMPADDING", start - 1))
    ]
    # The last row, often the total, takes one more with it to a new page.
    last = [("NOSPLIT", (0, -2), (-1, -1))] if len(rows) > 1 else []
    return platypus.Table(
        rows,
        colWidths=list(widths),
        style=platypus.TableStyle([*COMMON, *moved, *seams, *last]),
        spaceBefore=4,
        spaceAfter=12,
        **more,
    )


def _moved(look: Look, starts: Sequence[int], ends: Sequence[int]) -> Look:
    """Return the look for the rows that became of the rows it was meant for."""
    name, (left, top), (right, bottom), *rest = look
    first = ends[bottom] if name == "LINEBELOW" else starts[top]
    last = starts[top] if name == "LINEABOVE" else ends[bottom]
    return name, (left, first), (right, last), *rest


def _sliced(
    cells: Sequence[Sequence[Flowable]], widths: Sequence[float]
) -> tuple[list[list[Flowable]], list[int]]:
    """Return rows of which any page can hold some, and where in them each given row begins.

    ReportLab breaks between rows only; what it offers for breaking inside them gives up, or never
    ends, when one cell is much longer than the others.
    """
    rows: list[list[Flowable]] = []
    starts = []
    for row in cells:
        starts.append(len(rows))
        slices = [
            _slices(cell, max(width - GAP, GAP)) for cell, width in zip(row, widths, strict=True)
        ]
        rows += [list(each) for each in zip_longest(*slices, fillvalue=platypus.Spacer(0, 0))]
    return rows, starts


def _slices(cell: Flowable, width: float) -> list[Flowable]:
    """Cut a cell into pieces that are not higher than much of a page."""
    found = []
    while cell.wrap(width, style.HEIGHT)[1] > style.MUCH:
        first, cell = cell.split(width, style.MUCH)
        found.append(first)
    return [*found, cell]


def natural_width(content: str, look: ParagraphStyle) -> float:
    """Return how wide the text is when nothing makes it break."""
    return max(_width(line, look) for line in typeset(content).split("\n"))


def _width(line: str, look: ParagraphStyle) -> float:
    # Half a point, for the sum of the words is not the width of the line to the last digit.
    return stringWidth(line, look.fontName, look.fontSize) + 0.5


def column_widths(table: Table) -> list[float]:
    """Share the page as a browser does: no column below its longest word, numbers in one piece."""
    columns = [_extent(table, index) for index in range(len(table.headings))]
    least, wish = [low for low, _high in columns], [high for _low, high in columns]
    if sum(least) > style.WIDTH:
        fair = [min(low, style.WIDTH / len(columns)) for low in least]
        return _spread(fair, [low - each for low, each in zip(least, fair, strict=True)])
    if sum(wish) >= style.WIDTH:
        return _spread(least, [high - low for low, high in columns])
    texts = [0 if index in table.numbers else high for index, high in enumerate(wish)]
    return _spread(wish, texts if any(texts) else wish)


def _extent(table: Table, index: int) -> tuple[float, float]:
    """Return how narrow a column may be, and how wide it would like to be."""
    heading, texts = [table.headings[index]], [row[index] for row in table.rows]
    is_number, gap = index in table.numbers, GAP if index else 0
    pieces = _lines(texts) if is_number else _words(texts)
    low = max(_widest(_words(heading), style.CELL_HEADING), _widest(pieces, style.CELL_STRONG))
    high = max(
        _widest(_lines(heading), style.CELL_HEADING), _widest(_lines(texts), style.CELL_STRONG)
    )
    most = max(style.WIDTH / len(table.headings), style.WIDTH / 3)
    least = max(min(low + gap, most), 2 * GAP)
    return least, least if is_number else max(high + gap, least)


def _widest(pieces: Iterable[str], look: ParagraphStyle) -> float:
    return max((_width(each, look) for each in pieces), default=0)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for each in texts:
        yield from typeset(each).split("\n")


def _words(texts: Iterable[str]) -> Iterator[str]:
    for line in _lines(texts):
        yield from line.split(" ")


def _spread(widths: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the widths with what is left of the page, or missing, shared by the weights."""
    spare, total = style.WIDTH - sum(widths), sum(weights) or 1
    return [width + spare * weight / total for width, weight in zip(widths, weights, strict=True)]
