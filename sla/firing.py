"""Tells people of clocks that run out: what the sweep of timers calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from core.models import AuditEntry, Timer
from core.operations import record
from sla.clock import BREACH, EXECUTIVE, RANKS
from sla.clockwork import KIND
from sla.models import Clock
from sla.subjects import SubjectFacts, facts_of


@dataclass(frozen=True, slots=True)
class _Call:
    """What people must be told about one clock: its due steps with their times, the gravest last."""

    clock: Clock
    due: list[tuple[str, datetime]]

    @property
    def step(self) -> str:
        return self.due[-1][0]

    @property
    def steps(self) -> list[str]:
        return [step for step, _due_at in self.due]

    @property
    def verb(self) -> str:
        if BREACH in self.steps:
            return "sla.breach"
        return "sla.escalate" if EXECUTIVE in self.steps else "sla.warn"


def fire_clocks(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Warn, record breaches and tell the people of 10.6, in bulk.

    A clock that somebody holds waits for the next tick. After an outage a clock gets one entry
    about all of its steps, with the true time of the last and the lag in seconds.
    """
    wanted = {timer.subject_id for timer in timers}
    clocks = _lock(wanted)
    held = _existing(wanted - clocks.keys())
    calls = _calls(clocks, now)
    _note_calls(calls, now)
    facts = facts_of(call.clock for call in calls)
    record([_entry(call, facts[call.clock.subject_id], now) for call in calls])
    return [timer.pk for timer in timers if timer.subject_id not in held]


def _lock(ids: set[UUID]) -> dict[UUID, Clock]:
    rows = Clock.objects.filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True, skip_locked=True)}


def _existing(ids: set[UUID]) -> set[UUID]:
    """Return the clocks that somebody else holds; timers of a vanished one are done with."""
    return set(Clock.objects.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _calls(clocks: dict[UUID, Clock], now: datetime) -> list[_Call]:
    """Return what the running clocks have come to since people were last told.

    Looks at all due timers of a clock, also at those that another sweep has claimed: that sweep
    cannot lock the clock, and finds later that the step is told. Waiting for its timers here
    would let two sweeps wait for each other.
    """
    due: dict[UUID, list[tuple[str, datetime]]] = {}
    pending = Timer.objects.filter(
        kind=KIND, subject_id__in=clocks, fired_at=None, due_at__lte=now
    ).values_list("subject_id", "step", "due_at")
    for clock_id, step, due_at in sorted(pending, key=lambda each: RANKS[each[1]]):
        clock = clocks[clock_id]
        if clock.state == Clock.State.RUNNING and RANKS[step] > clock.warned:
            due.setdefault(clock_id, []).append((step, due_at))
    return [_Call(clocks[clock_id], steps) for clock_id, steps in due.items()]


def _note_calls(calls: list[_Call], now: datetime) -> None:
    """Record on the clocks what people are being told of, in as many updates as there are steps."""
    by_step: dict[str, list[UUID]] = {}
    for call in calls:
        call.clock.note_breach(now)
        by_step.setdefault(call.step, []).append(call.clock.pk)
    for step, ids in by_step.items():
        rows = Clock.objects.filter(pk__in=ids)
        rows.update(warned=RANKS[step])
        rows.filter(breached_at=None, due_at__lt=now).update(breached_at=F("due_at"))


def _entry(call: _Call, facts: SubjectFacts, now: datetime) -> AuditEntry:
    clock = call.clock
    due = clock.breached_at or clock.due_at
    return AuditEntry(
        verb=call.verb,
        at=now,
        happened_at=now,
        account_id=clock.account_id,
        target_type_id=clock.subject_type_id,
        target_id=clock.subject_id,
        label=facts.label,
        details={
            "clock": str(clock.pk),
            "metric": clock.metric,
            "priority": clock.priority,
            "step": call.step,
            "steps": call.steps,
            "due": due.isoformat() if due else None,
            "lag_seconds": int((now - call.due[-1][1]).total_seconds()),
            "assignee": str(facts.assignee_id) if facts.assignee_id else None,
        },
    )
