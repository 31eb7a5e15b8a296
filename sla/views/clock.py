"""Why is it due then? One deadline, told date by date."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from accounts.views.common import found
from core.models import AuditEntry
from core.pages import Request, render_page
from core.places import place_of
from sla.explain import Explanation
from sla.explanations import explanation_of, lines_of, on_clock
from sla.house import Promised
from sla.kept_months import can_be_excluded
from sla.models import Clock
from sla.queries import clock_detail
from sla.subjects import facts_of
from sla.words import exact, wall_time, within

MOST_DAYS = 62


@require_GET
def explain(request: Request, pk: UUID) -> HttpResponse:
    clock = found(request.user, clock_detail(request.user), pk)
    told = explanation_of(clock)
    context = (
        _subject(clock)
        | _moments(clock, told)
        | {
            "clock": clock,
            "told": told,
            "promise": within(Promised(clock.target, clock.around_the_clock)),
            "used": exact(told.used),
            "remaining": exact(told.remaining),
            "lines": lines_of(clock, told, most=MOST_DAYS),
            "hidden": max(len(told.days) - MOST_DAYS, 0),
            "may_exclude": _may_exclude(request, clock),
        }
    )
    return render_page(request, "sla/explain.html", context, fragment="main")


def _may_exclude(request: Request, clock: Clock) -> bool:
    may = request.user.has_perm("sla.exclude", clock)
    return may and can_be_excluded(clock, timezone.now())


def _subject(clock: Clock) -> dict[str, Any]:
    about = AuditEntry(target_type_id=clock.subject_type_id, target_id=clock.subject_id)
    return {"subject": facts_of([clock])[clock.subject_id], "subject_url": place_of(about)}


def _said(at: datetime | None, told: Explanation) -> str:
    """Return "Tue, 17 Nov 2026, 16:40"; an empty text for a moment that has not come."""
    if at is None:
        return ""
    local = on_clock(at, told)
    return f"{date_format(local, 'D, j M Y')}, {wall_time(local)}"


def _moments(clock: Clock, told: Explanation) -> dict[str, Any]:
    """Return all moments as the calendar's wall clock shows them."""
    return {
        "started": _said(clock.started_at, told),
        "due": _said(told.due_at, told),
        "pauses": [
            (_said(each.starts_at, told), _said(each.ends_at, told)) for each in told.pauses
        ],
    }
