"""Reviews when calm: whose they are reads them, and the heads; to others they do not exist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints import services
from complaints.closing import is_due
from complaints.forms.review import ReviewForm
from complaints.lessons import review_list
from complaints.models import CaseReview
from complaints.views.doors import for_colleagues
from complaints.views.lessons import tabs
from core.pages import Request, go_to, render_page, submit
from core.paging import page_of


@for_colleagues
@require_GET
def reviews(request: Request) -> HttpResponse:
    page = page_of(request, review_list(request.user), "is_last", "due_at", "id")
    context = {"page": page, "tabs": tabs(request), "is_head": request.user.has_role("hk")}
    return render_page(request, "complaints/reviews.html", context, fragment="rows")


@for_colleagues
@require_GET
def review(request: Request, pk: UUID) -> HttpResponse:
    row = _found(request, pk)
    if not row.is_done:
        return go_to(request, "complaints:write_review", pk)
    answers = [
        {"question": CaseReview.question(name), "answer": getattr(row, name)}
        for name in CaseReview.QUESTIONS
    ]
    context = {"review": row, "complaint": row.complaint, "answers": answers}
    return render_page(request, "complaints/review.html", context, fragment="answers")


@for_colleagues
@require_http_methods(["GET", "POST"])
def write_review(request: Request, pk: UUID) -> HttpResponse:
    row = _found(request, pk)
    if not request.user.has_perm("complaints.write_review", row):
        raise PermissionDenied
    form = ReviewForm(request.POST or None, initial=_written(row))
    if written := submit(request, form, services.write_review, review=row, now=timezone.now()):
        return _after(request, written)
    context = {
        "form": form,
        "review": row,
        "complaint": row.complaint,
        "parts": form.parts,
        "is_possible": is_due(row),
    }
    return render_page(request, "complaints/write_review.html", context, fragment="form")


def _found(request: Request, pk: UUID) -> CaseReview:
    return get_object_or_404(review_list(request.user), pk=pk)


def _after(request: Request, row: CaseReview) -> HttpResponse:
    if row.is_done:
        says = _("Written. The lesson is in the library, and nobody replays the case any more.")
        return go_to(request, "complaints:review", row.pk, says=says)
    return go_to(request, "complaints:write_review", row.pk, says=_("The draft is saved."))


def _written(row: CaseReview) -> dict[str, Any]:
    names = (*CaseReview.QUESTIONS, "lesson", "process_change", "version")
    return {name: getattr(row, name) for name in names}
