"""Equal attention: whether small clients are served as well as large ones, and the rows behind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import user_passes_test
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.queries import account_detail
from accounts.views.common import found
from core.pages import Request, render_page
from core.paging import page_of
from sla import attention as figures
from sla.attention_words import (
    FAVOURED,
    answer_lines,
    comparison_of,
    fixed,
    mix_of,
    raw_attainment,
    served_line,
    told_interval,
    told_speed,
)
from sla.fairness import LARGE, SMALL
from sla.permissions import sees_all_warnings


def _compares_clients(user: Any) -> bool:
    if not sees_all_warnings(user):
        raise PermissionDenied
    return True


compares_clients = user_passes_test(_compares_clients)


@compares_clients
@require_GET
def attention(request: Request) -> HttpResponse:
    told = figures.attention(timezone.now())
    compared = told.compared
    context = {
        "told": told,
        "compared": compared,
        "index": None if compared.index is None else fixed(compared.index, 2),
        "favours": FAVOURED[compared.favours],
        "lines": comparison_of(compared),
        "mix": mix_of(compared),
        "raw": {side: raw_attainment(getattr(compared, side)) for side in (LARGE, SMALL)},
        "reasons": [told_interval(compared), told_speed(compared)],
        "worst": [served_line(each) for each in told.worst],
    }
    return render_page(request, "sla/attention.html", context, fragment="figures")


@compares_clients
@require_GET
def served(request: Request, pk: UUID) -> HttpResponse:
    """Show the first answers of one client that the comparison looked at."""
    now = timezone.now()
    account = found(request.user, account_detail(request.user), pk)
    page = page_of(request, figures.answers_to(account, now), "-started_at", "-id")
    context = {"account": account, "page": page, "lines": answer_lines(page.rows, now)}
    return render_page(request, "sla/served.html", context, fragment="rows")
