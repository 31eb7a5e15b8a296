"""Starts, stops and pauses clocks: rows written inside somebody's operation.

Callers hold the subject's lock; clocks are locked after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType

from accounts.models import Account
from core.ids import uuid7
from core.models import Row
from core.timers import clear_timers, set_timers
from sla import clock as arithmetic
from sla.clock import Run
from sla.courses import upcoming
from sla.house import Promised
from sla.models import Clock, ClockRun, Contract, Metric
from sla.models.clock import counted_hours
from sla.queries import STARTED_TOGETHER, contract_for, local_day, promised

KIND = "sla.clock"
ANSWERED_BY_REPLY = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.UPDATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What decides which times are promised to a subject.

    category, scope -- for targets and contracts that differ by them; empty for none.
    """

    subject: Row
    account: Account
    priority: str
    category: str = ""
    scope: str = ""


def start_clocks(case: Case, at: datetime) -> None:
    """Start the clocks of something new: first response, workaround, resolution."""
    _start(case, STARTED_TOGETHER, at)


def answer_clocks(case: Case, at: datetime, *, with_workaround: bool = False) -> None:
    """Stop what a human reply answers; the next regular update is due from now on.

    Source: C-1, C-2. An automatic acknowledgement and an internal note stop nothing.
    """
    workaround = [Metric.WORKAROUND] if with_workaround else []
    stop_clocks(case.subject, [*ANSWERED_BY_REPLY, *workaround], at)
    _start(case, [Metric.UPDATE], at)


def hear_client(case: Case, at: datetime) -> None:
    """Start the time for our next answer. A second message does not move it."""
    waits = {Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE}
    if not any(clock.metric in waits for clock in live_clocks(case.subject)):
        _start(case, [Metric.NEXT_RESPONSE], at)


def restart_clocks(case: Case, at: datetime, *, share: int) -> None:
    """Start another cycle of resolution, with a share of the time; first response never restarts.

    share -- percent of the target that is granted.
    """
    _start(case, [Metric.RESOLUTION], at, share=share)


def continue_clocks(case: Case, at: datetime) -> bool:
    """Let the last resolution clock go on as if its subject had never been closed; say whether.

    The time in between counts as a pause, a breach stays. A clock that fell due in an earlier
    month is final: that month's attainment has been reported.
    """
    last = Clock.objects.about(case.subject).filter(metric=Metric.RESOLUTION).order_by("-cycle")
    clock = last.select_for_update(no_key=True).first()
    if clock is None or clock.is_live or _is_final(clock, at):
        return False
    ClockRun.objects.create(clock=clock, starts_at=_in_order(clock, at))
    clock.state, clock.stopped_at, clock.used = Clock.State.RUNNING, None, None
    _replan(clock, at)
    return True


def _is_final(clock: Clock, at: datetime) -> bool:
    promised_at = clock.breached_at or clock.due_at
    zone = ZoneInfo(clock.account.time_zone)
    return promised_at is None or _month(promised_at, zone) < _month(at, zone)


def _month(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.year, local.month


def _start(case: Case, metrics: Iterable[str], at: datetime, *, share: int = 100) -> None:
    contract = contract_for(case.account, local_day(case.account, at), case.scope)
    wanted = {
        metric: promised(contract, case.priority, metric, case.category) for metric in metrics
    }
    cycles = _next_cycles(case.subject)
    started = [
        _new_clock(case, metric, target, contract, at, cycle=cycles.get(metric, 1), share=share)
        for metric, target in wanted.items()
        if target
    ]
    Clock.objects.bulk_create(started)
    ClockRun.objects.bulk_create(ClockRun(clock=clock, starts_at=at) for clock in started)
    for clock in started:
        _set_timer(clock, [Run(at)])


def _next_cycles(subject: Row) -> dict[str, int]:
    cycles = Clock.objects.about(subject).values_list("metric", "cycle")
    highest: dict[str, int] = {}
    for metric, cycle in cycles:
        highest[metric] = max(highest.get(metric, 1), cycle + 1)
    return highest


def _new_clock(  # noqa: PLR0913 -- all that makes a clock
    case: Case,
    metric: str,
    target: Promised,
    contract: Contract | None,
    at: datetime,
    *,
    cycle: int,
    share: int,
) -> Clock:
    version = (contract or case.account).calendar.running_id
    hours = counted_hours(version, around_the_clock=target.around_the_clock)
    counted = target.counted(hours, at) * share / 100
    return Clock(
        account=case.account,
        subject_type=ContentType.objects.get_for_model(case.subject),
        subject_id=case.subject.pk,
        metric=metric,
        cycle=cycle,
        priority=case.priority,
        category=case.category,
        share=share,
        target=counted,
        around_the_clock=target.around_the_clock,
        contract=contract,
        calendar_version_id=version,
        started_at=at,
        due_at=hours.add(at, counted),
    )


def live_clocks(subject: Row) -> list[Clock]:
    """Return the subject's open clocks, locked."""
    rows = Clock.objects.about(subject).live().order_by("pk")
    return list(rows.select_for_update(no_key=True))


def stop_clocks(subject: Row, metrics: Collection[str], at: datetime) -> list[Clock]:
    """Stop the open clocks of these metrics, met or missed: what they promised is done."""
    stopped = [clock for clock in live_clocks(subject) if clock.metric in metrics]
    for clock in stopped:
        _end(clock, at, in_time=Clock.State.MET)
    return stopped


def cancel_clocks(subject: Row, at: datetime) -> None:
    """Stop counting what turned out to be nothing to be timed; what was missed stays missed."""
    for clock in live_clocks(subject):
        _end(clock, at, in_time=Clock.State.CANCELLED)


def _end(clock: Clock, at: datetime, *, in_time: Clock.State) -> None:
    resume_clock(clock, at)
    at = _in_order(clock, at)
    clock.note_breach(at)
    clock.state = Clock.State.MISSED if clock.breached_at else in_time
    _close(clock, at)


def _close(clock: Clock, at: datetime) -> None:
    clock.stopped_at = at
    _close_run(clock, at)
    clock.used = arithmetic.used(_runs(clock), clock.calendar, at)
    clock.save()
    clear_timers(KIND, [clock.pk])


def pause_clock(clock: Clock, at: datetime) -> None:
    """Let the clock stand still: the client is asked, or asked for an appointment (4.2)."""
    if clock.state != Clock.State.RUNNING:
        return
    at = _in_order(clock, at)
    clock.note_breach(at)
    spent = arithmetic.used(_runs(clock), clock.calendar, at)
    clock.state, clock.due_at = Clock.State.PAUSED, None
    clock.remaining = max(clock.target - spent, timedelta())
    _close_run(clock, at)
    clock.save()
    clear_timers(KIND, [clock.pk])


def resume_clock(clock: Clock, at: datetime) -> None:
    """Let a paused clock run again with what was left."""
    if not clock.is_paused:
        return
    ClockRun.objects.create(clock=clock, starts_at=_in_order(clock, at))
    runs = _runs(clock)
    clock.state, clock.remaining = Clock.State.RUNNING, None
    clock.due_at = arithmetic.due_at(clock.target, runs, clock.calendar)
    clock.save()
    _set_timer(clock, runs)


def reprioritise(case: Case, at: datetime) -> None:
    """Recompute the open clocks from their start; pauses stay, and so do breaches (4.2).

    It is then as if the priority had been this from the start: a workaround that it promises
    besides counts from there too, and one that it does not promise any more ends.
    """
    for clock in live_clocks(case.subject):
        if (clock.priority, clock.category) == (case.priority, case.category):
            continue
        if promised(clock.contract, case.priority, clock.metric, case.category) is None:
            _end(clock, at, in_time=Clock.State.CANCELLED)
            continue
        clock.note_breach(at)
        clock.priority, clock.category = case.priority, case.category
        retarget(clock)
        _replan(clock, at)
        if clock.metric == Metric.RESOLUTION:
            _start_workaround(clock, at)


def rehome(case: Case, at: datetime) -> None:
    """Count by the terms of another account, to which the subject turned out to belong.

    As if that had been known from the start: pauses stay, what is late is judged anew. Closed
    clocks keep what they measured.
    """
    Clock.objects.about(case.subject).update(account=case.account)
    for clock in live_clocks(case.subject):
        day = local_day(case.account, clock.started_at)
        clock.contract = contract_for(case.account, day, case.scope)
        if promised(clock.contract, case.priority, clock.metric, case.category) is None:
            _end(clock, at, in_time=Clock.State.CANCELLED)
            continue
        clock.calendar_version_id = (clock.contract or case.account).calendar.running_id
        clock.priority, clock.category, clock.breached_at = case.priority, case.category, None
        retarget(clock)
        _replan(clock, at)
        if clock.metric == Metric.RESOLUTION:
            _start_workaround(clock, at)


def _start_workaround(resolution: Clock, at: datetime) -> None:
    """Start what is promised beside a resolution that runs, or stands still, already."""
    target = promised(
        resolution.contract, resolution.priority, Metric.WORKAROUND, resolution.category
    )
    had = Clock.objects.filter(subject_id=resolution.subject_id, metric=Metric.WORKAROUND)
    if target and not had.exclude(state=Clock.State.CANCELLED).exists():
        _start_like(resolution, Metric.WORKAROUND, had.count() + 1, at)


def _start_like(other: Clock, metric: str, cycle: int, at: datetime) -> None:
    clock = copy(other)
    clock.pk, clock._state.adding = uuid7(), True
    clock.metric, clock.cycle, clock.breached_at, clock.told = metric, cycle, None, []
    retarget(clock)
    runs = _runs(other)
    plan(clock, runs, at)
    clock.save(force_insert=True)
    ClockRun.objects.bulk_create(
        ClockRun(clock=clock, starts_at=run.starts_at, ends_at=run.ends_at) for run in runs
    )
    if not clock.is_paused:
        _set_timer(clock, runs)


def retarget(clock: Clock) -> None:
    """Give the clock the target of its contract, priority and category; without one it keeps its own."""
    target = promised(clock.contract, clock.priority, clock.metric, clock.category)
    if target is not None:
        clock.around_the_clock = target.around_the_clock
        clock.target = target.counted(clock.calendar, clock.started_at) * clock.share / 100


def _replan(clock: Clock, at: datetime) -> None:
    runs = _runs(clock)
    plan(clock, runs, at)
    clock.save()
    if not clock.is_paused:
        _set_timer(clock, runs)


def plan(clock: Clock, runs: list[Run], at: datetime) -> None:
    """Set due moment, or what remains, from the runs; note what has passed by now."""
    if clock.is_paused:
        spent = arithmetic.used(runs, clock.calendar, at)
        clock.remaining = max(clock.target - spent, timedelta())
    else:
        clock.due_at = arithmetic.due_at(clock.target, runs, clock.calendar)
        clock.note_breach(at)


def next_due(subject: Row) -> datetime | None:
    """Return the earliest due moment among the subject's running clocks."""
    running = Clock.objects.about(subject).filter(state=Clock.State.RUNNING)
    return running.order_by("due_at").values_list("due_at", flat=True).first()


def _runs(clock: Clock) -> list[Run]:
    return [run.as_run for run in ClockRun.objects.filter(clock=clock)]


def _in_order(clock: Clock, at: datetime) -> datetime:
    """Return the moment, or the last turn of the clock if a host's time lags behind it."""
    last = _runs(clock)[-1]
    return max(at, last.ends_at or last.starts_at)


def _close_run(clock: Clock, at: datetime) -> None:
    clock.runs.filter(ends_at=None).update(ends_at=at)


def _set_timer(clock: Clock, runs: list[Run]) -> None:
    """Wait for the clock's next step only: a change of plan then moves one row."""
    ahead = upcoming(clock, runs)
    set_timers(KIND, clock.pk, {ahead[0].key: ahead[0].at} if ahead else {})
