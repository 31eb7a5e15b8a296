"""Arithmetic of one clock: pure functions over its runs; pauses are what lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of time in which the clock ran; ends_at None is still running."""

    starts_at: datetime
    ends_at: datetime | None = None


def used(runs: Sequence[Run], calendar: WorkCalendar, until: datetime) -> timedelta:
    """Return the open time that the runs have used up to a moment."""
    spent = timedelta()
    for run in runs:
        end = min(run.ends_at or until, until)
        if end > run.starts_at:
            spent += calendar.between(run.starts_at, end)
    return spent


def moment_of(amount: timedelta, runs: Sequence[Run], calendar: WorkCalendar) -> datetime | None:
    """Return when the runs will have used, or had used, the amount; None if they stopped before.

    An amount used exactly at closing time is reached at closing. One used exactly when a run
    ends is reached when the next begins: a clock paused at its due moment is not late yet (4.10).
    """
    for run in runs:
        if run.ends_at is None:
            return calendar.add(run.starts_at, amount)
        length = calendar.between(run.starts_at, run.ends_at)
        if amount < length:
            return calendar.add(run.starts_at, amount)
        amount -= length
    return None


def due_at(target: timedelta, runs: Sequence[Run], calendar: WorkCalendar) -> datetime | None:
    """Return the moment at which the target is used up; None while the clock is paused before it.

    Source: 4.2, due = start + target counted only in open minutes, pauses excluded.
    """
    return moment_of(target, runs, calendar)
