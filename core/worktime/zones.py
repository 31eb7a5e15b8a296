"""When a time zone keeps which offset, found from the outside: `zoneinfo` shows no transitions.

Seconds are counted from 1970 in UTC; local seconds are UTC seconds plus the offset.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 2199
DAY_SECONDS = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
SECOND = timedelta(seconds=1)
# Since 1900 no zone has changed its offset twice within 166 hours (Boa Vista, October 2000).
PROBE_SECONDS = 3 * DAY_SECONDS


class Stretch(NamedTuple):
    """A time in which a zone keeps one offset."""

    begin: int
    end: int
    offset: int


def year_begin(year: int) -> int:
    return (date(year, 1, 1).toordinal() - EPOCH_ORDINAL) * DAY_SECONDS


def moment_of(second: int) -> datetime:
    return EPOCH + timedelta(seconds=second)


def year_of(second: int) -> int:
    return moment_of(second).year


@lru_cache(maxsize=4096)
def stretches(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    """Return the stretches that make up a UTC year."""
    begin, end = year_begin(year), year_begin(year + 1)
    edges = [begin, *_changes(zone, begin, end - 1), end]
    return tuple(Stretch(begin, end, _offset(zone, begin)) for begin, end in pairwise(edges))


@lru_cache(maxsize=8192)
def date_ranges(zone: ZoneInfo, day: date) -> tuple[tuple[int, int], ...]:
    """Return the UTC seconds in which the local calendar shows this date.

    Two ranges when the clocks go back over midnight, none when the zone left the date out.
    """
    midnight = (day.toordinal() - EPOCH_ORDINAL) * DAY_SECONDS
    ranges: list[tuple[int, int]] = []
    for stretch in _stretches_around(zone, midnight):
        begin = max(stretch.begin, midnight - stretch.offset)
        end = min(stretch.end, midnight + DAY_SECONDS - stretch.offset)
        if begin >= end:
            continue
        if ranges and ranges[-1][1] == begin:
            begin = ranges.pop()[0]
        ranges.append((begin, end))
    return tuple(ranges)


def _stretches_around(zone: ZoneInfo, midnight: int) -> Iterator[Stretch]:
    """Yield the stretches of the UTC years that can share a moment with a local date."""
    first, last = year_of(midnight - DAY_SECONDS), year_of(midnight + 2 * DAY_SECONDS)
    for year in range(first, last + 1):
        yield from stretches(zone, year)


def _changes(zone: ZoneInfo, begin: int, last: int) -> Iterator[int]:
    """Yield each second after `begin`, up to `last`, that has another offset than the one before."""
    left, offset = begin, _offset(zone, begin)
    while left < last:
        right = min(left + PROBE_SECONDS, last)
        if offset != (offset := _offset(zone, right)):
            yield _first_second(zone, offset, left, right)
        left = right


def _first_second(zone: ZoneInfo, offset: int, before: int, after: int) -> int:
    """Return the first second in (before, after] that has the offset of `after`."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, second: int) -> int:
    moment = moment_of(second)
    return (moment.astimezone(zone).replace(tzinfo=UTC) - moment) // SECOND
