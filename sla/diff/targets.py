"""Promised times compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import chain

from django.utils.translation import gettext as _

from sla.diff.lines import NOTHING, Change, Line, by_order, higher, lower, together
from sla.house import Promised
from sla.models import Contract, Metric, Priority, Target
from sla.promises import category_label, effective, usual_day
from sla.words import by_when, percent_text

Rows = Mapping[tuple[str, str, str], Target]


@dataclass(frozen=True, slots=True)
class _Time:
    """A promised time and the share of cases in which it is meant to be kept, if one was named."""

    promised: Promised
    share: Decimal | None


def target_lines(before: Contract, after: Contract) -> Iterator[Line]:
    """Yield a line for each priority and metric, and for what differs by category.

    The house standard fills the gaps.
    """
    pair = (_by_key(before), _by_key(after))
    day = usual_day(after.calendar.running_id)
    for priority, category in _levels(pair):
        old, new = (_holding(rows, priority, category) for rows in pair)
        for metric in Metric:
            is_own = any((priority, category, metric) in rows for rows in pair)
            if (is_own or not category) and (metric in old or metric in new):
                yield Line(
                    what=f"{_named(priority, category)}: {metric.label}",
                    before=_text(metric, old.get(metric)),
                    after=_text(metric, new.get(metric)),
                    change=_judged(old.get(metric), new.get(metric), day),
                )


def _levels(pair: tuple[Rows, Rows]) -> Iterator[tuple[Priority, str]]:
    written = {(priority, category) for priority, category, _metric in chain(*pair)}
    for priority in Priority:
        special = sorted(category for grade, category in written if grade == priority and category)
        for category in ["", *special]:
            yield priority, category


def _by_key(contract: Contract) -> Rows:
    return {(each.priority, each.category, each.metric): each for each in contract.targets.all()}


def _holding(rows: Rows, priority: str, category: str) -> dict[str, _Time]:
    times = effective({key: each.promised for key, each in rows.items()}, priority, category)
    shares = {
        metric: row.attainment_percent
        for metric in times
        if (row := rows.get((priority, category, metric)) or rows.get((priority, "", metric)))
    }
    return {metric: _Time(time, shares.get(metric)) for metric, time in times.items()}


def _named(priority: Priority, category: str) -> str:
    return f"{priority.label}, {category_label(category)}" if category else str(priority.label)


def _text(metric: str, time: _Time | None) -> str:
    if time is None:
        return NOTHING
    said = by_when(metric, time.promised)
    if time.share is None:
        return said
    return _("%(time)s, in %(share)s of cases") % {"time": said, "share": percent_text(time.share)}


def _judged(old: _Time | None, new: _Time | None, day: timedelta | None) -> Change:
    if old is None or new is None:
        return by_order(is_better=old is None, is_worse=new is None)
    return together(_speed(old.promised, new.promised, day), higher(old.share or 0, new.share or 0))


def _speed(old: Promised, new: Promised, day: timedelta | None) -> Change:
    """Compare two times; so much of every hour is never later than as much of working hours."""
    if old == new:
        return Change.SAME
    was, becomes = _amount(old, day), _amount(new, day)
    if was is None or becomes is None:
        return Change.OTHER
    if old.around_the_clock == new.around_the_clock:
        return lower(was, becomes)
    if new.around_the_clock:
        return Change.BETTER if becomes <= was else Change.OTHER
    return Change.WORSE if becomes >= was else Change.OTHER


def _amount(promised: Promised, day: timedelta | None) -> timedelta | None:
    """Return the time in hours; None if the days of the calendar are not all alike."""
    if not promised.days:
        return promised.amount
    return day and promised.days * day
