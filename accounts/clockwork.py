"""The timers of promises and bad news, and tasks that a sweep gives in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from accounts.kinds import Facts, stored_facts
from accounts.models import Account, BadNews, Promise, Task
from core.models import AuditEntry, Row, Timer, User
from core.models.calendar import work_calendar
from core.operations import record, system_entry
from core.timers import clear_timers, set_timers
from core.worktime import WorkCalendar

KIND = "accounts.promise"
REMINDERS = {"24h": timedelta(hours=24), "2h": timedelta(hours=2), "due": timedelta()}
BREAK = "broken"

BAD_NEWS = "accounts.bad_news"
ASK_DEPUTY, OVERDUE = "deputy", "overdue"
DEPUTY_WAITS = timedelta(minutes=15)
ACK_WITHIN = timedelta(minutes=60)
"""Real minutes until the deputy is asked too, and open minutes until it is overdue (E-3)."""

RowT = TypeVar("RowT", bound=Row)


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
    promises = _lock(Promise.objects.all(), timers)
    pending = _pending(KIND, promises, now)
    latest = [(promises[pk], steps[-1]) for pk, steps in pending.items() if promises[pk].is_open]
    _break([promise for promise, timer in latest if timer.step.endswith(BREAK)], now)
    record([_entry(promise, timer, now) for promise, timer in latest])
    return _dealt_with(timers, promises, pending)


def _lock(rows: QuerySet[RowT], timers: Iterable[Timer]) -> dict[UUID, RowT]:
    """Return the subjects of the timers that nobody else holds."""
    wanted = rows.filter(pk__in={timer.subject_id for timer in timers}).order_by("pk")
    free = wanted.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return {row.pk: row for row in free}


def _pending(kind: str, subjects: Iterable[UUID], now: datetime) -> dict[UUID, list[Timer]]:
    """Return every step that is due by now of each subject, in order."""
    found = Timer.objects.filter(kind=kind, subject_id__in=list(subjects), fired_at=None)
    steps: dict[UUID, list[Timer]] = defaultdict(list)
    for timer in found.filter(fire_at__lte=now).order_by("due_at"):
        steps[timer.subject_id].append(timer)
    return steps


def _dealt_with(
    timers: Iterable[Timer], subjects: Iterable[UUID], pending: Mapping[UUID, list[Timer]]
) -> set[UUID]:
    """Return the timers of the subjects, those that the batch did not name included."""
    named = {timer.pk for timer in timers if timer.subject_id in subjects}
    return named.union(timer.pk for steps in pending.values() for timer in steps)


def _break(promises: list[Promise], now: datetime) -> None:
    for promise in promises:
        promise.state, promise.updated_at = Promise.State.BROKEN, now
        promise.version += 1
    Promise.objects.bulk_update(promises, ["state", "updated_at", "version"])


def _entry(promise: Promise, timer: Timer, now: datetime) -> AuditEntry:
    step = timer.step.partition(":")[2]
    verb = "accounts.break_promise" if step == BREAK else "accounts.remind_promise"
    details = {"step": step, **_times(promise.due_at, timer, now)}
    return system_entry(verb, target=promise, at=now, details=details)


def _times(due_at: datetime, timer: Timer, now: datetime) -> dict[str, Any]:
    lag = int((now - timer.due_at).total_seconds())
    return {"due": due_at.isoformat(), "lag_seconds": lag}


def ack_due(account: Account, reported_at: datetime) -> datetime:
    """Return by when somebody must have acknowledged bad news about the account."""
    return calendar_of(account).add(reported_at, ACK_WITHIN)


def schedule_bad_news(news: BadNews) -> None:
    """Let the deputy be asked, and the owner and heads be told when it is overdue."""
    moments = {ASK_DEPUTY: news.reported_at + DEPUTY_WAITS, OVERDUE: news.ack_due_at}
    set_timers(BAD_NEWS, news.pk, moments)


def clear_bad_news(news: BadNews) -> None:
    clear_timers(BAD_NEWS, [news.pk])


def fire_bad_news(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Remind of what nobody has acknowledged, in bulk; held rows wait for the next tick.

    After an outage each gets one entry with all its steps and the lag of the last one.
    """
    waiting = _lock(BadNews.objects.select_related("account"), timers)
    pending = _pending(BAD_NEWS, waiting, now)
    record([_waiting_entry(waiting[pk], steps, now) for pk, steps in pending.items()])
    return _dealt_with(timers, waiting, pending)


def _waiting_entry(news: BadNews, steps: list[Timer], now: datetime) -> AuditEntry:
    done = [timer.step for timer in steps]
    details = {"steps": done, **_times(news.ack_due_at, steps[-1], now)}
    return system_entry("accounts.remind_bad_news", target=news, at=now, details=details)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A task that a rule gives. The subject is held by the sweep, so that nobody else gives it."""

    account: Account
    assignee: User
    due_at: datetime
    subject: Row
    facts: Facts


def give_tasks(kind: str, duties: Sequence[Duty], now: datetime) -> None:
    """Open a task for each duty whose subject has none open of the kind; one entry each."""
    wanted = {duty.subject.pk for duty in duties}
    standing = Task.objects.open().filter(kind=kind, subject_id__in=wanted)
    known = set(standing.values_list("subject_id", flat=True))
    tasks = Task.objects.bulk_create(
        [
            Task(
                account=duty.account, kind=kind, assignee=duty.assignee, due_at=duty.due_at,
                subject=duty.subject, facts=stored_facts(duty.facts), opened_at=now,
            )
            for duty in duties
            if duty.subject.pk not in known
        ]
    )  # fmt: skip
    record([_given(task, now) for task in tasks])


def _given(task: Task, now: datetime) -> AuditEntry:
    details = {"task": task.kind, "due": task.due_at.isoformat()}
    entry = system_entry("accounts.open_task", target=task, at=now, details=details)
    entry.changes = {"assignee_id": [None, str(task.assignee_id)]}
    return entry
