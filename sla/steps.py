"""What happens when a promised time runs out: which step, when, and who is concerned.

Pure: steps come in as values, moments come out in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.worktime import WorkCalendar
from sla import clock as arithmetic
from sla.clock import Run

BREACH = "breach"
AFTER_DUE = timedelta(microseconds=1)
"""A stop at the due moment itself is in time, so a breach is what happens just after it."""
NOTIFY, REASSIGN, RAISE = "notify", "reassign", "raise"
ASSIGNEE, MANAGER, HEAD, EXECUTIVE = "assignee", "manager", "head", "executive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step on the way of a clock.

    key      -- under which the clock remembers that it was taken; unique among its steps.
    percent  -- share of the target at which it happens; or else
    from_due -- counted time before (negative) or after the due moment.
    any_hour -- also outside working hours; else it waits for the next opening.
    priority, metric -- only for these clocks; empty for all.
    again, most -- repeated every so often of counted time, at most so many times.
    """

    key: str
    percent: int | None = None
    from_due: timedelta = timedelta()
    action: str = NOTIFY
    hearers: tuple[str, ...] = ()
    person_id: UUID | None = None
    any_hour: bool = False
    priority: str = ""
    metric: str = ""
    again: timedelta | None = None
    most: int = 0

    def concerns(self, priority: str, metric: str) -> bool:
        return self.priority in ("", priority) and self.metric in ("", metric)

    def counted(self, target: timedelta) -> timedelta:
        """Return how much of the counted time has passed when it happens."""
        return target * self.percent / 100 if self.percent else target + self.from_due


@dataclass(frozen=True, slots=True)
class Moment:
    """A step with the moment at which it is due; a repetition has a key of its own.

    counted -- how much of the counted time has passed then.
    """

    at: datetime
    key: str
    step: Step
    counted: timedelta


HOUSE_STEPS = (
    Step(key="50", percent=50, hearers=(ASSIGNEE,), any_hour=True),
    Step(key="75", percent=75, hearers=(ASSIGNEE, MANAGER), any_hour=True),
    Step(key="90", percent=90, hearers=(ASSIGNEE, MANAGER, HEAD), any_hour=True),
    Step(
        key="executive",
        from_due=timedelta(minutes=30),
        hearers=(EXECUTIVE,),
        any_hour=True,
        priority="p1",
    ),
)
"""Who hears when nothing else was agreed (10.6). Business clocks reach their shares in hours."""
THE_BREACH = Step(key=BREACH, from_due=AFTER_DUE, hearers=(ASSIGNEE, MANAGER, HEAD), any_hour=True)
"""A breach is recorded whatever the contract says, and these people always hear of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The way of one clock: what is counted, and when people are at work.

    calendar -- what the clock counts; office -- the working hours for steps that keep to them.
    breached_at -- a breach of before: a lower priority does not undo it, nor the telling of it.
    """

    target: timedelta
    runs: Sequence[Run]
    calendar: WorkCalendar
    office: WorkCalendar
    breached_at: datetime | None = None

    def at(self, counted: timedelta) -> datetime | None:
        return arithmetic.moment_of(counted, self.runs, self.calendar)


def moments(steps: Iterable[Step], course: Course) -> list[Moment]:
    """Return all steps of the clock with their moments, the earliest first.

    A step that lies before the start of a short target is left out, and so is a share of a longer
    time that the clock was given after its breach: there is nothing left to warn of.
    """
    found = [each for step in (*steps, THE_BREACH) for each in _moments(step, course)]
    return sorted(found, key=lambda each: (each.at, each.key == BREACH, each.key))


def _moments(step: Step, course: Course) -> Iterator[Moment]:
    for turn in range(step.most + 1):
        counted = step.counted(course.target) + (step.again or timedelta()) * turn
        exact = _exact(step, counted, course)
        if exact is not None and not _is_vain(counted, exact, course):
            at = exact if step.any_hour else course.office.next_open(exact)
            yield Moment(at, f"{step.key}.{turn}" if turn else step.key, step, counted)


def _exact(step: Step, counted: timedelta, course: Course) -> datetime | None:
    if counted < timedelta():
        return None
    if step.key != BREACH:
        return course.at(counted)
    # A microsecond after closing time is still that day, for people as for calendars.
    due = course.breached_at or course.at(course.target)
    return due + AFTER_DUE if due else None


def _is_vain(counted: timedelta, exact: datetime, course: Course) -> bool:
    is_warning = counted <= course.target
    return is_warning and course.breached_at is not None and exact > course.breached_at
