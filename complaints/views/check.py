"""What the reply check says of a text before it is sent: beside the form, or with it on a page."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from complaints.forms import Case, CheckedForm
from complaints.views.actions import ACTIONS
from complaints.views.doors import for_colleagues, seen_complaint
from core.pages import Request, render_page, swaps_part


@for_colleagues
@require_POST
def check_reply(request: Request, pk: UUID) -> HttpResponse:
    """Check the text of the action that the address names; nothing is sent or stored."""
    complaint = seen_complaint(request, pk)
    action = ACTIONS.get(request.GET.get("verb", ""))
    if action is None or not issubclass(action.form, CheckedForm):
        raise Http404
    if not request.user.has_perm(f"complaints.{action.verb}", complaint):
        raise PermissionDenied
    case = Case(complaint=complaint, user=request.user, now=timezone.now())
    form = action.form(request.POST, case=case)
    if swaps_part(request):
        said = {"checked": form.told(), "text_id": form[form.letter].id_for_label}
        return render(request, "complaints/_reply_check.html", said)
    form.show_check()
    post_url = reverse(action.url_name, args=[pk])
    context = {"action": action, "form": form, "complaint": complaint, "post_url": post_url}
    return render_page(request, "complaints/action.html", context, fragment="form")
