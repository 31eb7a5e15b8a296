"""Why is a clock due when it is due? Told date by date, adding up to the target to the second.

Pure: everything comes in as runs, a calendar and a target.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple, overload

from core.worktime import CountedDays, Reason, WorkCalendar
from sla import clock as arithmetic
from sla.clock import Run

DAY_SECONDS = 86_400


class Span(NamedTuple):
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still; ends_at None is still going on."""

    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """The share of one local date.

    hours -- when the calendar is open on that date, in seconds of the local day.
    spans -- what was counted, in UTC; together they last `counted`.
    """

    day: date
    reason: Reason
    hours: tuple[tuple[int, int], ...]
    spans: tuple[Span, ...]
    counted: timedelta

    @property
    def is_closed(self) -> bool:
        return not self.hours


@dataclass(frozen=True)
class Explanation:
    """All that makes a due moment.

    due_at -- None while the clock is paused; then `used` is what it had used before.
    runs   -- the stretches counted, the last one ending at the due moment.
    """

    calendar: WorkCalendar
    target: timedelta
    due_at: datetime | None
    runs: tuple[Run, ...]
    pauses: tuple[Pause, ...]

    @cached_property
    def days(self) -> ExplainedDays:
        return ExplainedDays(self.calendar, self.runs)

    @cached_property
    def used(self) -> timedelta:
        """Add up all runs; the days add up to the same."""
        spans = [(run.starts_at, run.ends_at) for run in self.runs]
        return sum((self.calendar.between(begin, end) for begin, end in spans if end), timedelta())

    @property
    def remaining(self) -> timedelta:
        return max(self.target - self.used, timedelta())


def explain(
    target: timedelta, runs: Sequence[Run], calendar: WorkCalendar, *, is_paused: bool
) -> Explanation:
    """Return the account of a clock: when it ran, when it stood still, what each date counted.

    A clock that was stopped is explained as if it had run on: that is what made it due.
    """
    counted = list(runs)
    if not is_paused:
        counted[-1] = Run(counted[-1].starts_at)
    due = arithmetic.due_at(target, counted, calendar) if not is_paused else None
    shown = counted if due is None else _until(due, counted)
    return Explanation(
        calendar, target, due, tuple(shown), tuple(_pauses(runs, is_paused=is_paused))
    )


def _until(due: datetime, runs: Sequence[Run]) -> list[Run]:
    return [
        Run(run.starts_at, min(run.ends_at or due, due)) for run in runs if run.starts_at <= due
    ]


def _pauses(runs: Sequence[Run], *, is_paused: bool) -> Iterator[Pause]:
    for earlier, later in pairwise(runs):
        if earlier.ends_at and earlier.ends_at < later.starts_at:
            yield Pause(earlier.ends_at, later.starts_at)
    if is_paused and (last := runs[-1].ends_at):
        yield Pause(last, None)


class ExplainedDays(Sequence[ExplainedDay]):
    """The local dates on which the clock ran, each worked out when it is looked at.

    Dates that a pause covers whole are left out, so that a year of waiting costs nothing.
    """

    def __init__(self, calendar: WorkCalendar, runs: Sequence[Run]) -> None:
        parts = [
            calendar.days(run.starts_at, run.ends_at)
            for run in runs
            if run.ends_at and run.starts_at < run.ends_at
        ]
        self._parts = [(_dates(part), part) for part in parts]
        self._ranges = list(_joined([dates for dates, _part in self._parts]))
        self._ends = list(accumulate(len(dates) for dates in self._ranges))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> ExplainedDay: ...
    @overload
    def __getitem__(self, index: slice) -> list[ExplainedDay]: ...
    def __getitem__(self, index: int | slice) -> ExplainedDay | list[ExplainedDay]:
        positions = range(len(self))[index]
        if isinstance(positions, range):
            return [self._explained(self._date(position)) for position in positions]
        return self._explained(self._date(positions))

    def _date(self, position: int) -> int:
        which = bisect_right(self._ends, position)
        before = self._ends[which - 1] if which else 0
        return self._ranges[which][position - before]

    def _explained(self, ordinal: int) -> ExplainedDay:
        shares = [part[dates.index(ordinal)] for dates, part in self._parts if ordinal in dates]
        first = shares[0]
        return ExplainedDay(
            day=first.day,
            reason=first.reason,
            hours=first.hours,
            spans=tuple(Span(*span) for share in shares for span in share.spans),
            counted=sum((share.counted for share in shares), timedelta()),
        )


def _dates(part: CountedDays) -> range:
    first = part[0].day.toordinal()
    return range(first, first + len(part))


def _joined(ranges: Sequence[range]) -> Iterator[range]:
    """Yield the dates of all runs once; a pause within a date makes two runs share it."""
    current: range | None = None
    for dates in ranges:
        if current is None:
            current = dates
        elif dates.start <= current.stop:
            current = range(current.start, max(current.stop, dates.stop))
        else:
            yield current
            current = dates
    if current is not None:
        yield current


def on_wall(span: tuple[datetime, datetime], day: date, calendar: WorkCalendar) -> tuple[int, int]:
    """Return where the span lies on a date's wall clock, in seconds of the local day."""
    begin, end = (moment.astimezone(calendar.zone) for moment in span)
    starts = _seconds(begin) if begin.date() == day else 0
    ends = _seconds(end) if end.date() == day else DAY_SECONDS
    return starts, ends


def _seconds(local: datetime) -> int:
    return local.hour * 3600 + local.minute * 60 + local.second
