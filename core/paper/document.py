"""The sheet: what stands at the top and bottom of every page, and the file itself."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer

from core.paper import style
from core.paper.blocks import Block
from core.paper.layout import story, text_in
from core.paper.text import printable, typeset
from core.wording import DAY, moment_text

HEAD: Final = style.PAGE[1] - 18 * mm
FOOT: Final = 13 * mm
RIGHT: Final = style.PAGE[0] - style.MARGIN
LONGEST_LINE: Final = 250
"""More letters than that do not fit in any line, however narrow they are."""

# ReportLab reads the letters to embed from one shared place in the font's file.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Paper:
    """A document to print.

    author   -- who speaks to the reader.
    language -- of the texts; date, page numbers and labels follow it.
    at       -- when it was made; its day is printed, in the current time zone.
    """

    title: str
    author: str
    language: str
    at: datetime
    blocks: Sequence[Block]
    subtitle: str = ""


def render(paper: Paper) -> bytes:
    """Return the PDF. The same paper always gives the same bytes."""
    with _one_at_a_time, translation.override(paper.language):
        pages, pdf = _printed(paper, pages=1)
        # How many there are is known only now, and every page tells it.
        return pdf if pages == 1 else _printed(paper, pages=pages)[1]


def _printed(paper: Paper, *, pages: int) -> tuple[int, bytes]:
    file = BytesIO()
    sheets = _Sheets(file, paper, pages)
    sheets.build([*_opening(paper), *story(paper.blocks)])
    return sheets.page, file.getvalue()


def _opening(paper: Paper) -> list[Flowable]:
    subtitle = [text_in(style.SUBTITLE, paper.subtitle)] if paper.subtitle else []
    return [Spacer(0, 16), text_in(style.TITLE, paper.title), *subtitle, Spacer(0, 20)]


class _Sheets(BaseDocTemplate):
    def __init__(self, file: BytesIO, paper: Paper, pages: int) -> None:
        super().__init__(
            file,
            pagesize=style.PAGE,
            title=printable(paper.title),
            author=printable(paper.author),
            subject=printable(paper.subtitle),
            creator="Kamerton",
            lang=paper.language,
            displayDocTitle=True,
            initialFontName=style.REGULAR,
            invariant=True,
            pageCompression=True,
        )
        self.paper, self.pages = paper, pages
        bare = 0, 0, 0, 0
        frame = Frame(style.MARGIN, style.BOTTOM, style.WIDTH, style.HEIGHT, *bare)
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=self._head, onPageEnd=self._foot))

    def _head(self, canvas: Canvas, _sheets: BaseDocTemplate) -> None:
        paper, made = self.paper, self.paper.at.astimezone(UTC)
        # Otherwise ReportLab's constant documents are all of the year 2000.
        canvas.setDateFormatter(lambda *_then: f"{made:D:%Y%m%d%H%M%S+00'00'}")
        if canvas.getPageNumber() > 1:
            _write(canvas, HEAD, style.MARGINAL, left=paper.title, right=paper.author)
            _rule(canvas, HEAD - 8)
            return
        _write(canvas, HEAD, style.SENDER, left=paper.author)
        _rule(canvas, HEAD - 8)
        canvas.setFillColor(style.ACCENT)
        canvas.rect(style.MARGIN, HEAD - 9.25, 36, 2.5, stroke=0, fill=1)

    def _foot(self, canvas: Canvas, _sheets: BaseDocTemplate) -> None:
        facts = {"number": canvas.getPageNumber(), "total": self.pages}
        place, day = _("Page %(number)s of %(total)s") % facts, moment_text(self.paper.at, DAY)
        _rule(canvas, FOOT + 13)
        _write(canvas, FOOT, style.MARGINAL, left=day, right=place)


def _rule(canvas: Canvas, height: float) -> None:
    canvas.setStrokeColor(style.LINE)
    canvas.setLineWidth(0.5)
    canvas.line(style.MARGIN, height, RIGHT, height)


def _write(
    canvas: Canvas, height: float, look: ParagraphStyle, *, left: str, right: str = ""
) -> None:
    """Write at both ends of a line, the left one cut so that they never meet."""
    canvas.setFont(look.fontName, look.fontSize)
    canvas.setFillColor(look.textColor)
    end = _cut(right, look, style.WIDTH * 0.4)
    room = style.WIDTH - stringWidth(end, look.fontName, look.fontSize) - 12
    canvas.drawString(style.MARGIN, height, _cut(left, look, room))
    canvas.drawRightString(RIGHT, height, end)


def _cut(content: str, look: ParagraphStyle, room: float) -> str:
    """Return the text in one line no wider than the room."""
    line = typeset(content).replace("\n", " ")
    if stringWidth(line, look.fontName, look.fontSize) <= room:
        return line
    line = line[:LONGEST_LINE]
    while stringWidth(f"{line}…", look.fontName, look.fontSize) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"
