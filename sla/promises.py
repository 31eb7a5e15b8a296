"""Who does what by when: the targets of a contract, or of the house, ready to read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from core.errors import Sentence
from core.models import Calendar
from core.models.calendar import work_calendar
from sla.house import Promised
from sla.models import Contract, Metric, Priority
from sla.queries import STARTED_TOGETHER, promised
from sla.words import DEEDS, MEANINGS, in_days, sentence, within


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised time. in_days -- the same in working days, or ""."""

    metric: Metric
    deed: Sentence
    within: str
    in_days: str
    is_house: bool


@dataclass(frozen=True, slots=True)
class Level:
    """What is promised for one priority."""

    priority: Priority
    meaning: Sentence
    sentence: str
    promises: list[Promise]


def levels(contract: Contract | None, calendar: Calendar | None = None) -> list[Level]:
    """Return P1 to P4; where the contract says nothing the house standard holds.

    calendar -- tells how many hours a working day has.
    """
    day = usual_day(calendar.running_id) if calendar else None
    return [_level(contract, priority, day) for priority in Priority]


def _level(contract: Contract | None, priority: Priority, day: timedelta | None) -> Level:
    written = (
        {(each.priority, each.metric) for each in contract.targets.all()} if contract else set()
    )
    times = {metric: promised(contract, priority, metric) for metric in STARTED_TOGETHER}
    return Level(
        priority=priority,
        meaning=MEANINGS[priority],
        sentence=sentence(times[Metric.FIRST_RESPONSE], times[Metric.RESOLUTION]),
        promises=[
            _promise(metric, time, day, is_house=(priority, metric) not in written)
            for metric, time in times.items()
            if time
        ],
    )


def _promise(metric: Metric, time: Promised, day: timedelta | None, *, is_house: bool) -> Promise:
    return Promise(metric, DEEDS[metric], within(time), in_days(time, day), is_house)


@lru_cache(maxsize=512)
def usual_day(version_id: UUID) -> timedelta | None:
    """Return how long the calendar's working days are; None if they differ or never close."""
    lengths = Counter(
        sum(closes - opens for opens, closes in hours)
        for hours in work_calendar(version_id).week.values()
        if hours
    )
    (length, _days), *others = lengths.most_common()
    return (
        None if others or length == timedelta(days=1).total_seconds() else timedelta(seconds=length)
    )
