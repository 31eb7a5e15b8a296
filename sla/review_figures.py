"""The figures of a review: how a contract was kept over some closed months (4.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sla.models import Clock, Contract, Credit, Metric, Priority, Review
from sla.spans import Month
from sla.subjects import SubjectFacts

HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Cell:
    """How one metric was kept in one month, or over several.

    expected -- the sum of the promised percents of all cases, so that `goal` is weighted by them.
    """

    met: int = 0
    of: int = 0
    excluded: int = 0
    expected: Decimal = Decimal()

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            self.met + other.met,
            self.of + other.of,
            self.excluded + other.excluded,
            self.expected + other.expected,
        )

    @property
    def percent(self) -> Decimal | None:
        return HUNDRED * self.met / self.of if self.of else None

    @property
    def goal(self) -> Decimal | None:
        """The share in percent in which we meant to keep it; None without cases."""
        return self.expected / self.of if self.of else None

    @property
    def is_short(self) -> bool:
        return HUNDRED * self.met < self.expected

    @property
    def is_spotless(self) -> bool:
        return self.met == self.of


@dataclass(frozen=True, slots=True)
class Line:
    """One metric. is_few -- too few cases to judge by."""

    metric: Metric
    cells: Mapping[Month, Cell]
    total: Cell
    is_few: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """One promise that was not kept in time."""

    clock: Clock
    case: SubjectFacts

    @property
    def due(self) -> datetime | None:
        """The moment that was missed; null for one that stands still."""
        return self.clock.breached_at or self.clock.due_at

    @property
    def late(self) -> timedelta | None:
        """By how much; None while it is still open."""
        stopped = self.clock.stopped_at
        return stopped - self.due if stopped and self.due else None


@dataclass(frozen=True, slots=True)
class Volume:
    """How many cases of one priority began in each month."""

    priority: Priority
    counts: Mapping[Month, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPack:
    """All that a review looks at.

    closed  -- all closed months of the contract and its earlier versions, each with the youngest
               version that was in force in it.
    months  -- those it looks at; empty before the first month is closed.
    year    -- at most twelve up to the last of them, for the trends.
    history -- every metric over `year`; cases -- how many began in each month of it.
    misses  -- the latest first, also those that were excluded.
    """

    contract: Contract
    closed: Mapping[Month, UUID]
    months: Sequence[Month]
    year: Sequence[Month]
    lines: Sequence[Line]
    history: Mapping[Metric, Mapping[Month, Cell]]
    misses: Sequence[Miss]
    credits: Sequence[Credit]
    volumes: Sequence[Volume]
    cases: Mapping[Month, int]
    last_review: Review | None

    def kept_in(self, month: Month) -> Cell:
        """Return all metrics of the month together."""
        return sum((cells[month] for cells in self.history.values()), Cell())

    @property
    def total(self) -> Cell:
        return sum((line.total for line in self.lines), Cell())

    @property
    def causes(self) -> list[tuple[str, int]]:
        """Return the causes of the misses that count, the most frequent first."""
        known = [str(miss.case.cause) for miss in self.misses if not miss.clock.excluded_as]
        return Counter(filter(None, known)).most_common()
