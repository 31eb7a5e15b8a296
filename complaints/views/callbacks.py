"""The calls that are owed, overdue first, and recording one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from complaints import services
from complaints.call_list import (
    LATER,
    OVERDUE,
    TODAY,
    call_counts,
    fingerprint,
    part_of,
    wanted_calls,
)
from complaints.calling import owed_calls
from complaints.forms import CallbackForm, Case
from complaints.forms.calls import CallFilter
from complaints.models import Complaint
from complaints.views.call_lines import CallLine, line_for, lines_of
from complaints.views.doors import for_colleagues, seen_complaint
from core.pages import Request, go_to, render_page, submit, swaps_part
from core.paging import page_of

NUMBERS, SEEN = "numbers", "seen"
BACK_TO, LIST_OF_CALLS = "back", "callbacks"
HEADINGS = {OVERDUE: _("Overdue"), TODAY: _("Today"), LATER: pgettext_lazy("when due", "Later")}


@for_colleagues
@require_GET
def callbacks(request: Request) -> HttpResponse:
    user, now = request.user, timezone.now()
    form = CallFilter(request.GET, user=user)
    wanted = form.wanted()
    page = page_of(request, wanted_calls(user, wanted, now), "due_at", "id")
    seen = fingerprint(page.rows)
    is_poll = swaps_part(request) and request.htmx.target == NUMBERS
    context = {
        "form": form,
        "page": page,
        "numbers": call_counts(user, wanted, now),
        "urls": {part: f"?{urlencode(wanted | {'due': part})}" for part in HEADINGS},
        "here": _address(request),
        "poll_url": _address(request, seen=request.GET.get(SEEN, seen)),
        "has_news": request.GET.get(SEEN, seen) != seen,
        "reset_url": request.path if wanted else "",
        "is_part": swaps_part(request) and not is_poll,
    }
    if not is_poll:
        lines = lines_of(page.rows, user, now, back=LIST_OF_CALLS)
        context["parts"] = list(_parts(lines, now))
    fragment = NUMBERS if is_poll else "rows"
    return render_page(request, "complaints/callbacks.html", context, fragment=fragment)


@for_colleagues
@require_http_methods(["GET", "POST"])
def record_callback(request: Request, pk: UUID) -> HttpResponse:
    """Show one call with its form, by default the first that is owed, or record how it went."""
    complaint, now = seen_complaint(request, pk), timezone.now()
    if not request.user.has_perm("complaints.record_callback", complaint):
        raise PermissionDenied
    case = Case(complaint=complaint, user=request.user, now=now)
    line = line_for(case, owed_calls(complaint), request.GET.get("callback", ""))
    call = line.call.promise if line.call else None
    form = CallbackForm(*([request.POST] if request.method == "POST" else []), case=case, call=call)
    if submit(request, form, services.record_callback, complaint=complaint, now=now):
        return _after(request, complaint)
    form.renew()
    context = {"line": line, "form": form, "complaint": complaint}
    return render_page(request, "complaints/record_callback.html", context, fragment="form")


def _after(request: Request, complaint: Complaint) -> HttpResponse:
    says = _("The call is recorded.")
    if request.GET.get(BACK_TO) == LIST_OF_CALLS:
        return go_to(request, "complaints:callbacks", says=says)
    return go_to(request, "complaints:detail", complaint.pk, says=says)


def _parts(lines: Iterable[CallLine], now: datetime) -> Iterable[dict[str, Any]]:
    """Return the lines under the headings of their parts; calls are in the order of their due time."""
    for part, group in groupby(lines, key=lambda line: part_of(line.promise, now)):
        yield {"heading": HEADINGS[part], "lines": list(group), "is_later": part == LATER}


def _address(request: Request, **more: str) -> str:
    """Return this page's address without what only polling knows; more -- what to add."""
    query = request.GET.copy()
    query.pop(SEEN, None)
    for name, value in more.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path
