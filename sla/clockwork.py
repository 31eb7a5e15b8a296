"""Starts, stops and pauses clocks: rows written inside somebody's operation.

Callers hold the subject's lock; clocks are locked after it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType

from accounts.models import Account
from core.models import Row
from core.timers import clear_timers, set_timers
from sla import clock as arithmetic
from sla.clock import BREACH, EXECUTIVE, Run
from sla.models import Clock, ClockRun, Metric, Priority
from sla.queries import STARTED_TOGETHER, contract_for, local_day, promised

KIND = "sla.clock"
EXECUTIVE_AFTER = timedelta(minutes=30)
AFTER_DUE = timedelta(microseconds=1)
"""A stop at the due moment itself is in time, so a breach is what happens just after it."""


def start_clocks(
    subject: Row, account: Account, *, priority: str, at: datetime, share: int = 100
) -> list[Clock]:
    """Start first response (once) and resolution on the targets promised to the account now.

    share -- percent of the target that is granted; a reopened complaint gets 50.
    """
    contract = contract_for(account, local_day(account, at))
    cycle = Clock.objects.about(subject).filter(metric=Metric.RESOLUTION).count() + 1
    metrics = STARTED_TOGETHER if cycle == 1 else (Metric.RESOLUTION,)
    promises = {metric: promised(contract, priority, metric) for metric in metrics}
    started = [
        Clock(
            account=account,
            subject_type=ContentType.objects.get_for_model(subject),
            subject_id=subject.pk,
            metric=metric,
            cycle=cycle,
            priority=priority,
            share=share,
            target=target.amount * share / 100,
            around_the_clock=target.around_the_clock,
            contract=contract,
            calendar_version_id=(contract or account).calendar.running_id,
            started_at=at,
        )
        for metric, target in promises.items()
        if target
    ]
    _plan_new(started, at)
    return started


def _plan_new(clocks: list[Clock], at: datetime) -> None:
    for clock in clocks:
        clock.due_at = arithmetic.due_at(clock.target, [Run(at)], clock.calendar)
    Clock.objects.bulk_create(clocks)
    ClockRun.objects.bulk_create(ClockRun(clock=clock, starts_at=at) for clock in clocks)
    for clock in clocks:
        _set_timers(clock, [Run(at)], new=True)


def live_clocks(subject: Row) -> list[Clock]:
    """Return the subject's open clocks, locked."""
    rows = Clock.objects.about(subject).live().order_by("pk")
    return list(rows.select_for_update(no_key=True))


def stop_clock(subject: Row, metric: str, at: datetime) -> Clock | None:
    """Stop the open clock of the metric, met or missed; None if none is open."""
    clock = next((each for each in live_clocks(subject) if each.metric == metric), None)
    if clock is not None:
        _stop(clock, at)
    return clock


def _stop(clock: Clock, at: datetime) -> None:
    resume_clock(clock, at)
    at = _in_order(clock, at)
    clock.note_breach(at)
    clock.state = Clock.State.MISSED if clock.breached_at else Clock.State.MET
    _close(clock, at)


def cancel_clocks(subject: Row, at: datetime) -> None:
    """Stop counting: the subject turned out to be nothing to be timed."""
    for clock in live_clocks(subject):
        resume_clock(clock, at)
        clock.state = Clock.State.CANCELLED
        _close(clock, _in_order(clock, at))


def _close(clock: Clock, at: datetime) -> None:
    clock.stopped_at = at
    _close_run(clock, at)
    clock.save()
    clear_timers(KIND, [clock.pk])


def pause_clock(clock: Clock, at: datetime) -> None:
    """Let the clock stand still; only waiting for the client may do so (4.2)."""
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
    _set_timers(clock, runs)


def reprioritise(subject: Row, priority: str, at: datetime) -> None:
    """Recompute the open clocks from their start for another priority; pauses stay, so do breaches."""
    for clock in live_clocks(subject):
        target = promised(clock.contract, priority, clock.metric)
        if target is None or clock.priority == priority:
            continue
        clock.note_breach(at)
        clock.priority, clock.target = priority, target.amount * clock.share / 100
        clock.around_the_clock = target.around_the_clock
        _replan(clock, at)


def _replan(clock: Clock, at: datetime) -> None:
    runs = _runs(clock)
    if clock.is_paused:
        spent = arithmetic.used(runs, clock.calendar, at)
        clock.remaining = max(clock.target - spent, timedelta())
    else:
        clock.due_at = arithmetic.due_at(clock.target, runs, clock.calendar)
        clock.note_breach(at)
        _set_timers(clock, runs)
    clock.save()


def next_due(subject: Row) -> datetime | None:
    """Return the earliest due moment among the subject's running clocks."""
    running = Clock.objects.about(subject).filter(state=Clock.State.RUNNING)
    return running.order_by("due_at").values_list("due_at", flat=True).first()


def _runs(clock: Clock) -> list[Run]:
    return [run.as_run for run in clock.runs.all()]


def _in_order(clock: Clock, at: datetime) -> datetime:
    """Return the moment, or the last turn of the clock if a host's time lags behind it."""
    last = _runs(clock)[-1]
    return max(at, last.ends_at or last.starts_at)


def _close_run(clock: Clock, at: datetime) -> None:
    clock.runs.filter(ends_at=None).update(ends_at=at)


def _set_timers(clock: Clock, runs: list[Run], *, new: bool = False) -> None:
    warned = arithmetic.warnings(clock.target, runs, clock.calendar)
    moments = {str(share): at for share, at in warned.items()}
    if clock.due_at is not None:
        # A breach that a lower priority left behind is still to be told.
        moments[BREACH] = (clock.breached_at or clock.due_at) + AFTER_DUE
        if clock.priority == Priority.P1:
            moments[EXECUTIVE] = clock.due_at + EXECUTIVE_AFTER
    set_timers(KIND, clock.pk, moments, clear=not new)
