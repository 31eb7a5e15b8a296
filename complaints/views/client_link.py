"""Which links to the client's page there are, for those who work on the complaint."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from complaints.forms import Case
from complaints.links import links_of
from complaints.views.actions import offers
from complaints.views.actions.client_link import CLIENT_LINK
from complaints.views.doors import for_colleagues, seen_complaint
from core.pages import Request, render_page
from core.paging import page_of


@for_colleagues
@require_GET
def client_links(request: Request, pk: UUID) -> HttpResponse:
    complaint, now = seen_complaint(request, pk), timezone.now()
    page = page_of(request, links_of(complaint, request.user), "-id")
    case = Case(complaint=complaint, user=request.user, now=now)
    context = {
        "complaint": complaint,
        "page": page,
        "lines": [{"link": each, "is_valid": each.is_valid(now)} for each in page.rows],
        "offers": offers(case, [action.verb for action in CLIENT_LINK]),
    }
    return render_page(request, "complaints/client_links.html", context, fragment="rows")
