"""What was sent although the reply check stopped it, for the head of key accounts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from complaints.overrides import override_list, overrides_of
from complaints.permissions import reads_overrides
from core.pages import Request, render_page
from core.paging import page_of


@require_GET
def overrides(request: Request) -> HttpResponse:
    if not reads_overrides(request.user):
        raise PermissionDenied
    page = page_of(request, override_list(request.user), "-at", "-id")
    context = {"page": page, "overrides": overrides_of(page.rows)}
    return render_page(request, "complaints/overrides.html", context, fragment="rows")
