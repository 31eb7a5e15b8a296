"""Months of the calendar and years of contracts: pure arithmetic over dates (4.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla.periods import ONE_DAY, months_later

MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar; `first` is its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        return self.later(1).first - ONE_DAY

    @property
    def days(self) -> int:
        return self.last.day

    def later(self, months: int) -> Month:
        return Month(months_later(self.first, months))

    def until(self, last: Month) -> list[Month]:
        """Return the months from this one to the last, both included; none if that is earlier."""
        years, months = last.first.year - self.first.year, last.first.month - self.first.month
        return [self.later(index) for index in range(years * MONTHS_OF_YEAR + months + 1)]

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """Return its first moment on the clocks of the zone, in UTC."""
        return datetime.combine(self.first, time(), tzinfo=zone).astimezone(UTC)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        return self.later(1).begins_at(zone)


class Span(NamedTuple):
    """Days from the first to the last, both included; no last one is open."""

    first: date
    last: date | None

    def days_within(self, first: date, last: date) -> int:
        """Return how many of the days from `first` to `last` lie in the span."""
        end = last if self.last is None else min(self.last, last)
        return max((end - max(self.first, first)).days + 1, 0)

    def days_in(self, month: Month) -> int:
        return self.days_within(month.first, month.last)


@dataclass(frozen=True, slots=True)
class ContractYear:
    """Twelve months that begin on the day of the year on which the contract began.

    anchor -- the first day of the contract; after 29 February a year begins on the 28th.
    number -- 0 is the first year.
    """

    anchor: date
    number: int

    @classmethod
    def holding(cls, day: date, anchor: date) -> ContractYear:
        """Return the year in which the day lies."""
        year = cls(anchor, day.year - anchor.year)
        return year if year.first <= day else cls(anchor, year.number - 1)

    @property
    def first(self) -> date:
        return self._begin(0)

    @property
    def last(self) -> date:
        return self._begin(MONTHS_OF_YEAR) - ONE_DAY

    def months_of(self, span: Span) -> Fraction:
        """Return how many months of the year lie in the span, parts by days: 12 for all of it."""
        begins = [self._begin(index) for index in range(MONTHS_OF_YEAR + 1)]
        parts = (
            Fraction(span.days_within(begin, end - ONE_DAY), (end - begin).days)
            for begin, end in pairwise(begins)
        )
        return sum(parts, Fraction())

    def _begin(self, index: int) -> date:
        return months_later(self.anchor, self.number * MONTHS_OF_YEAR + index)
