"""A task in words, with what the reader may do to it, for lists and panels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.kinds import task_kind, task_says
from accounts.models import Task
from core.errors import Sentence
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """form_url -- the exact form that does it, "" if there is none but the task's own page."""

    task: Task
    label: Sentence
    says: str
    form_url: str
    is_overdue: bool
    may_settle: bool


def task_line(user: User, task: Task, now: datetime, *, may_settle: bool = False) -> TaskLine:
    """Return the task as this person sees it; asks the database nothing.

    may_settle -- he answers for the account, or for all.
    """
    kind = task_kind(task.kind)
    return TaskLine(
        task=task,
        label=kind.label,
        says=task_says(task),
        form_url=kind.url(task) if task.is_open else "",
        is_overdue=task.is_overdue(now),
        may_settle=task.is_open and (may_settle or task.assignee_id in user.principals),
    )
