"""The timers of promises: set inside the operations, fired by the sweep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from accounts.models import Account, Promise
from core.models import AuditEntry, Timer
from core.models.calendar import work_calendar
from core.operations import record, system_entry
from core.timers import clear_timers, set_timers
from core.worktime import WorkCalendar

KIND = "accounts.promise"
REMINDERS = {"24h": timedelta(hours=24), "2h": timedelta(hours=2), "due": timedelta()}
BREAK = "broken"


def calendar_of(account: Account) -> WorkCalendar:
    """Return the working hours by which the account's promises are due."""
    version = account.calendar.current_id
    if version is None:
        raise LookupError(f"the calendar {account.calendar} has no hours")
    return work_calendar(version)


def business_days_later(
    account: Account, start: datetime, days: int, *, at: time | None = None
) -> datetime:
    """Return the same local time, or `at`, on the n-th working day after start's local date."""
    calendar = calendar_of(account)
    local = start.astimezone(calendar.zone)
    return calendar.add_days(start, days, at=at or local.time())


def schedule_promise(promise: Promise, now: datetime) -> None:
    """Set the reminders that still lie ahead; each renegotiation is a new round of them."""
    moments = {step: promise.due_at - lead for step, lead in REMINDERS.items()}
    moments[BREAK] = promise.break_at
    rounds = promise.renegotiations + promise.tries
    ahead = {f"{rounds}:{step}": at for step, at in moments.items() if at > now}
    set_timers(KIND, promise.pk, ahead)


def clear_promise(promise: Promise) -> None:
    clear_timers(KIND, [promise.pk])


def fire_promises(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Remind, or record as broken, in bulk; promises that somebody holds wait for the next tick.

    After an outage a promise gets one entry, the last step, with the lag in seconds.
    """
    promises = _lock(timer.subject_id for timer in timers)
    pending = Timer.objects.filter(kind=KIND, subject_id__in=promises, fired_at=None)
    latest: dict[UUID, Timer] = {}
    done = [timer.pk for timer in timers if timer.subject_id in promises]
    for timer in pending.filter(fire_at__lte=now).order_by("due_at"):
        latest[timer.subject_id] = timer
        done.append(timer.pk)
    open_ones = [(promises[pk], timer) for pk, timer in latest.items() if promises[pk].is_open]
    _break([promise for promise, timer in open_ones if timer.step.endswith(BREAK)], now)
    record([_entry(promise, timer, now) for promise, timer in open_ones])
    return done


def _lock(ids: Iterable[UUID]) -> dict[UUID, Promise]:
    rows = Promise.objects.filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True, skip_locked=True)}


def _break(promises: list[Promise], now: datetime) -> None:
    for promise in promises:
        promise.state, promise.updated_at = Promise.State.BROKEN, now
        promise.version += 1
    Promise.objects.bulk_update(promises, ["state", "updated_at", "version"])


def _entry(promise: Promise, timer: Timer, now: datetime) -> AuditEntry:
    step = timer.step.partition(":")[2]
    verb = "accounts.break_promise" if step == BREAK else "accounts.remind_promise"
    lag = int((now - timer.due_at).total_seconds())
    details = {"step": step, "due": promise.due_at.isoformat(), "lag_seconds": lag}
    return system_entry(verb, target=promise, at=now, details=details)
