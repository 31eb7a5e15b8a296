"""Opening hours as people write them, brought into one form: sorted, joined, split at midnight."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from operator import index
from typing import Self, TypeVar

from core.worktime.zones import DAY_SECONDS, FIRST_YEAR, LAST_YEAR

Interval = tuple[int, int]
DayHours = tuple[Interval, ...]
Week = Mapping[int, DayHours]
Special = Mapping[date, DayHours]

WHOLE_DAY: DayHours = ((0, DAY_SECONDS),)
ONE_DAY = timedelta(days=1)
NOTHING: Interval = (0, 0)

Key = TypeVar("Key", bound=Hashable)


class FrozenHours(Mapping[Key, DayHours]):
    """A mapping that can be hashed, so that equal calendars can share their precomputed years."""

    __slots__ = ("_hash", "_hours")

    def __init__(self, hours: Mapping[Key, DayHours]) -> None:
        self._hours = dict(hours)
        self._hash = hash(frozenset(self._hours.items()))

    def __getitem__(self, key: Key) -> DayHours:
        return self._hours[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._hours)

    def __len__(self) -> int:
        return len(self._hours)

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[type[Self], tuple[dict[Key, DayHours]]]:
        # The hash of a date differs between processes: never carry it over.
        return type(self), (self._hours,)

    def __repr__(self) -> str:
        return repr(self._hours)


def split_week(week: Week) -> FrozenHours[int]:
    """Return the hours of all seven weekdays, what runs over midnight moved to the next one."""
    pieces: dict[int, list[Interval]] = {weekday: [] for weekday in range(7)}
    for weekday, intervals in week.items():
        if weekday not in pieces:
            raise ValueError(f"{weekday!r} is not a weekday: 0 is Monday, 6 is Sunday.")
        for own, carried in map(_split, intervals):
            pieces[weekday].append(own)
            pieces[(weekday + 1) % 7].append(carried)
    return FrozenHours({weekday: _joined(hours) for weekday, hours in pieces.items()})


def split_special(special: Special, week: Week) -> FrozenHours[date]:
    """Return the hours of each special date, and of the dates that special hours run into.

    Special hours that run over midnight are added to the next date,
    unless that date is closed by name: closed means closed.
    week -- as `split_week` returned it.
    """
    pieces: dict[date, list[Interval]] = {}
    carried_into: dict[date, list[Interval]] = {}
    for day, intervals in special.items():
        _check_date(day)
        halves = [_split(interval) for interval in intervals]
        pieces[day] = [own for own, _ in halves]
        carried_into[day + ONE_DAY] = [carried for _, carried in halves if carried != NOTHING]
    for day, carried in carried_into.items():
        if carried and (day not in special or special[day]):
            pieces.setdefault(day, list(week[day.weekday()])).extend(carried)
    return FrozenHours({day: _joined(hours) for day, hours in pieces.items()})


def _check_date(day: date) -> None:
    if isinstance(day, datetime) or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"A special day is a date of {FIRST_YEAR} to {LAST_YEAR}, not {day!r}.")


def _split(interval: Interval) -> tuple[Interval, Interval]:
    opens, closes = map(index, interval)
    if not (0 <= opens < DAY_SECONDS and 0 <= closes <= DAY_SECONDS):
        raise ValueError(f"Hours lie between 0 and {DAY_SECONDS} seconds, not {interval!r}.")
    if opens < closes:
        return (opens, closes), NOTHING
    return (opens, DAY_SECONDS), (0, closes)


def _joined(pieces: Iterable[Interval]) -> DayHours:
    joined: list[Interval] = []
    for opens, closes in sorted(pieces):
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], closes)
        elif opens < closes:
            joined.append((opens, closes))
    return tuple(joined)
