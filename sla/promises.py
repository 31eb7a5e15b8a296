"""Who does what by when: the targets of a contract, or of the house, ready to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from core.models import Calendar
from core.models.calendar import work_calendar
from sla.house import Promised
from sla.models import Contract, Metric, Priority, Target
from sla.queries import promised_by
from sla.subjects import categories
from sla.words import DEEDS, MEANINGS, by_when, in_days, percent_text, sentence

_TAKES_THE_CALL: Final = _("Whoever takes the call")
_WORKS_ON_IT: Final = _("Whoever works on it")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promised time.

    by_when -- "within 2 working hours"; in_days -- the same in working days, or "".
    share   -- in how many cases we mean to keep it, "90 %"; "" where the house standard holds.
    """

    metric: Metric
    who: Sentence
    deed: Sentence
    by_when: str
    in_days: str
    share: str

    @property
    def is_house(self) -> bool:
        return not self.share


@dataclass(frozen=True, slots=True)
class Level:
    """What is promised for one priority, or for things of one category with this priority.

    promises -- of a category only those that differ by it.
    """

    priority: Priority
    category: Sentence
    meaning: Sentence
    sentence: str
    promises: list[Promise]


def levels(contract: Contract | None, calendar: Calendar | None = None) -> list[Level]:
    """Return P1 to P4; where the contract says nothing the house standard holds.

    calendar -- tells how many hours a working day has.
    """
    return levels_of(contract.targets.all() if contract else (), calendar)


def levels_of(targets: Iterable[Target], calendar: Calendar | None = None) -> list[Level]:
    """Return the same for targets that need not be stored yet."""
    rows = {(each.priority, each.category, each.metric): each for each in targets}
    day = usual_day(calendar.running_id) if calendar else None
    return [
        _level(rows, priority, category, day)
        for priority in Priority
        for category in [
            "",
            *sorted({kind for grade, kind, _m in rows if grade == priority} - {""}),
        ]
    ]


def _level(
    rows: Mapping[tuple[str, str, str], Target],
    priority: Priority,
    category: str,
    day: timedelta | None,
) -> Level:
    times = effective({key: each.promised for key, each in rows.items()}, priority, category)
    return Level(
        priority=priority,
        category=category_label(category),
        meaning=MEANINGS[priority],
        sentence=sentence(times),
        promises=[
            _promise(metric, time, day, rows.get((priority, category, metric)))
            for metric, time in times.items()
            if not category or (priority, category, metric) in rows
        ],
    )


def category_label(category: str) -> Sentence:
    return dict(categories()).get(category, category)


def effective(
    written: Mapping[tuple[str, str, str], Promised], priority: str, category: str = ""
) -> dict[str, Promised]:
    """Return what holds for each metric, the house standard where nothing is written."""
    times = {metric.value: promised_by(written, priority, metric, category) for metric in Metric}
    return {metric: time for metric, time in times.items() if time}


def holding(targets: Iterable[Target]) -> dict[tuple[str, str, str], Promised]:
    """Return what holds by (priority, category, metric): all for everything, and what differs."""
    written = {(each.priority, each.category, each.metric): each.promised for each in targets}
    for_all = {
        (priority.value, "", metric): time
        for priority in Priority
        for metric, time in effective(written, priority).items()
    }
    special = {
        (priority, category, metric): time
        for priority, category, metric in written
        if category and (time := promised_by(written, priority, metric, category))
    }
    return for_all | special


def _promise(metric: str, time: Promised, day: timedelta | None, target: Target | None) -> Promise:
    return Promise(
        metric=Metric(metric),
        who=_TAKES_THE_CALL if metric == Metric.FIRST_RESPONSE else _WORKS_ON_IT,
        deed=DEEDS[metric],
        by_when=by_when(metric, time),
        in_days=in_days(time, day),
        share=percent_text(target.attainment_percent) if target else "",
    )


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
