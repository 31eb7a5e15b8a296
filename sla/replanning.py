"""Moves live clocks to a newer calendar or contract: what would move, and the moving in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, prefetch_related_objects

from accounts.models import Account
from core.bulk import insert_rows, update_rows
from core.ids import uuid7
from core.models import AuditEntry, Calendar, Timer
from core.operations import record, system_entry
from core.timers import clear_timers
from core.worktime import WorkCalendar
from sla import clock as arithmetic
from sla.clock import Run
from sla.clockwork import KIND as CLOCK
from sla.clockwork import plan, retarget
from sla.courses import upcoming
from sla.models import Clock, ClockRun, Contract, Recompute
from sla.models.clock import ClockQuerySet
from sla.subjects import facts_of, subject_of

KIND = "sla.recompute"
BATCH = 5_000
MOST_LOOKED_AT = 2_000
"""More clocks than that are counted, but not worked out, before somebody orders the change."""
MOST_SHOWN = 20
PLANNED = (
    "contract_id", "calendar_version_id", "target", "around_the_clock", "due_at", "remaining",
    "breached_at",
)  # fmt: skip
TIMER = ("id", "kind", "subject_id", "step", "due_at", "fire_at", "attempts", "last_error")
Cause = Calendar | Contract


def affected(cause: Cause) -> ClockQuerySet:
    """Return the live clocks that run on something older than the calendar or contract."""
    if isinstance(cause, Calendar):
        rows = Clock.objects.live().filter(calendar_version__calendar=cause)
        return rows.exclude(calendar_version=cause.current_id)
    return _covered(cause).exclude(contract=cause)


def _covered(contract: Contract) -> ClockQuerySet:
    """Return the live clocks that would run on the contract if they started now."""
    same_scope = Q(contract=None) | Q(contract__scope=contract.scope)
    whose = Q(account=contract.account_id)
    if contract.covers_children:
        own = Contract.objects.filter(state__in=Contract.IN_FORCE, scope=contract.scope)
        below = Account.objects.filter(ancestors__contains=[contract.account_id])
        children = below.exclude(pk__in=own.values("account"))
        inherited = Q(contract=None) | Q(contract__account=contract.account_id)
        whose |= Q(account__in=children) & inherited
    return Clock.objects.live().filter(whose, same_scope)


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline that would move; None is a clock that stands still."""

    clock: Clock
    label: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do to the open deadlines.

    total    -- clocks that run on something older.
    looked_at -- how many of them were worked out, the next due first; `moved` are of these.
    overdue  -- how many of the moved would be overdue at once.
    """

    total: int
    looked_at: int
    moved: int
    overdue: int
    moves: list[Move]

    @property
    def is_partial(self) -> bool:
        return self.looked_at < self.total


def preview(cause: Cause, now: datetime) -> Preview:
    """Work out what recomputing would move. Writes nothing."""
    _read_terms(cause)
    return _preview(affected(cause), lambda clock: _turn_to(clock, cause), now)


def preview_hours(calendar: Calendar, hours: WorkCalendar, now: datetime) -> Preview:
    """Work out what other opening hours of a calendar would move, before they are saved."""
    rows = Clock.objects.live().filter(calendar_version__calendar=calendar, around_the_clock=False)
    return _preview(rows, lambda clock: None, now, hours=hours)


def _preview(
    rows: ClockQuerySet,
    turn: Callable[[Clock], None],
    now: datetime,
    *,
    hours: WorkCalendar | None = None,
) -> Preview:
    total = rows.count()
    looked_at = list(
        rows.order_by("due_at", "pk")
        .select_related("contract")
        .prefetch_related("runs", "contract__targets")[:MOST_LOOKED_AT]
    )
    before = {clock.pk: clock.due_at for clock in looked_at}
    runs = _runs_of(looked_at)
    changed = []
    for clock in looked_at:
        left = clock.remaining
        turn(clock)
        _plan_by(clock, runs[clock.pk], hours or clock.calendar, now)
        if clock.due_at != before[clock.pk] or clock.remaining != left:
            changed.append(clock)
    overdue = sum(
        clock.is_overdue(now) and not _was_late(before[clock.pk], now) for clock in changed
    )
    facts = facts_of(changed[:MOST_SHOWN])
    moves = [
        Move(clock, facts[clock.subject_id].label, before[clock.pk], clock.due_at)
        for clock in changed[:MOST_SHOWN]
        if clock.subject_id in facts
    ]
    return Preview(total, len(looked_at), len(changed), overdue, moves)


def _was_late(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at < now


def _plan_by(clock: Clock, runs: list[Run], hours: WorkCalendar, now: datetime) -> None:
    if clock.is_paused:
        clock.remaining = max(clock.target - arithmetic.used(runs, hours, now), timedelta())
    else:
        clock.due_at = arithmetic.due_at(clock.target, runs, hours)


def _read_terms(cause: Cause) -> None:
    if isinstance(cause, Contract):
        prefetch_related_objects([cause], "targets", "escalation_steps")


def _turn_to(clock: Clock, cause: Cause) -> None:
    """Let the clock count by the calendar or contract; nothing is worked out yet."""
    if isinstance(cause, Contract):
        clock.contract = cause
        clock.calendar_version_id = cause.calendar.running_id
        retarget(clock)
    else:
        clock.calendar_version_id = cause.running_id


def fire_recomputes(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Carry out one batch of each order, and wait for the next batch, so that progress shows."""
    for timer in timers:
        order = Recompute.objects.select_for_update(no_key=True).get(pk=timer.subject_id)
        if not order.is_finished:
            _carry_on(order, now)
    return [timer.pk for timer in timers]


def _carry_on(order: Recompute, now: datetime) -> None:
    cause = order.calendar or order.contract
    assert cause is not None  # noqa: S101 -- narrows the type, a constraint keeps it
    _read_terms(cause)
    rows = affected(cause).order_by("pk")
    if order.last_id:
        rows = rows.filter(pk__gt=order.last_id)
    batch = list(rows.values_list("pk", "subject_type_id", "subject_id")[:BATCH])
    if batch:
        order.moved += _move(batch, cause, now)
        order.done += len(batch)
        order.last_id = batch[-1][0]
    else:
        order.finished_at = now
        record([_finished(order, now)])
    order.save(update_fields=["moved", "done", "last_id", "finished_at"])
    if batch:
        Timer.objects.create(
            kind=KIND, subject_id=order.pk, step=str(order.done), due_at=now, fire_at=now
        )


def _move(batch: list[tuple[UUID, int, UUID]], cause: Cause, now: datetime) -> int:
    """Plan the clocks anew and return how many deadlines moved; subjects are locked first."""
    clocks = list(_locked(batch))
    runs = _runs_of(clocks)
    before = {clock.pk: (clock.due_at, clock.remaining) for clock in clocks}
    for clock in clocks:
        _turn_to(clock, cause)
        plan(clock, runs[clock.pk], now)
    update_rows(
        Clock,
        PLANNED,
        [(clock.pk, *(getattr(clock, name) for name in PLANNED)) for clock in clocks],
    )
    moved = [clock for clock in clocks if (clock.due_at, clock.remaining) != before[clock.pk]]
    _wait_for_next_steps(clocks, runs)
    _refresh_subjects(moved)
    record(list(_entries(moved, before, now)))
    return len(moved)


def _locked(batch: list[tuple[UUID, int, UUID]]) -> Iterator[Clock]:
    by_type: dict[int, set[UUID]] = {}
    for _clock_id, type_id, subject_id in batch:
        by_type.setdefault(type_id, set()).add(subject_id)
    ids = [clock_id for clock_id, _type_id, _subject_id in batch]
    some = {type_id: Clock(subject_type_id=type_id) for type_id in by_type}
    for type_id, subject_ids in by_type.items():
        subject_of(some[type_id]).hold(subject_ids)
    rows = Clock.objects.live().filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    yield from rows.prefetch_related("contract__targets", "contract__escalation_steps")


def _wait_for_next_steps(clocks: list[Clock], runs: dict[UUID, list[Run]]) -> None:
    clear_timers(CLOCK, [clock.pk for clock in clocks])
    ahead = [
        (clock.pk, steps[0])
        for clock in clocks
        if not clock.is_paused and (steps := upcoming(clock, runs[clock.pk]))
    ]
    rows = [
        (uuid7(), CLOCK, clock_id, step.key, step.at, step.at, 0, "") for clock_id, step in ahead
    ]
    insert_rows(Timer, TIMER, rows, keep_present=True)


def _refresh_subjects(moved: list[Clock]) -> None:
    by_type: dict[int, list[Clock]] = {}
    for clock in moved:
        by_type.setdefault(clock.subject_type_id, []).append(clock)
    for clocks in by_type.values():
        subject_of(clocks[0]).refresh({clock.subject_id for clock in clocks})


def _entries(
    moved: list[Clock], before: Mapping[UUID, tuple[datetime | None, object]], now: datetime
) -> Iterator[AuditEntry]:
    facts = facts_of(moved)
    for clock in moved:
        was = before[clock.pk][0]
        yield AuditEntry(
            verb="sla.move_deadline",
            at=now,
            happened_at=now,
            account_id=clock.account_id,
            target_type_id=clock.subject_type_id,
            target_id=clock.subject_id,
            label=facts[clock.subject_id].label,
            details={
                "clock": str(clock.pk),
                "metric": clock.metric,
                "was_due": was.isoformat() if was else None,
                "due": clock.due_at.isoformat() if clock.due_at else None,
            },
        )


def _finished(order: Recompute, now: datetime) -> AuditEntry:
    target = order.calendar or order.contract
    assert target is not None  # noqa: S101 -- narrows the type, a constraint keeps it
    details = {"count": order.done, "moved": order.moved, "order": str(order.pk)}
    return system_entry("sla.finish_recompute", target=target, at=now, details=details)


def _runs_of(clocks: Iterable[Clock]) -> dict[UUID, list[Run]]:
    rows = ClockRun.objects.filter(clock__in=[clock.pk for clock in clocks])
    runs: dict[UUID, list[Run]] = {}
    for clock_id, starts_at, ends_at in rows.values_list("clock_id", "starts_at", "ends_at"):
        runs.setdefault(clock_id, []).append(Run(starts_at, ends_at))
    return runs
