"""Tasks: the list, the page of one, and what becomes of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import services
from accounts.clockwork import business_days_later
from accounts.forms import (
    CancelForm,
    EditTaskForm,
    FinishForm,
    PassOnForm,
    TaskFilterForm,
    TaskForm,
)
from accounts.kinds import task_says
from accounts.models import Account, Task
from accounts.models.task import TaskQuerySet
from accounts.queries import account_detail, task_list
from accounts.subjects import subject_url
from accounts.task_lines import task_line
from accounts.views.common import form_page, found, shows_form, way_back
from accounts.views.promise import END_OF_DAY
from core.history import visible_history
from core.models import AuditEntry, User
from core.pages import Request, act, go_to, render_page, submit, toast
from core.paging import page_of


@require_GET
def tasks(request: Request) -> HttpResponse:
    user, form = request.user, TaskFilterForm(request.GET)
    form.is_valid()
    chosen, now = form.cleaned_data, timezone.now()
    order = ("-ended_at", "-id") if chosen.get("ended") else ("due_at", "id")
    page = page_of(request, _chosen_tasks(user, chosen), *order)
    may_settle = _settles_all(user, chosen)
    context = {
        "chosen": chosen,
        "choices": _choices(chosen),
        "page": page,
        "lines": [task_line(user, row, now, may_settle=may_settle) for row in page.rows],
    }
    return render_page(request, "accounts/tasks.html", context, fragment="rows")


def _chosen_tasks(user: User, chosen: dict[str, Any]) -> TaskQuerySet:
    """Return the tasks of the person, or of all accounts that he answers for."""
    rows = task_list(user)
    if chosen.get("account"):
        rows = rows.filter(account=chosen["account"])
    elif chosen.get("whose") != TaskFilterForm.TEAM:
        rows = rows.filter(assignee__in=user.principals)
    elif not user.has_role(User.Role.HEAD_OF_KAM):
        rows = rows.filter(account__in=Account.objects.own_of(user))
    return rows.exclude(state=Task.State.OPEN) if chosen.get("ended") else rows.open()


def _settles_all(user: User, chosen: dict[str, Any]) -> bool:
    """Say whether all the chosen tasks are about accounts that the person answers for."""
    if chosen.get("account"):
        return user.has_perm("accounts.edit", chosen["account"])
    return chosen.get("whose") == TaskFilterForm.TEAM and user.front_office


def _choices(chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the chips: whose, and open or ended; an account's page offers the latter only."""
    people = {TaskFilterForm.MINE: _("Mine"), TaskFilterForm.TEAM: _("Team")}
    present = (chosen.get("whose") or TaskFilterForm.MINE, bool(chosen.get("ended")))
    if account := chosen.get("account"):
        about = {"account": account.pk}
        chips = [(_("Open"), about, False), (_("Ended"), about, True)]
        return [_chip(*chip, is_chosen=chip[2] == present[1]) for chip in chips]
    chips = [
        *((label, {"whose": who}, False) for who, label in people.items()),
        *((_("%(whose)s, ended") % {"whose": label}, {"whose": who}, True)
          for who, label in people.items()),
    ]  # fmt: skip
    return [_chip(*chip, is_chosen=(chip[1]["whose"], chip[2]) == present) for chip in chips]


def _chip(label: str, query: dict[str, Any], ended: bool, *, is_chosen: bool) -> dict[str, Any]:  # noqa: FBT001
    url = f"?{urlencode(query | ({'ended': 'on'} if ended else {}))}"
    return {"label": label, "url": url, "is_chosen": is_chosen}


@require_GET
def task(request: Request, pk: UUID) -> HttpResponse:
    user = request.user
    row = found(user, task_list(user), pk)
    may_settle = user.has_perm("accounts.edit", row.account)
    history = AuditEntry.objects.filter(visible_history(user), target_id=row.pk)
    context = {
        "line": task_line(user, row, timezone.now(), may_settle=may_settle),
        "subject_url": subject_url(row),
        "entries": history.select_related("actor", "on_behalf_of").order_by("-at", "-id"),
    }
    return render_page(request, "accounts/task.html", context, fragment="card")


@shows_form
def open_task(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.open_task")
    now = timezone.now()
    likely = {"due_at": business_days_later(account, now, 1, at=END_OF_DAY)}
    form = TaskForm(request.POST or None, initial=likely | {"assignee": request.user.pk})
    if submit(request, form, services.open_task, account=account, now=now):
        return go_to(request, "accounts:detail", pk, says=_("Added."))
    words = {"title": _("Add a task"), "submit": _("Add"), "subtitle": account.name}
    return form_page(request, form, ("accounts:detail", pk), **words)


@shows_form
def edit_task(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, task_list(request.user), pk, "accounts.edit_task")
    now_it_is: dict[str, Any] = {"title": row.title, "due_at": row.due_at}
    initial = now_it_is | {"version": row.version, "assignee": row.assignee_id}
    is_own = row.kind == Task.OWN
    form = (EditTaskForm if is_own else PassOnForm)(request.POST or None, initial=initial)
    given = {"task": row} | ({} if is_own else now_it_is)
    if submit(request, form, services.edit_task, now=timezone.now(), **given):
        return go_to(request, "accounts:task", pk, says=_("Saved."))
    words = {"title": _("Change the task"), "submit": _("Save"), "subtitle": task_says(row)}
    return form_page(request, form, ("accounts:task", pk), **words)


@shows_form
def finish_task(request: Request, pk: UUID) -> HttpResponse:
    row, now = (
        found(request.user, task_list(request.user), pk, "accounts.finish_task"),
        timezone.now(),
    )
    if request.method == "POST" and request.htmx.target == f"task-{pk}":
        done = act(request, services.finish_task, task=row, now=now)
        line = {"line": task_line(request.user, done, now)}
        return toast(render(request, "accounts/tasks.html#row", line), _("Done."))
    form = FinishForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.finish_task, task=row, now=now):
        return go_to(request, way_back(request, "accounts:task", pk), says=_("Done."))
    words = {"title": _("The task is done"), "submit": _("Done"), "subtitle": task_says(row)}
    return form_page(request, form, ("accounts:task", pk), **words)


@shows_form
def cancel_task(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, task_list(request.user), pk, "accounts.cancel_task")
    form = CancelForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.cancel_task, task=row, now=timezone.now()):
        return go_to(request, "accounts:task", pk, says=row.get_state_display())
    words = {"title": _("No longer needed"), "submit": _("Note it"), "subtitle": task_says(row)}
    return form_page(request, form, ("accounts:task", pk), **words)
