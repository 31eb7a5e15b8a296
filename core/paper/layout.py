"""From blocks to what ReportLab lays out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from typing import Final

from babel.numbers import format_percent
from django.utils.translation import gettext as _
from reportlab import platypus
from reportlab.lib.colors import Color
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from core.paper import blocks, style
from core.paper.grid import GAP, PADDING, Look, column_widths, grid, natural_width
from core.paper.pictures import Months, Track
from core.paper.text import markup
from core.wording import reader_locale

INSET: Final = 12.0
FOOTHOLD: Final = 80.0
"""What of a long block must fit below its heading."""


class HeadingText(platypus.Paragraph):
    """A heading, which of level 1 is also a bookmark of the document."""

    def draw(self) -> None:
        if self.style is style.HEADINGS[1]:
            _x, y = self.canv.absolutePosition(0, self.height)
            key = f"{self.canv.getPageNumber()}-{y:.0f}"
            self.canv.bookmarkHorizontalAbsolute(key, y)
            self.canv.addOutlineEntry(self.getPlainText(), key)
        super().draw()


def text_in(look: ParagraphStyle, content: str) -> platypus.Paragraph:
    return platypus.Paragraph(markup(content), look)


def story(content: Iterable[blocks.Block]) -> Iterator[Flowable]:
    """Yield the flowables of the blocks, each heading on one page with what follows it."""
    pieces = [piece for block in content for piece in laid_out(block)]
    # ReportLab's own keepWithNext takes a heading and the whole long table below it to a new page.
    for index, piece in enumerate(pieces):
        if isinstance(piece, HeadingText):
            yield platypus.CondPageBreak(min(_foothold(pieces[index:]), style.HEIGHT))
        yield piece


def _foothold(pieces: Iterable[Flowable]) -> float:
    """Return the height of the headings at the start and of the first of what they head."""
    needed = 0.0
    for piece in pieces:
        if isinstance(piece, platypus.CondPageBreak):
            return needed + piece.height
        height = _height(piece)
        if not isinstance(piece, HeadingText):
            return needed + min(height, FOOTHOLD)
        needed += height
    return needed


def _height(piece: Flowable) -> float:
    _width, height = piece.wrap(style.WIDTH, style.HEIGHT)
    return piece.getSpaceBefore() + height + piece.getSpaceAfter()


def _together(*pieces: Flowable) -> list[Flowable]:
    """Return the pieces so that they share a page, unless they take much of it."""
    height = sum(_height(piece) for piece in pieces)
    return [platypus.CondPageBreak(height), *pieces] if height <= style.MUCH else [*pieces]


@singledispatch
def laid_out(block: blocks.Block) -> list[Flowable]:
    """Return the flowables of a block."""
    raise TypeError(f"{block!r} is no block of a paper")


@laid_out.register
def _heading(block: blocks.Heading) -> list[Flowable]:
    return [HeadingText(markup(block.text), style.HEADINGS[block.level])]


@laid_out.register
def _paragraph(block: blocks.Paragraph) -> list[Flowable]:
    return [text_in(style.QUIET if block.is_quiet else style.BODY, block.text)]


@laid_out.register
def _points(block: blocks.Points) -> list[Flowable]:
    items = [platypus.Paragraph(markup(each), style.POINT, bulletText="•") for each in block.texts]
    return [*items, platypus.Spacer(0, 5)]


@laid_out.register
def _facts(block: blocks.Facts) -> list[Flowable]:
    left = _share_of_width((label for label, _value in block.pairs), style.LABEL, 0.38)
    cells = [
        [text_in(style.LABEL, label), text_in(style.FACT, value)] for label, value in block.pairs
    ]
    between = [_line("LINEABOVE", row, 0.5, style.LINE) for row in range(1, len(cells))]
    return _together(grid(cells, [left, style.WIDTH - left], between))


@laid_out.register
def _figures(block: blocks.Figures) -> list[Flowable]:
    width = style.WIDTH / max(len(block.figures), 3)
    cells = [
        [text_in(style.FIGURE, each.value) for each in block.figures],
        [text_in(style.CELL_QUIET, each.label) for each in block.figures],
    ]
    looks = [
        ("LEFTPADDING", (0, 0), (-1, -1), INSET),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("LINEBEFORE", (0, 0), (-1, -1), 2, style.ACCENT_PALE, "butt"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    return _together(grid(cells, [width] * len(block.figures), looks, hAlign="LEFT"))


@laid_out.register
def _table(block: blocks.Table) -> list[Flowable]:
    strong = {index % len(block.rows) for index in block.strong} if block.rows else set()
    cells = [_cells(block.headings, block, style.CELL_HEADING)]
    cells += [
        _cells(row, block, style.CELL_STRONG if index in strong else style.CELL)
        for index, row in enumerate(block.rows)
    ]
    looks = [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        _line("LINEBELOW", 0, 0.9, style.ACCENT),
        *(_line("LINEBELOW", row, 0.5, style.LINE) for row in range(1, len(cells))),
        *(_line("LINEABOVE", row + 1, 0.9, style.INK) for row in strong),
    ]
    return _together(grid(cells, column_widths(block), looks, repeatRows=1))


def _line(place: str, row: int, thickness: float, colour: Color) -> Look:
    return place, (0, row), (-1, row), thickness, colour


def _cells(row: Sequence[str], table: blocks.Table, look: ParagraphStyle) -> list[Flowable]:
    return [
        text_in(style.to_the_right(look) if column in table.numbers else look, content)
        for column, content in enumerate(row)
    ]


@laid_out.register
def _bars(block: blocks.Bars) -> list[Flowable]:
    words = [words for bar in block.bars for words in (bar.text, _target_words(bar))]
    left = _share_of_width((bar.label for bar in block.bars), style.CELL, 0.36)
    right = _share_of_width(words, style.CELL_STRONG, 0.3) + GAP
    cells = [[text_in(style.CELL, bar.label), Track(bar), _beside(bar)] for bar in block.bars]
    return _together(grid(cells, [left, style.WIDTH - left - right, right], []))


def _share_of_width(texts: Iterable[str], look: ParagraphStyle, most: float) -> float:
    """Return the width of the longest text, or the given share of the page if that is less."""
    widest = max((natural_width(each, look) for each in texts), default=0)
    return min(widest, style.WIDTH * most)


def _beside(bar: blocks.Bar) -> Flowable:
    look = style.CELL_QUIET
    font = f'<font name="{look.fontName}" size="{look.fontSize}" color="{look.textColor.hexval()}">'
    below = f"<br/>{font}{markup(_target_words(bar))}</font>" if bar.target is not None else ""
    return platypus.Paragraph(markup(bar.text) + below, style.CELL_STRONG)


def _target_words(bar: blocks.Bar) -> str:
    if bar.target is None:
        return ""
    share = format_percent(bar.target, locale=reader_locale(), decimal_quantization=False)
    sentence = _("target %(share)s, missed") if bar.is_missed else _("target %(share)s, reached")
    return sentence % {"share": share}


@laid_out.register
def _trend(block: blocks.Trend) -> list[Flowable]:
    if not block.points:
        return [text_in(style.QUIET, block.words)]
    return _together(Months(block), text_in(style.QUIET, block.words))


@laid_out.register
def _note(block: blocks.Note) -> list[Flowable]:
    tone, ground = style.TONES[block.tone]
    title = ParagraphStyle("note title", parent=style.NOTE_TITLE, textColor=tone)
    cells = [[text_in(title, block.title)], [text_in(style.NOTE, block.text)]]
    looks = [
        ("BACKGROUND", (0, 0), (-1, -1), ground),
        ("LINEBEFORE", (0, 0), (-1, -1), 2.5, tone, "butt"),
        ("LEFTPADDING", (0, 0), (-1, -1), INSET),
        ("RIGHTPADDING", (0, 0), (-1, -1), INSET),
        ("TOPPADDING", (0, 0), (-1, 0), 9),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 0),
        ("TOPPADDING", (0, 1), (-1, 1), 1),
        ("BOTTOMPADDING", (0, 1), (-1, 1), 10),
    ]
    return _together(grid(cells, [style.WIDTH], looks))


@laid_out.register
def _signatures(block: blocks.Signatures) -> list[Flowable]:
    sides = [block.left, block.right]
    gutter = style.WIDTH * 0.08
    width = (style.WIDTH - gutter) / 2
    people = [", ".join(filter(None, [side.name, side.position])) for side in sides]
    lines = [(_("Signature"), ["", ""]), (_("Name and position"), people), (_("Date"), ["", ""])]
    cells = [_apart(text_in(style.CELL_STRONG, side.party) for side in sides)]
    for label, filled in lines:
        cells.append(_apart(text_in(style.FACT, each) for each in filled))
        cells.append(_apart(text_in(style.CAPTION, label) for _side in sides))
    looks: list[Look] = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
    ]
    for row in range(1, len(cells), 2):
        looks += [
            ("TOPPADDING", (0, row), (-1, row), 24 if row == 1 else 16),
            ("LINEBELOW", (0, row), (0, row), 0.6, style.LINE_STRONG),
            ("LINEBELOW", (2, row), (2, row), 0.6, style.LINE_STRONG),
        ]
    return _together(grid(cells, [width, gutter, width], looks))


def _apart(pair: Iterable[Flowable]) -> list[Flowable]:
    left, right = pair
    return [left, platypus.Spacer(0, 0), right]


@laid_out.register
def _page_break(_block: blocks.PageBreak) -> list[Flowable]:
    return [platypus.PageBreak()]
