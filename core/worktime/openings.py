"""The open intervals of whole years as sorted arrays with running totals, searched by bisection.

Ticks are whole microseconds from 1970 in UTC: integers stay exact and compare fast.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate, chain
from operator import sub
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.worktime.hours import Special, Week
from core.worktime.zones import DAY_SECONDS, EPOCH_ORDINAL, stretches, year_begin

Ticks = int
Span = tuple[Ticks, Ticks]

TICK = timedelta(microseconds=1)
TICKS_PER_SECOND = timedelta(seconds=1) // TICK
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday


class Openings(NamedTuple):
    """The open intervals of some UTC years, which last from `begin` to `end`."""

    years: range
    begin: Ticks
    end: Ticks
    opens: "array[int]"
    closes: "array[int]"
    totals: "array[int]"  # open time from `begin` to each opening, and to `end`

    def elapsed(self, at: Ticks) -> Ticks:
        """Return the open time from `begin` until `at`."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        return self.totals[index] + min(at, self.closes[index]) - self.opens[index]

    def earliest(self, elapsed: Ticks) -> Ticks:
        """Return the first moment with so much open time behind it; above zero, at most all."""
        index = bisect_left(self.totals, elapsed) - 1
        return self.opens[index] + elapsed - self.totals[index]

    def latest(self, elapsed: Ticks) -> Ticks:
        """Return the last moment with so much open time behind it; less than all."""
        index = bisect_right(self.totals, elapsed) - 1
        return self.opens[index] + elapsed - self.totals[index]

    def next_open(self, at: Ticks) -> Ticks:
        """Return `at` itself when it is open, and `end` when no later moment here is."""
        index = bisect_right(self.closes, at)
        return max(at, self.opens[index]) if index < len(self.opens) else self.end

    def next_close(self, at: Ticks) -> Ticks:
        """Return `end` too when the interval goes on beyond it or none begins here."""
        index = bisect_right(self.closes, at)
        return self.closes[index] if index < len(self.closes) else self.end

    def spans(self, first: Ticks, last: Ticks) -> Iterator[Span]:
        for index in range(bisect_right(self.closes, first), bisect_left(self.opens, last)):
            yield max(first, self.opens[index]), min(last, self.closes[index])


def openings(zone: ZoneInfo, week: Week, special: Special, years: range) -> Openings:
    """Lay a calendar's local hours over some UTC years."""
    opens, closes = array("q"), array("q")
    for opened, closed in _year_spans(zone, week, special, years):
        if closes and closes[-1] == opened * TICKS_PER_SECOND:
            closes[-1] = closed * TICKS_PER_SECOND
        else:
            opens.append(opened * TICKS_PER_SECOND)
            closes.append(closed * TICKS_PER_SECOND)
    return Openings(
        years=years,
        begin=year_begin(years[0]) * TICKS_PER_SECOND,
        end=year_begin(years[-1] + 1) * TICKS_PER_SECOND,
        opens=opens,
        closes=closes,
        totals=array("q", accumulate(map(sub, closes, opens), initial=0)),
    )


def _year_spans(zone: ZoneInfo, week: Week, special: Special, years: range) -> Iterator[Span]:
    """Yield the open seconds of the years.

    While a zone keeps its offset, local and UTC time run in step: clipping each local interval
    to that stretch is all that a clock change needs.
    """
    special_hours = {day.toordinal() - EPOCH_ORDINAL: hours for day, hours in special.items()}
    week_hours = [week[(weekday + EPOCH_WEEKDAY) % 7] for weekday in range(7)]
    for begin, end, offset in chain.from_iterable(stretches(zone, year) for year in years):
        for day in range((begin + offset) // DAY_SECONDS, (end - 1 + offset) // DAY_SECONDS + 1):
            midnight = day * DAY_SECONDS - offset
            for opens, closes in special_hours.get(day, week_hours[day % 7]):
                opened, closed = max(midnight + opens, begin), min(midnight + closes, end)
                if opened < closed:
                    yield opened, closed
