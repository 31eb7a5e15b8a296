"""The follow-up calls that are owed, overdue first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.calls import Call, call_of, recordable_by
from complaints.forms import CallbackForm, Case
from complaints.queries import callback_list, complaints_of
from complaints.views.actions import ACTIONS
from complaints.views.doors import for_colleagues
from core.models import User
from core.pages import Request, render_page
from core.paging import page_of


@for_colleagues
@require_GET
def callbacks(request: Request) -> HttpResponse:
    user, now = request.user, timezone.now()
    page = page_of(request, callback_list(user), "due_at", "id")
    complaints = complaints_of(page.rows)
    calls = [
        call_of(each, complaints[each.subject_id], user, now)
        for each in page.rows
        if each.subject_id
    ]
    own = recordable_by(user, complaints.values())
    lines = [{"call": call, "form": _form(call, user, now, own)} for call in calls]
    context = {"page": page, "lines": lines, "action": ACTIONS["record_callback"]}
    return render_page(request, "complaints/callbacks.html", context, fragment="rows")


def _form(call: Call, user: User, now: datetime, own: set[UUID]) -> CallbackForm | None:
    if call.complaint.account_id not in own:
        return None
    return CallbackForm(case=Case(complaint=call.complaint, user=user, now=now))
