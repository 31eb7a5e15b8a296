"""Why is it due then? Open time told date by date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Protocol, overload
from zoneinfo import ZoneInfo

from core.worktime.hours import DayHours, Special, Week
from core.worktime.zones import date_ranges, moment_of

UtcSpan = tuple[datetime, datetime]


class Reason(StrEnum):
    """Where the hours of a date come from."""

    WEEK = "week"
    CLOSED_WEEKDAY = "closed_weekday"
    SPECIAL = "special"
    CLOSED_SPECIAL = "closed_special"
    SKIPPED = "skipped"  # the zone left the date out


@dataclass(frozen=True, kw_only=True)
class CountedDay:
    """The share of one local date.

    hours -- of the whole date, in seconds of the local day.
    spans -- the open intervals that were counted, in UTC; together they last `counted`.
    """

    day: date
    reason: Reason
    hours: DayHours
    spans: tuple[UtcSpan, ...]
    counted: timedelta


class Hours(Protocol):
    """What a calendar must tell to have its days counted."""

    @property
    def zone(self) -> ZoneInfo: ...
    @property
    def week(self) -> Week: ...
    @property
    def special(self) -> Special: ...
    def spans(self, a: datetime, b: datetime) -> Iterator[UtcSpan]: ...


class CountedDays(Sequence[CountedDay]):
    """Every local date that begins, goes on or ends in [start, end), open or not.

    A date is worked out when it is looked at, so that ten years cost no more than a page of them.
    total -- the open time of all dates together.
    """

    def __init__(self, calendar: Hours, start: datetime, end: datetime, total: timedelta) -> None:
        self.start = start
        self.end = end
        self.total = total
        self._calendar = calendar
        self._ordinals = self._dates_shown() if start < end else range(0)

    def __len__(self) -> int:
        return len(self._ordinals)

    @overload
    def __getitem__(self, index: int) -> CountedDay: ...
    @overload
    def __getitem__(self, index: slice) -> list[CountedDay]: ...
    def __getitem__(self, index: int | slice) -> CountedDay | list[CountedDay]:
        if isinstance(index, slice):
            return [self._counted(ordinal) for ordinal in self._ordinals[index]]
        return self._counted(self._ordinals[index])

    def _dates_shown(self) -> range:
        # Clocks that go back over midnight show the date before again, so look one date further.
        first = self.start.astimezone(self._calendar.zone).toordinal() - 1
        last = self.end.astimezone(self._calendar.zone).toordinal() + 1
        while not any(self._ranges(first)):
            first += 1
        while not any(self._ranges(last)):
            last -= 1
        return range(first, last + 1)

    def _counted(self, ordinal: int) -> CountedDay:
        day = date.fromordinal(ordinal)
        spans = tuple(
            chain.from_iterable(
                self._calendar.spans(begin, end) for begin, end in self._ranges(ordinal)
            )
        )
        return CountedDay(
            day=day,
            reason=self._reason(day),
            hours=self._hours(day),
            spans=spans,
            counted=sum((closed - opened for opened, closed in spans), timedelta()),
        )

    def _ranges(self, ordinal: int) -> Iterator[UtcSpan]:
        """Yield the parts of [start, end) in which the local calendar shows this date."""
        for begin, end in date_ranges(self._calendar.zone, date.fromordinal(ordinal)):
            part = max(self.start, moment_of(begin)), min(self.end, moment_of(end))
            if part[0] < part[1]:
                yield part

    def _hours(self, day: date) -> DayHours:
        return self._calendar.special.get(day, self._calendar.week[day.weekday()])

    def _reason(self, day: date) -> Reason:
        if not date_ranges(self._calendar.zone, day):
            return Reason.SKIPPED
        if day in self._calendar.special:
            return Reason.SPECIAL if self._hours(day) else Reason.CLOSED_SPECIAL
        return Reason.WEEK if self._hours(day) else Reason.CLOSED_WEEKDAY
