"""Duties among ourselves: given by people or rules, done or no longer needed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.kinds import Facts, stored_facts
from accounts.models import Account, Task
from accounts.queries import reads_cases
from accounts.services.alert import ReasonMissing
from accounts.services.promise import DueInThePast
from core.errors import DomainError, InvalidTransition
from core.models import Row, User
from core.operations import Actor, operation


class TitleMissing(DomainError):
    code = "title_missing"


class NotAnAssignee(DomainError):
    code = "not_an_assignee"


class RuleDecides(DomainError):
    code = "rule_decides"


def open_task(  # noqa: PLR0913 -- what a person enters on one form, or a rule tells in one breath
    *,
    actor: Actor,
    account: Account,
    kind: str = Task.OWN,
    title: str = "",
    assignee: User,
    due_at: datetime,
    subject: Row | None = None,
    facts: Facts | None = None,
    now: datetime,
) -> Task:
    """Give somebody something to do for the account; he hears of it unless it is himself.

    title -- only of an own task, which needs one; the kind words those of rules from `facts`.

    A rule has one open task per (kind, account, subject): asked again, the open one is returned
    as it is.
    """
    with transaction.atomic():
        if standing := _open_one(account, kind, subject):
            return standing
        with operation("accounts.open_task", actor=actor, on=account, at=now) as op:
            _require_title(kind, title)
            _require_ahead(due_at, now)
            _require_fit(assignee)
            task = Task(
                account=account, kind=kind, title=title, assignee=assignee, due_at=due_at,
                subject=subject, facts=stored_facts(facts or {}), opened_at=now,
            )  # fmt: skip
            op.details |= {"task": kind, "due": due_at.isoformat()}
            op.create(task)
    return task


def edit_task(
    *, actor: Actor, task: Task, title: str, due_at: datetime, assignee: User, now: datetime
) -> Task:
    """Change an own task. Of a rule's task only the assignee can be changed: the rest is its."""
    with operation("accounts.edit_task", actor=actor, on=task, at=now) as op:
        _require_open(task)
        if task.kind != Task.OWN and (title, due_at) != (task.title, task.due_at):
            raise RuleDecides(_("A rule gave this task: only who does it can be changed."))
        _require_title(task.kind, title)
        if due_at != task.due_at:
            _require_ahead(due_at, now)
        if assignee.pk != task.assignee_id:
            _require_fit(assignee)
        task.title, task.due_at, task.assignee = title, due_at, assignee
        op.details |= {"task": task.kind, "due": due_at.isoformat()}
    return task


def finish_task(*, actor: Actor, task: Task, outcome: str = "", now: datetime) -> Task:
    """Record that it was done, and what came of it."""
    with operation("accounts.finish_task", actor=actor, on=task, at=now) as op:
        _require_open(task)
        task.state, task.ended_at, task.outcome = Task.State.DONE, now, outcome
        op.details["task"] = task.kind
    return task


def cancel_task(*, actor: Actor, task: Task, reason: str, now: datetime) -> Task:
    """Record that it need not be done; the reason stays with the task."""
    with operation("accounts.cancel_task", actor=actor, on=task, at=now) as op:
        _require_open(task)
        if not reason.strip():
            raise ReasonMissing(_("Say why in a few words; others will ask."))
        task.state, task.ended_at, task.outcome = Task.State.CANCELLED, now, reason
        op.details["task"] = task.kind
    return task


def _open_one(account: Account, kind: str, subject: Row | None) -> Task | None:
    """Return the rule's open task; two sweeps that see the same wait here for each other."""
    if kind == Task.OWN:
        return None
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    subject_id = subject.pk if subject else None
    return Task.objects.open().filter(account=account, kind=kind, subject_id=subject_id).first()


def _require_open(task: Task) -> None:
    if not task.is_open:
        raise InvalidTransition(task.get_state_display(), [])


def _require_title(kind: str, title: str) -> None:
    if kind == Task.OWN and not title.strip():
        raise TitleMissing(_("Say what is to be done."))


def _require_ahead(due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        raise DueInThePast(_("A task can only be due in the future."))


def _require_fit(assignee: User) -> None:
    is_program = assignee.has_role(User.Role.API_CLIENT)
    if is_program or not assignee.is_active or not reads_cases(assignee):
        raise NotAnAssignee(_("This person cannot read what a task is about. Choose another one."))
