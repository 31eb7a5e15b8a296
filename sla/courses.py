"""The steps of stored clocks, as the pure module wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2s

from sla.clock import Run
from sla.models import Clock, Contract, EscalationStep
from sla.models.clock import counted_hours
from sla.steps import BREACH, HOUSE_STEPS, Course, Moment, Step, moments


def steps_of(contract: Contract | None) -> tuple[Step, ...]:
    """Return the steps of the contract; one that names none goes by the house's."""
    written = tuple(as_step(step) for step in contract.escalation_steps.all()) if contract else ()
    return written or HOUSE_STEPS


def as_step(row: EscalationStep) -> Step:
    from_due = timedelta(minutes=row.minutes_from_due or 0)
    again = timedelta(minutes=row.repeat_minutes) if row.repeat_minutes else None
    return Step(
        key=_key(row), percent=row.percent, from_due=from_due, action=row.action,
        hearers=(row.hearer,) if row.hearer else (), person_id=row.person_id,
        any_hour=row.any_hour, priority=row.priority, metric=row.metric, again=again,
        most=row.repeat_limit,
    )  # fmt: skip


def _key(row: EscalationStep) -> str:
    """Return a key by what happens: a later version of the contract may count its steps anew."""
    when = f"{row.percent}%" if row.percent else f"{row.minutes_from_due:+}m"
    what = " ".join(map(str, (row.action, row.hearer, row.person_id, row.priority, row.metric)))
    return f"{when}-{blake2s(what.encode(), digest_size=4).hexdigest()}"


def all_moments(clock: Clock, runs: Sequence[Run]) -> list[Moment]:
    """Return every step of the clock with its moment, taken or not, the earliest first."""
    steps = [
        step for step in steps_of(clock.contract) if step.concerns(clock.priority, clock.metric)
    ]
    course = Course(
        target=clock.target,
        runs=runs,
        calendar=clock.calendar,
        office=counted_hours(clock.calendar_version_id, around_the_clock=False),
        breached_at=clock.breached_at,
    )
    return moments(steps, course)


def upcoming(clock: Clock, runs: Sequence[Run]) -> list[Moment]:
    """Return the steps that were not taken yet, the earliest first.

    Who was told of the breach needs no warning of a moment before it, such as another contract
    brings along; one that only waited for the office to open is still taken.
    """
    found, taken = all_moments(clock, runs), set(clock.told)
    told_until = next((each.at for each in found if each.key == BREACH and BREACH in taken), None)
    return [
        each
        for each in found
        if each.key not in taken
        and not (told_until and each.counted <= clock.target and each.at <= told_until)
    ]
