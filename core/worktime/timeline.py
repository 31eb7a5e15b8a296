"""What `WorkCalendar` answers, in ticks, from years that are computed when first asked about."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Protocol
from zoneinfo import ZoneInfo

from core.worktime.errors import CalendarExhausted
from core.worktime.hours import WHOLE_DAY, Special, Week
from core.worktime.openings import TICKS_PER_SECOND, Openings, Span, Ticks, openings
from core.worktime.zones import FIRST_YEAR, LAST_YEAR, year_begin, year_of

HORIZON_BEGIN = year_begin(FIRST_YEAR) * TICKS_PER_SECOND
HORIZON_END = year_begin(LAST_YEAR + 1) * TICKS_PER_SECOND


class Timeline(Protocol):
    """Amounts are above zero and `first` is not after `last`."""

    def after(self, start: Ticks, amount: Ticks) -> Ticks: ...
    def before(self, end: Ticks, amount: Ticks) -> Ticks: ...
    def between(self, first: Ticks, last: Ticks) -> Ticks: ...
    def next_open(self, at: Ticks) -> Ticks: ...
    def next_close(self, at: Ticks) -> Ticks: ...
    def spans(self, first: Ticks, last: Ticks) -> Iterator[Span]: ...


@lru_cache(maxsize=1024)
def timeline(zone: ZoneInfo, week: Week, special: Special) -> Timeline:
    """Return the timeline that equal calendars share."""
    if all(hours == WHOLE_DAY for hours in chain(week.values(), special.values())):
        return OpenAlways()
    return OpenByHours(zone, week, special)


class OpenAlways:
    def after(self, start: Ticks, amount: Ticks) -> Ticks:
        _check_horizon(start, start + amount)
        return start + amount

    def before(self, end: Ticks, amount: Ticks) -> Ticks:
        _check_horizon(end - amount, end)
        return end - amount

    def between(self, first: Ticks, last: Ticks) -> Ticks:
        _check_horizon(first, last)
        return last - first

    def next_open(self, at: Ticks) -> Ticks:
        _check_horizon(at, at)
        return at

    def next_close(self, at: Ticks) -> Ticks:
        raise CalendarExhausted("A calendar that is always open never closes.")

    def spans(self, first: Ticks, last: Ticks) -> Iterator[Span]:
        _check_horizon(first, last)
        yield first, last


class OpenByHours:
    """Doubles the years it knows whenever an answer lies beyond them.

    Threads share it without a lock: what is known is replaced whole and never changed,
    and each answer is made from one state.
    """

    def __init__(self, zone: ZoneInfo, week: Week, special: Special) -> None:
        self._hours = zone, week, special
        self._known: Openings | None = None

    def after(self, start: Ticks, amount: Ticks) -> Ticks:
        _check_horizon(start, start + amount)
        known = self._covering(start, start)
        while (target := known.elapsed(start) + amount) > known.totals[-1]:
            known = self._later(known)
        return known.earliest(target)

    def before(self, end: Ticks, amount: Ticks) -> Ticks:
        _check_horizon(end - amount, end)
        known = self._covering(end, end)
        while (target := known.elapsed(end) - amount) < 0:
            known = self._earlier(known)
        return known.latest(target)

    def between(self, first: Ticks, last: Ticks) -> Ticks:
        known = self._covering(first, last)
        return known.elapsed(last) - known.elapsed(first)

    def next_open(self, at: Ticks) -> Ticks:
        known = self._covering(at, at)
        while (opening := known.next_open(at)) == known.end:
            known = self._later(known)
        return opening

    def next_close(self, at: Ticks) -> Ticks:
        known = self._covering(at, at)
        while (closing := known.next_close(at)) == known.end:
            known = self._later(known)
        return closing

    def spans(self, first: Ticks, last: Ticks) -> Iterator[Span]:
        return self._covering(first, last).spans(first, last)

    def _covering(self, first: Ticks, last: Ticks) -> Openings:
        known = self._known
        if known and known.begin <= first and last < known.end:
            return known
        _check_horizon(first, last)
        years = [year_of(first // TICKS_PER_SECOND), year_of(last // TICKS_PER_SECOND)]
        if known:
            years += known.years[0], known.years[-1]
        return self._learn(min(years), max(years))

    def _later(self, known: Openings) -> Openings:
        last = known.years[-1]
        if last == LAST_YEAR:
            raise CalendarExhausted(f"The calendar has no such moment before {LAST_YEAR + 1}.")
        return self._learn(known.years[0], min(last + len(known.years), LAST_YEAR))

    def _earlier(self, known: Openings) -> Openings:
        first = known.years[0]
        if first == FIRST_YEAR:
            raise CalendarExhausted(f"The calendar has no such moment since {FIRST_YEAR}.")
        return self._learn(max(first - len(known.years), FIRST_YEAR), known.years[-1])

    def _learn(self, first_year: int, last_year: int) -> Openings:
        known = self._known = openings(*self._hours, range(first_year, last_year + 1))
        return known


def _check_horizon(first: Ticks, last: Ticks) -> None:
    if first < HORIZON_BEGIN or last >= HORIZON_END:
        raise CalendarExhausted(f"Calendars know the years {FIRST_YEAR} to {LAST_YEAR}.")
