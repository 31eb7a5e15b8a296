from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from core.worktime.days import CountedDays
from core.worktime.errors import NeverOpen
from core.worktime.hours import ONE_DAY, WHOLE_DAY, DayHours, split_special, split_week
from core.worktime.openings import TICK, Ticks
from core.worktime.timeline import Timeline, timeline
from core.worktime.zones import EPOCH, date_ranges, moment_of

END_OF_WORK = time(18)


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """The hours in which somebody works; immutable, equal by value, cheap to make again.

    zone -- an IANA zone by its key.
    week -- 0 is Monday; half-open [opens, closes) in seconds of the local day, 86400 is midnight;
        hours that close at or before they open run over midnight and are split there.
    special -- replaces all hours of a date and touches no other date; () is closed.
        Its own hours may run over midnight too, into any date that is not itself closed.

    Reading `week` and `special` back gives the hours in order, joined, and split at midnight.
    Raises NeverOpen when the week has no hours: special days alone come to an end.
    Malformed hours are a ValueError or a TypeError; naive datetimes and negative amounts a ValueError.
    CalendarExhausted means that a question or its answer lies outside the years 1900 to 2199.
    """

    zone: ZoneInfo
    week: Mapping[int, DayHours]
    special: Mapping[date, DayHours] = field(default_factory=dict)

    def __post_init__(self) -> None:
        week = split_week(self.week)
        if not any(week.values()):
            raise NeverOpen("A calendar needs opening hours on at least one day of the week.")
        # ZoneInfo compares by identity: ask for the one that the process shares.
        object.__setattr__(self, "zone", ZoneInfo(self.zone.key))
        object.__setattr__(self, "week", week)
        object.__setattr__(self, "special", split_special(self.special, week))

    @classmethod
    def always(cls, zone: ZoneInfo) -> Self:
        """Return the 24×7 calendar."""
        return cls(zone=zone, week=dict.fromkeys(range(7), WHOLE_DAY))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest moment at which so much open time has passed since `start`.

        A budget that ends with the day's work ends at closing, not at the next opening.
        Nothing has passed at `start` itself, so adding zero returns it, open or not.
        """
        first, ticks = _ticks(start), _amount(amount)
        return _moment(self._timeline.after(first, ticks) if ticks else first)

    def subtract(self, end: datetime, amount: timedelta) -> datetime:
        """Return the latest moment from which so much open time is left until `end`.

        Subtracting zero returns `end`, open or not.
        """
        last, ticks = _ticks(end), _amount(amount)
        return _moment(self._timeline.before(last, ticks) if ticks else last)

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Return the open time in [a, b), negative when `b` is before `a`."""
        first, last = _ticks(a), _ticks(b)
        if last < first:
            return -self._timeline.between(last, first) * TICK
        return self._timeline.between(first, last) * TICK

    def is_open(self, at: datetime) -> bool:
        ticks = _ticks(at)
        return self._timeline.between(ticks, ticks + 1) == 1

    def next_open(self, at: datetime) -> datetime:
        """Return the first open moment not before `at`: `at` itself when it is open."""
        return _moment(self._timeline.next_open(_ticks(at)))

    def next_close(self, at: datetime) -> datetime:
        """Return the end of the open interval that `at` lies in, or else of the next one."""
        return _moment(self._timeline.next_close(_ticks(at)))

    def spans(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open intervals within [a, b), in order, none touching the next."""
        first, last = _ticks(a), _ticks(b)
        if first < last:
            for opened, closed in self._timeline.spans(first, last):
                yield _moment(opened), _moment(closed)

    def open_on(self, day: date) -> timedelta:
        """Return the open time of a local date: "one business day" as a duration."""
        ranges = date_ranges(self.zone, day)
        return sum(
            (self.between(moment_of(begin), moment_of(end)) for begin, end in ranges), timedelta()
        )

    def add_days(self, start: datetime, days: int, at: time = END_OF_WORK) -> datetime:
        """Return the moment `at` local time on the n-th working day after the date of `start`.

        A working day is a date with any open time; the date of `start` is never counted.
        days -- one or more.
        at -- without a zone; a time that the clocks repeat means the first, one that they skip
            means as much later as they skipped.
        """
        if days < 1 or at.tzinfo is not None:
            raise ValueError("Give a number of days from 1 up and a time of day without a zone.")
        day = _moment(_ticks(start)).astimezone(self.zone).date()
        for _ in range(days):
            day = self._working_day_after(day)
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)

    def days(self, a: datetime, b: datetime) -> CountedDays:
        """Return how the open time in [a, b) spreads over the local dates."""
        start = _moment(_ticks(a))
        end = max(start, _moment(_ticks(b)))
        return CountedDays(self, start, end, self.between(start, end))

    def explain(self, start: datetime, amount: timedelta) -> CountedDays:
        """Return the local dates from `start` to `add(start, amount)`.

        What they count adds up to `amount` exactly.
        """
        return self.days(start, self.add(start, amount))

    def _working_day_after(self, day: date) -> date:
        day += ONE_DAY
        while not self.open_on(day):
            day += ONE_DAY
        return day

    @cached_property
    def _timeline(self) -> Timeline:
        return timeline(self.zone, self.week, self.special)

    def __getstate__(self) -> dict[str, object]:
        return {"zone": self.zone, "week": self.week, "special": self.special}


def _ticks(at: datetime) -> Ticks:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone, so it is no moment in time.")
    return (at - EPOCH) // TICK


def _amount(amount: timedelta) -> Ticks:
    if amount < timedelta():
        raise ValueError(f"{amount} is negative: use the opposite operation.")
    return amount // TICK


def _moment(ticks: Ticks) -> datetime:
    return EPOCH + ticks * TICK
