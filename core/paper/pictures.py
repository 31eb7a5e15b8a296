"""What is drawn rather than set: a bar with its mark, and values over months."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import Final

from reportlab.lib.colors import Color
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from core.paper.blocks import Bar, Number, Trend
from core.paper.style import (
    ACCENT,
    ACCENT_PALE,
    BOLD,
    DANGER,
    INK,
    INK_SOFT,
    LINE_STRONG,
    REGULAR,
    SURFACE,
    TRACK,
)
from core.paper.text import typeset

BAR_HEIGHT: Final = 7.0
OVERHANG: Final = 3.0
LETTERS: Final = 7.75
WIDEST_COLUMN: Final = 30.0
NOTHING: Final = "–"


def within(share: Number) -> float:
    return min(max(float(share), 0.0), 1.0)


class Picture(Flowable):
    """A drawing as wide as its place."""

    HEIGHT: float

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803 -- ReportLab's names
        self.width, self.height = availWidth, self.HEIGHT
        return self.width, self.height


class Track(Picture):
    """A bar on its track, and the mark it should reach."""

    HEIGHT = BAR_HEIGHT + 2 * OVERHANG

    def __init__(self, bar: Bar) -> None:
        super().__init__()
        self.bar = bar

    def draw(self) -> None:
        canvas, radius = self.canv, BAR_HEIGHT / 2
        canvas.setFillColor(TRACK)
        canvas.roundRect(0, OVERHANG, self.width, BAR_HEIGHT, radius, stroke=0, fill=1)
        length = self.width * within(self.bar.share)
        if length > 0:
            canvas.setFillColor(DANGER if self.bar.is_missed else ACCENT)
            length = max(length, BAR_HEIGHT)
            canvas.roundRect(0, OVERHANG, length, BAR_HEIGHT, radius, stroke=0, fill=1)
        if self.bar.target is not None:
            at = self.width * within(self.bar.target)
            # A pale edge keeps the mark visible on the bar itself.
            for colour, stroke in ((SURFACE, 3.2), (INK, 1.4)):
                canvas.setStrokeColor(colour)
                canvas.setLineWidth(stroke)
                canvas.line(at, 0, at, self.height)


class Months(Picture):
    """The picture of a trend: the latest value stands out, a month without one shows a dash."""

    HEIGHT = 132.0
    FOOT: Final = 16.0
    HEAD: Final = 16.0

    def __init__(self, trend: Trend) -> None:
        super().__init__()
        self.points, self.is_line = trend.points, trend.shape == "line"

    @property
    def slot(self) -> float:
        return self.width / len(self.points)

    def draw(self) -> None:
        if self.is_line:
            self._draw_line()
        else:
            self._draw_columns()
        self.canv.setStrokeColor(LINE_STRONG)
        self.canv.setLineWidth(0.75)
        self.canv.line(0, self.FOOT, self.width, self.FOOT)
        self._write([point.label for point in self.points], [4.0] * len(self.points), INK_SOFT)
        texts = [NOTHING if point.value is None else point.text for point in self.points]
        self._write(texts, [self._beside(index) for index in range(len(self.points))], INK)

    @cached_property
    def _scale(self) -> tuple[float, float]:
        """The values at the foot and at the top. Only columns must stand on zero."""
        values = [float(point.value) for point in self.points if point.value is not None]
        high = max(values, default=0.0)
        low = min(values, default=0.0)
        if self.is_line and low < high:
            return low - (high - low) / 2, high
        return 0.0, high or 1.0

    def _place(self, index: int) -> tuple[float, float]:
        value, (low, high) = self.points[index].value, self._scale
        share = 0.0 if value is None else within((float(value) - low) / (high - low))
        room = self.HEIGHT - self.FOOT - self.HEAD
        return (index + 0.5) * self.slot, self.FOOT + share * room

    def _beside(self, index: int) -> float:
        """Return where a value is written: above its place, but below where a line dips."""
        _x, height = self._place(index)
        if not self.is_line or self.points[index].value is None:
            return height + 4
        around = [self._place(each)[1] for each in (index - 1, index + 1) if self._is_known(each)]
        is_dip = bool(around) and sum(around) / len(around) > height
        return height - 13 if is_dip else height + 7

    def _is_known(self, index: int) -> bool:
        return 0 <= index < len(self.points) and self.points[index].value is not None

    def _draw_columns(self) -> None:
        width = min(self.slot * 0.62, WIDEST_COLUMN)
        for index in range(len(self.points)):
            x, top = self._place(index)
            self.canv.setFillColor(self._colour(index))
            self.canv.rect(x - width / 2, self.FOOT, width, top - self.FOOT, stroke=0, fill=1)

    def _draw_line(self) -> None:
        self.canv.setStrokeColor(ACCENT)
        self.canv.setLineWidth(1.5)
        known = [index for index in range(len(self.points)) if self._is_known(index)]
        for left, right in pairwise(known):
            if right == left + 1:
                self.canv.line(*self._place(left), *self._place(right))
        for index in known:
            self.canv.setFillColor(self._colour(index))
            self.canv.circle(*self._place(index), 2.6, stroke=1, fill=1)

    def _colour(self, index: int) -> Color:
        return ACCENT if index == len(self.points) - 1 else ACCENT_PALE

    def _write(self, words: Sequence[str], heights: Sequence[float], colour: Color) -> None:
        """Write the words in their slots, smaller when they are wide, each nth when too wide."""
        texts = [typeset(each).replace("\n", " ") for each in words]
        widest = max(stringWidth(text, BOLD, LETTERS) for text in texts) + 4
        size = LETTERS * min(max(self.slot / widest, 0.75), 1.0)
        each = ceil(widest * size / LETTERS / self.slot)
        last = len(texts) - 1
        for index in range(last, -1, -each):
            self.canv.setFont(BOLD if index == last else REGULAR, size)
            self.canv.setFillColor(colour)
            self.canv.drawCentredString(self._place(index)[0], heights[index], texts[index])
