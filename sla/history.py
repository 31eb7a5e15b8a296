"""How often we would have kept a promise in the client's own last twelve months."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import F, Window, prefetch_related_objects
from django.db.models.functions import RowNumber

from accounts.models import Account
from core.models import Calendar
from core.models.calendar import work_calendar
from core.worktime import WorkCalendar
from sla import clock as arithmetic
from sla.house import HOUSE_STANDARD, Promised
from sla.models import Clock, Metric, Priority
from sla.models.clock import counted_hours

Key = tuple[str, str, str]
"""Priority, category (empty for all) and metric."""

A_YEAR: Final = timedelta(days=365)
NEWEST: Final = 500
ENOUGH: Final = 10
MOSTLY: Final = 9, 10
"""Nine of ten: the 90th percentile."""
STEPS: Final = (
    (timedelta(hours=1), timedelta(minutes=10)),
    (timedelta(hours=4), timedelta(minutes=30)),
    (timedelta(hours=24), timedelta(hours=1)),
    (timedelta.max, timedelta(hours=4)),
)
"""Up to how long a time is rounded up to what."""


@dataclass(frozen=True, slots=True)
class Likely:
    """What the past says of a target.

    mostly -- the time in which nine of ten were done, counted as the target counts; None without
              a case. A reopened case had a share of the time, so its own counts in proportion.
    """

    met: int = 0
    of: int = 0
    mostly: timedelta | None = None

    @property
    def percent(self) -> Decimal | None:
        return Decimal(100) * self.met / self.of if self.of else None

    @property
    def is_enough(self) -> bool:
        """Say whether there were cases enough to judge by."""
        return self.of >= ENOUGH


def likely(
    account: Account, calendar: Calendar, targets: Mapping[Key, Promised], now: datetime
) -> dict[Key, Likely]:
    """Return, for each target, how it would have gone in the twelve months before `now`.

    Looks at the newest 500 closed clocks of each metric, with two queries at most. Where a clock
    counted other hours than the target does, its runs are counted again, by the calendar.
    A target for a category takes the cases of that category from the one for all.
    """
    clocks = _closed(account, {metric for _grade, _kind, metric in targets}, now)
    _read_runs(clocks, targets)
    hours = {
        always: counted_hours(calendar.running_id, around_the_clock=always)
        for always in (True, False)
    }
    outcomes: dict[Key, list[tuple[timedelta, bool]]] = {key: [] for key in targets}
    for clock in clocks:
        key = _key_of(clock, targets)
        if target := targets.get(key):
            outcomes[key].append(_outcome(clock, target, hours[target.around_the_clock]))
    return {key: _summed(each) for key, each in outcomes.items()}


def _closed(account: Account, metrics: Collection[str], now: datetime) -> list[Clock]:
    newest = Window(
        RowNumber(), partition_by="metric", order_by=[F("stopped_at").desc(), F("pk").desc()]
    )
    closed = Clock.objects.filter(
        account=account,
        metric__in=metrics,
        state__in=[Clock.State.MET, Clock.State.MISSED],
        stopped_at__gt=now - A_YEAR,
        excluded_as="",
    )
    return list(closed.annotate(place=newest).filter(place__lte=NEWEST))


def _read_runs(clocks: Iterable[Clock], targets: Mapping[Key, Promised]) -> None:
    """Read what the clocks have run, where their own sum is of other hours."""
    others = [
        clock
        for clock in clocks
        if (target := targets.get(_key_of(clock, targets)))
        and target.around_the_clock != clock.around_the_clock
    ]
    prefetch_related_objects(others, "runs")


def _key_of(clock: Clock, targets: Mapping[Key, Promised]) -> Key:
    special = (clock.priority, clock.category, clock.metric)
    return special if special in targets else (clock.priority, "", clock.metric)


def _outcome(clock: Clock, target: Promised, hours: WorkCalendar) -> tuple[timedelta, bool]:
    """Return how long it took, and whether that would have been in time."""
    took = _took(clock, hours, same_hours=target.around_the_clock == clock.around_the_clock)
    return took, took <= target.counted(hours, clock.started_at)


def _took(clock: Clock, hours: WorkCalendar, *, same_hours: bool) -> timedelta:
    used, until = clock.used, clock.stopped_at
    assert used is not None and until is not None  # noqa: S101, PT018 -- it is closed
    if not same_hours:
        used = arithmetic.used([run.as_run for run in clock.runs.all()], hours, until)
    return used * 100 / clock.share


def _summed(outcomes: Collection[tuple[timedelta, bool]]) -> Likely:
    if not outcomes:
        return Likely()
    times = sorted(took for took, _met in outcomes)
    part, whole = MOSTLY
    nearest_rank = -(-len(times) * part // whole)
    return Likely(sum(met for _took, met in outcomes), len(times), times[nearest_rank - 1])


def suggested_targets(account: Account, now: datetime) -> dict[Key, Promised]:
    """Return a proposal for a client without a contract: the house standard, or what we achieve.

    What nine of ten cases took, rounded up, replaces the house's time where it is shorter and
    there were ten cases or more. Source: 4.8.
    """
    house = {(grade, "", metric): promised for (grade, metric), promised in HOUSE_STANDARD.items()}
    past = likely(account, account.calendar, house, now)
    proposal = {
        key: _better(promised, past[key], work_calendar(account.calendar.running_id), now)
        for key, promised in house.items()
    }
    for priority in Priority.values:
        _let_resolution_be_last(proposal, priority)
    return proposal


def _better(house: Promised, past: Likely, hours: WorkCalendar, now: datetime) -> Promised:
    if past.mostly is None or not past.is_enough:
        return house
    achieved = _rounded_up(past.mostly)
    shorter = achieved < house.counted(hours, now)
    return Promised(achieved, house.around_the_clock) if shorter else house


def _rounded_up(time: timedelta) -> timedelta:
    step = next(step for longest, step in STEPS if time <= longest)
    return max(-(-time // step), 1) * step


def _let_resolution_be_last(proposal: dict[Key, Promised], priority: str) -> None:
    """Give the solution at least the time of the answer and the workaround, as contracts must."""
    solved = (priority, "", Metric.RESOLUTION)
    for metric in (Metric.FIRST_RESPONSE, Metric.WORKAROUND):
        earlier = proposal.get((priority, "", metric))
        if earlier and earlier.amount > proposal[solved].amount:
            proposal[solved] = earlier
