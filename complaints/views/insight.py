"""What complaints teach as a whole, and the complaints behind every figure."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Avg, Count
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.insight import (
    MEASURES,
    PERIODS,
    USUAL_PERIOD,
    causes,
    complaints_of,
    measures,
    rows_of,
)
from complaints.models import Complaint
from complaints.models.complaint import ComplaintQuerySet
from complaints.views.doors import for_colleagues
from core.pages import Request, render_page
from core.paging import page_of


@for_colleagues
@require_GET
def insight(request: Request) -> HttpResponse:
    period, rows = _asked(request, timezone.now())
    ratings = rows.aggregate(mean=Avg("csat"), count=Count("csat"))
    context = {
        "period": period,
        "periods": PERIODS,
        "total": rows.count(),
        "measures": measures(rows),
        "causes": causes(rows),
        "ratings": ratings,
    }
    return render_page(request, "complaints/insight.html", context, fragment="figures")


@for_colleagues
@require_GET
def insight_rows(request: Request, key: str) -> HttpResponse:
    """List the complaints behind a measure, or those of a root cause."""
    period, rows = _asked(request, timezone.now())
    if key in MEASURES:
        title, rows = MEASURES[key].label, rows_of(rows, key)
    elif key in Complaint.RootCause:
        title, rows = Complaint.RootCause(key).label, rows.filter(root_cause=key)
    else:
        raise Http404
    page = page_of(request, rows.select_related("account", "lead"), "-received_at", "-id")
    context = {
        "page": page,
        "title": title,
        "measure": MEASURES.get(key),
        "period": period,
        "period_label": PERIODS[period],
    }
    return render_page(request, "complaints/insight_rows.html", context, fragment="rows")


def _asked(request: Request, now: datetime) -> tuple[str, ComplaintQuerySet]:
    wanted = request.GET.get("period", USUAL_PERIOD)
    period = wanted if wanted in PERIODS else USUAL_PERIOD
    return period, complaints_of(request.user, period, now)
