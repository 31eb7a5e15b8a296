"""One cause behind several complaints: how often it struck, and which problem stands for it (C-15)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zlib import crc32

from django.db import connection
from django.db.models import Count, Q

from accounts import services as accounts
from accounts.models import Task
from complaints.kinds import PROBLEM_CHECK
from complaints.models import Complaint, Problem
from complaints.models.complaint import ComplaintQuerySet
from complaints.queries import REPEAT_WINDOW
from core.models import User
from core.operations import SYSTEM

ENOUGH: Final = 3
"""Complaints of one cause within 90 days, over all accounts, that make a problem."""
_LOCKS: Final = crc32(b"complaints.problem") - 2**31
"""The family of the locks by which two findings of one cause wait for each other."""


def hold_cause(root_cause: str) -> None:
    """Let others who judge the same cause wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, crc32(root_cause.encode()) - 2**31]
        )


def is_dangerous(complaint: Complaint) -> bool:
    return complaint.safety or complaint.category == Complaint.Category.SAFETY


def stands_for(problem: Problem, complaint: Complaint) -> bool:
    """Say whether the problem is about what caused the complaint."""
    same_cause = problem.root_cause == complaint.root_cause
    return same_cause and problem.batch in {"", complaint.batch}


def standing_problems(root_cause: str, batch: str) -> list[Problem]:
    """Return the open problems of the cause, that of the batch itself before the general one."""
    rows = Problem.objects.open().filter(root_cause=root_cause, batch__in={batch, ""})
    return sorted(rows, key=lambda each: each.batch != batch)


def struck(root_cause: str, batch: str, now: datetime, *, besides: Complaint) -> tuple[int, int]:
    """Return how many complaints had the cause: of the batch, and of any; the one given counts.

    What a solved problem has dealt with is not counted again.
    """
    others = _not_dealt_with(root_cause, now).exclude(pk=besides.pk)
    of_batch = Count("pk", filter=Q(batch=batch) & ~Q(batch=""))
    found = others.aggregate(of_batch=of_batch, all=Count("pk"))
    return found["of_batch"] + bool(batch), found["all"] + 1


def times_struck(root_cause: str, batch: str, now: datetime) -> int:
    """Return how many complaints had the cause, of the batch if one is named."""
    rows = _not_dealt_with(root_cause, now)
    return (rows.filter(batch=batch) if batch else rows).count()


def link_complaints(problem: Problem, now: datetime) -> None:
    """Let the complaints of the cause name the problem.

    One that somebody works on just now is left out: its own findings will name the problem.
    """
    same = _of_cause(problem.root_cause, now).filter(problem=None)
    if problem.batch:
        same = same.filter(batch=problem.batch)
    free = same.order_by("pk").select_for_update(no_key=True, skip_locked=True)
    named = list(free.values_list("pk", flat=True))
    Complaint.objects.filter(pk__in=named).update(problem=problem)


def finish_check(problem: Problem, outcome: str, now: datetime) -> None:
    """End the task that asks whom else it hits: somebody has decided."""
    tasks = Task.objects.open().filter(kind=PROBLEM_CHECK, subject_id=problem.pk)
    for task in tasks.order_by("pk"):
        accounts.finish_task(actor=SYSTEM, task=task, outcome=outcome[:500], now=now)


def head() -> User | None:
    """Return the head of key accounts who looks after problems, the first of several."""
    return User.objects.in_role(User.Role.HEAD_OF_KAM).order_by("created_at", "id").first()


def _of_cause(root_cause: str, now: datetime) -> ComplaintQuerySet:
    ended = (Complaint.State.MERGED, Complaint.State.CONVERTED)
    rows: ComplaintQuerySet = Complaint.objects.filter(
        root_cause=root_cause, received_at__gt=now - REPEAT_WINDOW
    )
    return rows.exclude(state__in=ended)


def _not_dealt_with(root_cause: str, now: datetime) -> ComplaintQuerySet:
    return _of_cause(root_cause, now).exclude(problem__state=Problem.State.SOLVED)
