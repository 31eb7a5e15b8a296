"""Letting open deadlines follow a newer calendar or contract: the preview, the order, its progress."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.views.common import found, shows_form
from core.calendar_queries import calendar_list
from core.models import Calendar
from core.pages import Request, VersionedForm, go_to, render_page, submit
from sla import services
from sla.models import Contract
from sla.queries import contract_list, recompute_list
from sla.replanning import preview

for_heads = permission_required("sla.recompute", raise_exception=True)


@for_heads
@shows_form
def recompute(request: Request, kind: str, pk: UUID) -> HttpResponse:
    """Show what would move; posting it orders the change."""
    cause, now = _cause(request, kind, pk), timezone.now()
    form = VersionedForm(request.POST or None, initial={"version": cause.version})
    if order := submit(request, form, services.recompute, cause=cause, now=now):
        return go_to(request, "sla:recomputation", order.pk)
    context = {
        "form": form,
        "cause": cause,
        "back_url": _page_of(cause),
        "told": preview(cause, now),
    }
    return render_page(request, "sla/recompute.html", context, fragment="form")


def _cause(request: Request, kind: str, pk: UUID) -> Calendar | Contract:
    if kind == "calendar":
        return found(request.user, calendar_list(request.user), pk)
    if kind == "contract":
        return found(request.user, contract_list(request.user), pk)
    raise Http404


def _page_of(cause: Calendar | Contract) -> str:
    return reverse(
        "calendars:detail" if isinstance(cause, Calendar) else "sla:detail", args=[cause.pk]
    )


@require_GET
def recomputation(request: Request, pk: UUID) -> HttpResponse:
    order = found(request.user, recompute_list(request.user), pk)
    context = {"order": order, "cause": order.calendar or order.contract}
    return render_page(request, "sla/recomputation.html", context, fragment="progress")
