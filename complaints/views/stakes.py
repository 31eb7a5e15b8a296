"""How a client presses us, and the urgent meeting that answers it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Task
from accounts.queries import account_detail, people_to_call, reads_stake, task_list
from accounts.views.common import found, shows_form
from complaints import services
from complaints.forms.stakes import FormalForm, InformalForm
from complaints.kinds import FORMAL, INFORMAL, URGENT_MEETING
from complaints.pressure import index_of, pressed_cases
from complaints.views.doors import for_colleagues
from core.pages import Request, go_to, render_page, submit

PARTS: Final = {FORMAL: FormalForm, INFORMAL: InformalForm}


@for_colleagues
@require_GET
def pressure(request: Request, pk: UUID) -> HttpResponse:
    """Show pressure beside justification, for those who may know."""
    user, now = request.user, timezone.now()
    account = get_object_or_404(account_detail(user), pk=pk)
    if not reads_stake(user, account):
        raise Http404
    cases = pressed_cases(user, account, now)
    context = {
        "account": account,
        "cases": [each for each in cases if each.is_pressed],
        "index": index_of(cases),
        "people": people_to_call(user, account, now),
    }
    return render_page(request, "complaints/pressure.html", context, fragment="cases")


@shows_form
def hold_meeting(request: Request, pk: UUID) -> HttpResponse:
    """Log the formal or the informal part; the address says which by `?part=`."""
    user, now = request.user, timezone.now()
    meetings = task_list(user).filter(kind=URGENT_MEETING)
    task = found(user, meetings, pk, "complaints.hold_meeting")
    part = _part(request, task)
    account = task.account
    initial = {"version": task.version, **_suggested(request, task, part)}
    form = PARTS[part](request.POST or None, initial=initial, account=account)
    if submit(request, form, services.hold_meeting, task=task, part=part, now=now):
        return go_to(request, "accounts:task", pk, says=_("The talk is logged."))
    context = {
        "task": task,
        "account": account,
        "form": form,
        "part": part,
        "held": task.facts.get("held", []),
        "people": people_to_call(user, account, now),
    }
    return render_page(request, "complaints/hold_meeting.html", context, fragment="form")


def _part(request: Request, task: Task) -> str:
    """Return the part that was asked for, by default the one that is still to be held."""
    wanted = request.GET.get("part", "")
    missing = [each for each in PARTS if each not in task.facts.get("held", [])]
    return wanted if wanted in PARTS else next(iter(missing), FORMAL)


def _suggested(request: Request, task: Task, part: str) -> dict[str, Any]:
    """Propose the most loyal insider for the informal talk."""
    told = people_to_call(request.user, task.account, timezone.now())
    if part != INFORMAL or not told or not told.loyal:
        return {}
    return {"contacts": [told.loyal[0].contact.pk]}
