"""Tells people of clocks that run out and takes the agreed steps: what the sweep of timers calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.contenttypes.models import ContentType

from core.bulk import update_rows
from core.models import AuditEntry, Timer
from core.operations import record
from sla.clockwork import KIND
from sla.courses import steps_of, upcoming
from sla.models import Clock
from sla.models.clock import ClockQuerySet
from sla.steps import BREACH, NOTIFY, RAISE, REASSIGN, Moment
from sla.subjects import SubjectFacts, facts_of, subject_of

ACT = "sla.act"
PERCENT = 100


@dataclass(frozen=True, slots=True)
class _Call:
    """What one clock has come to since people were last told, and what comes next.

    due -- the steps now due, the gravest last.
    """

    clock: Clock
    due: list[Moment]
    following: Moment | None

    @property
    def keys(self) -> list[str]:
        return [each.key for each in self.due]

    @property
    def is_breach(self) -> bool:
        return BREACH in self.keys

    @property
    def is_late(self) -> bool:
        return self.clock.due_at is not None and self.due[-1].at > self.clock.due_at

    @property
    def verb(self) -> str:
        if self.is_breach:
            return "sla.breach"
        return "sla.escalate" if self.is_late else "sla.warn"

    @property
    def step(self) -> str:
        """The gravest step: before the deadline as the percent of the time it stands for."""
        last = self.due[-1]
        if self.is_late:
            return last.key
        return BREACH if self.is_breach else str(PERCENT * last.counted // self.clock.target)

    @property
    def happened_at(self) -> datetime:
        """The true moment, however late this runs."""
        return (self.is_breach and self.clock.breached_at) or self.due[-1].at


def fire_clocks(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Warn, record breaches and tell the people of the steps, in bulk.

    A clock that somebody holds waits for the next tick. After an outage a clock gets one entry
    about all of its steps, with the true time of the last and the lag in seconds.
    """
    wanted = {timer.subject_id for timer in timers}
    clocks = _lock(wanted)
    held = _existing(wanted - clocks.keys())
    calls = [call for clock in clocks.values() if (call := _call(clock, now))]
    due = [call for call in calls if call.due]
    _note_calls(due, now)
    _set_following(calls, timers)
    facts = facts_of(call.clock for call in due)
    record([_entry(call, facts[call.clock.subject_id], now) for call in due])
    return [timer.pk for timer in timers if timer.subject_id not in held]


def _lock(ids: set[UUID]) -> dict[UUID, Clock]:
    rows = Clock.objects.filter(pk__in=ids).order_by("pk")
    locked = rows.select_for_update(no_key=True, skip_locked=True)
    wanted = locked.prefetch_related("runs", "contract__escalation_steps")
    return {row.pk: row for row in wanted}


def _existing(ids: set[UUID]) -> set[UUID]:
    """Return the clocks that somebody else holds; timers of a vanished one are done with."""
    return set(Clock.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _call(clock: Clock, now: datetime) -> _Call | None:
    if clock.state != Clock.State.RUNNING:
        return None
    ahead = upcoming(clock, [run.as_run for run in clock.runs.all()])
    due = [each for each in ahead if each.at <= now]
    following = next((each for each in ahead if each.at > now), None)
    return _Call(clock, due, following)


def _note_calls(calls: list[_Call], now: datetime) -> None:
    """Record on the clocks what is being done now."""
    for call in calls:
        call.clock.note_breach(now)
        call.clock.told = [*call.clock.told, *call.keys]
    rows = [(call.clock.pk, call.clock.told, call.clock.breached_at) for call in calls]
    update_rows(Clock, ("told", "breached_at"), rows)


def _set_following(calls: list[_Call], timers: Sequence[Timer]) -> None:
    """Wait for the next step of each clock, and for what has to be done beside telling."""
    following = {call.clock.pk: call.following.key for call in calls if call.following}
    too_early = [each.pk for each in timers if following.get(each.subject_id) == each.step]
    Timer.objects.filter(pk__in=too_early).delete()
    ahead = [(KIND, call.clock.pk, each) for call in calls if (each := call.following)]
    acts = [
        (ACT, call.clock.pk, each)
        for call in calls
        for each in call.due
        if each.step.action != NOTIFY
    ]
    Timer.objects.bulk_create(
        (
            Timer(kind=kind, subject_id=clock_id, step=each.key, due_at=each.at, fire_at=each.at)
            for kind, clock_id, each in (*ahead, *acts)
        ),
        ignore_conflicts=True,
    )


def _entry(call: _Call, facts: SubjectFacts, now: datetime) -> AuditEntry:
    clock = call.clock
    due = clock.breached_at or clock.due_at
    return AuditEntry(
        verb=call.verb,
        at=now,
        happened_at=call.happened_at,
        account_id=clock.account_id,
        target_type_id=clock.subject_type_id,
        target_id=clock.subject_id,
        label=facts.label,
        details={
            "clock": str(clock.pk),
            "metric": clock.metric,
            "priority": clock.priority,
            "step": call.step,
            "steps": call.keys,
            "times": [each.at.isoformat() for each in call.due],
            "hearers": sorted({who for each in call.due for who in each.step.hearers}),
            "people": sorted(
                {str(each.step.person_id) for each in call.due if each.step.person_id}
            ),
            "due": due.isoformat() if due else None,
            "lag_seconds": int((now - call.due[-1].at).total_seconds()),
            "assignee": str(facts.assignee_id) if facts.assignee_id else None,
        },
    )


def fire_acts(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Reassign or raise what steps say so about; what somebody holds waits for the next tick.

    Apart from the telling, for a subject is locked before its clocks.
    """
    wanted = Clock.objects.filter(pk__in={timer.subject_id for timer in timers})
    subject_of_clock = dict(wanted.values_list("pk", "subject_id"))
    free = _hold_free(wanted)
    live = wanted.live().filter(subject_id__in=free).select_related("contract")
    clocks = {clock.pk: clock for clock in live.prefetch_related("contract__escalation_steps")}
    for timer in timers:
        if clock := clocks.get(timer.subject_id):
            _act(clock, timer.step, now)
    held = {pk for pk, subject_id in subject_of_clock.items() if subject_id not in free}
    return [timer.pk for timer in timers if timer.subject_id not in held]


def _hold_free(clocks: ClockQuerySet) -> set[UUID]:
    """Lock the subjects that nobody holds, nor any of their clocks, and return their ids.

    A sweep may hold clocks already: were it to wait here for a subject, and the holder of that
    for one of those clocks, neither would ever go on.
    """
    free: set[UUID] = set()
    for type_id, ids in _by_type(clocks).items():
        rows = ContentType.objects.get_for_id(type_id).get_all_objects_for_this_type(pk__in=ids)
        locked = rows.order_by("pk").select_for_update(no_key=True, skip_locked=True)
        free |= set(locked.values_list("pk", flat=True))
    theirs = Clock.objects.live().filter(subject_id__in=free).order_by("pk")
    locked_clocks = theirs.select_for_update(no_key=True, skip_locked=True)
    ours = set(locked_clocks.values_list("pk", flat=True))
    return free - set(theirs.exclude(pk__in=ours).values_list("subject_id", flat=True))


def _by_type(clocks: ClockQuerySet) -> dict[int, set[UUID]]:
    answer: dict[int, set[UUID]] = defaultdict(set)
    for type_id, subject_id in clocks.values_list("subject_type_id", "subject_id"):
        answer[type_id].add(subject_id)
    return answer


def _act(clock: Clock, key: str, now: datetime) -> None:
    """Do what the step says; a contract that was put in its place meanwhile may know none such."""
    name = key.partition(".")[0]
    step = next((each for each in steps_of(clock.contract) if each.key == name), None)
    subject = subject_of(clock)
    if step and step.action == REASSIGN and step.person_id:
        subject.reassign(clock.subject_id, step.person_id, now)
    elif step and step.action == RAISE:
        subject.heighten(clock.subject_id, now)
