"""Logging a complaint on one screen, with the deadlines that will apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import services as accounts
from accounts.forms import ClientForm
from accounts.models import Account
from complaints import services
from complaints.forms import JudgementForm, LogForm
from complaints.models import Complaint
from complaints.priority import priority_of
from complaints.services import Intake
from complaints.wording import by_when
from core.models import User
from core.pages import Request, go_to, render_page, submit
from sla.models import Metric, Priority
from sla.queries import contract_for, local_day, planned, scopes_of

may_log = permission_required("complaints.log", raise_exception=True)


@may_log
@require_http_methods(["GET", "POST"])
def log(request: Request) -> HttpResponse:
    client = ClientForm(request.POST or request.GET, user=request.user)
    found, account = client.choice()
    now = timezone.now()
    scopes = scopes_of(account, local_day(account, now)) if account else []
    form = LogForm(request.POST or None, request.FILES or None, account=account, scopes=scopes)
    if complaint := submit(request, form, _log, account=account, now=now):
        says = _("Logged as %(no)s.") % {"no": complaint.no}
        return go_to(request, "complaints:detail", complaint.pk, says=says)
    first = form.fields["client_words"] if account else client.fields["find"]
    first.widget.attrs["autofocus"] = True
    context = {"client": client, "found": found, "account": account, "form": form}
    fragment = "form" if request.method == "POST" else "client"
    return render_page(request, "complaints/log.html", context, fragment=fragment)


def _log(
    *,
    actor: User,
    account: Account,
    intake: Intake,
    newcomer: Mapping[str, Any] | None,
    files: list[Any],
    now: datetime,
) -> Complaint:
    """Log it; somebody who calls for the first time becomes a contact in the same transaction."""
    if newcomer:
        contact = accounts.add_contact(actor=actor, account=account, fields=newcomer, now=now)
        intake = replace(intake, contact=contact)
    return services.log_complaint(actor=actor, account=account, intake=intake, files=files, now=now)


@may_log
@require_GET
def preview(request: Request) -> HttpResponse:
    """Say which priority and deadlines a complaint would get; nothing is written."""
    now = timezone.now()
    form = JudgementForm(request.GET, user=request.user)
    form.is_valid()
    told = form.cleaned_data
    account, at = told.get("account"), told.get("received_at") or now
    context: dict[str, Any] = {"account": account}
    if account is not None:
        context |= {"rows": [_forecast(account, each, at, now) for each in _priorities(told)]}
        context |= {"contract": contract_for(account, local_day(account, at))}
    return render_page(request, "complaints/preview.html", context, fragment="preview")


def _priorities(told: Mapping[str, Any]) -> list[str]:
    """Return the priority that the judgement makes; every one while it is not made."""
    impact, urgency, safety = told.get("impact"), told.get("urgency"), bool(told.get("safety"))
    if safety:
        return [Priority.P1]
    if impact and urgency:
        return [priority_of(impact, urgency)]
    return Priority.values


def _forecast(account: Account, priority: str, at: datetime, now: datetime) -> dict[str, str]:
    due = {
        metric: by_when(moment, now) for metric, moment in planned(account, priority, at).items()
    }
    return {
        "priority": priority,
        "label": str(Priority(priority).label),
        "answer": due.get(Metric.FIRST_RESPONSE, ""),
        "solution": due.get(Metric.RESOLUTION, ""),
    }
