"""Whose complaint is it: from nobody known yet to its account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ClientForm
from complaints import services
from complaints.forms.mail import MoveForm
from complaints.mail_queries import accounts_near
from complaints.views.doors import for_colleagues, seen_complaint
from core.pages import Request, go_to, render_page, submit


@for_colleagues
@require_http_methods(["GET", "POST"])
def move(request: Request, pk: UUID) -> HttpResponse:
    complaint, now = seen_complaint(request, pk), timezone.now()
    if not request.user.has_perm("complaints.move", complaint):
        raise PermissionDenied
    if request.method == "GET" and not complaint.account.is_unknown:
        return go_to(request, "complaints:detail", pk)
    client = ClientForm(request.POST or request.GET, user=request.user)
    found, account = client.choice()
    form = MoveForm(request.POST or None, complaint=complaint, account=account)
    if submit(request, form, services.move, complaint=complaint, account=account, now=now):
        return go_to(request, "complaints:detail", pk, says=_("It is with its account now."))
    context: dict[str, Any] = {
        "complaint": complaint,
        "client": client,
        "found": found,
        "account": account,
        "near": [] if found else accounts_near(request.user, complaint),
        "form": form,
    }
    return render_page(request, "complaints/move.html", context, fragment="form")
