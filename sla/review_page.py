"""The pack of a review as a page shows it: tables, and pictures as rectangles of an SVG."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse

from sla.credit_facts import SHORT_MONTH, month_text
from sla.kept_months import CountedClock, counted_lines
from sla.models import Metric
from sla.review_figures import HUNDRED, Cell, Line, ReviewPack, Volume
from sla.review_words import (
    NOTHING,
    cell_text,
    months_text,
    proposals,
    trend_text,
    volume_text,
)
from sla.spans import Month
from sla.words import percent_text

SLOT: Final = 40
COLUMN: Final = 24
TALL: Final = 80
MOST_MISSES: Final = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure of a table. url -- the clocks behind it, "" where there are none."""

    month: str
    text: str
    is_short: bool
    url: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    metric: Metric
    cells: list[Shown]
    total: Shown
    goal: str
    is_few: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A rectangle of a chart, with the words below and above it. mark -- where its target lies."""

    x: int
    y: int
    height: int
    middle: int
    label: str
    text: str
    is_short: bool
    mark: int | None

    @property
    def end(self) -> int:
        return self.x + COLUMN

    @property
    def above(self) -> int:
        """Where the words above it stand, clear of the mark."""
        return min(self.y, self.y if self.mark is None else self.mark) - 4


@dataclass(frozen=True, slots=True)
class Chart:
    columns: list[Column]

    @property
    def width(self) -> int:
        return SLOT * max(len(self.columns), 1)


def pack_page(pack: ReviewPack) -> dict[str, Any]:
    """Return the context of the page."""
    misses = [miss.clock for miss in pack.misses[:MOST_MISSES]]
    return {
        "pack": pack,
        "period": months_text(pack.months),
        "month_names": [month_text(month.first) for month in pack.months],
        "short_names": [month_text(month.first, SHORT_MONTH) for month in pack.months],
        "lines": [_line(pack, line) for line in pack.lines],
        "misses": counted_lines(misses) if misses else list[CountedClock](),
        "more": max(len(pack.misses) - MOST_MISSES, 0),
        "volumes": [_volume(each) for each in pack.volumes],
        "kept_chart": _kept_chart(pack),
        "kept_words": trend_text(pack),
        "cases_chart": _cases_chart(pack),
        "cases_words": volume_text(pack),
        "proposals": proposals(pack),
    }


def _volume(volume: Volume) -> dict[str, Any]:
    counts = [(month_text(month.first, SHORT_MONTH), n) for month, n in volume.counts.items()]
    return {"priority": volume.priority, "counts": counts, "total": volume.total}


def _line(pack: ReviewPack, line: Line) -> ShownLine:
    total = line.total
    return ShownLine(
        metric=line.metric,
        cells=[_shown(pack, line.metric, month, line.cells[month]) for month in pack.months],
        total=Shown("", cell_text(total), total.is_short, ""),
        goal="" if total.goal is None else percent_text(round(total.goal, 2)),
        is_few=line.is_few,
    )


def _shown(pack: ReviewPack, metric: Metric, month: Month, cell: Cell) -> Shown:
    arguments = [pack.closed[month], month.first, metric.value]
    counted = cell.of or cell.excluded
    url = reverse("sla:counted", args=arguments) if counted else ""
    return Shown(month_text(month.first), cell_text(cell), cell.is_short, url)


def _kept_chart(pack: ReviewPack) -> Chart:
    return Chart([_kept(index, month, pack) for index, month in enumerate(pack.year)])


def _kept(index: int, month: Month, pack: ReviewPack) -> Column:
    cell = pack.kept_in(month)
    text = NOTHING if cell.percent is None else percent_text(round(cell.percent))
    column = _column(index, month, (cell.percent or Decimal()) / HUNDRED, text)
    if cell.goal is None:
        return column
    mark = TALL - round(TALL * cell.goal / HUNDRED)
    return replace(column, is_short=cell.is_short, mark=mark)


def _cases_chart(pack: ReviewPack) -> Chart:
    most = max(pack.cases.values(), default=0) or 1
    months = enumerate(pack.cases.items())
    return Chart([_column(index, month, Decimal(n) / most, str(n)) for index, (month, n) in months])


def _column(index: int, month: Month, share: Decimal, text: str) -> Column:
    height = round(TALL * share)
    return Column(
        x=index * SLOT + (SLOT - COLUMN) // 2,
        y=TALL - height,
        height=height,
        middle=index * SLOT + SLOT // 2,
        label=month_text(month.first, SHORT_MONTH),
        text=text,
        is_short=False,
        mark=None,
    )
