"""Writing a notice: with the letter, its checks and its readers beside it while one types."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.common import found
from complaints import services
from complaints.exposure import exposure
from complaints.forms.notice import EditNoticeForm, NoticeForm, initial_of
from complaints.models import Notice, Problem
from complaints.notice_check import faults_of
from complaints.notice_letter import letters_of
from complaints.notice_queries import notice_detail, texts_of
from complaints.views.doors import for_colleagues
from core.models import User
from core.pages import Request, go_to, render_page, submit

may_draft = permission_required("complaints.draft_notice", raise_exception=True)


@may_draft
@require_http_methods(["GET", "POST"])
def draft_notice(request: Request) -> HttpResponse:
    """Write a new notice. `?problem=` begins with what the problem knows."""
    now = timezone.now()
    initial = {"contact": request.user.pk, **_known(request.GET.get("problem", ""), request.user)}
    form = NoticeForm(request.POST or None, user=request.user, initial=initial)
    if made := submit(request, form, services.draft_notice, now=now):
        return go_to(request, "complaints:notice", made.pk, says=_("The draft is saved."))
    context = _drawn(form, now) | {"cancel_url": resolve_url("complaints:notices")}
    return render_page(request, "complaints/notices/draft.html", context, fragment="form")


@for_colleagues
@require_http_methods(["GET", "POST"])
def edit_notice(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, notice_detail(request.user), pk, "complaints.edit_notice")
    now, texts = timezone.now(), texts_of(row)
    form = EditNoticeForm(request.POST or None, user=request.user, initial=initial_of(row, texts))
    if submit(request, form, services.edit_notice, notice=row, now=now):
        return go_to(request, "complaints:notice", pk, says=_("Saved."))
    if not form.is_bound:
        form.so_far = (row, texts)
    context = _drawn(form, now) | {
        "notice": row,
        "cancel_url": resolve_url("complaints:notice", pk),
    }
    return render_page(request, "complaints/notices/edit.html", context, fragment="form")


@may_draft
@require_POST
def preview_notice(request: Request) -> HttpResponse:
    """Show what recipients will read of what is being typed, and what must be put right."""
    form = NoticeForm(request.POST, user=request.user)
    form.is_valid()
    context = _previewed(form, timezone.now())
    return render_page(request, "complaints/notices/preview.html", context, fragment="preview")


@may_draft
@require_POST
def notice_exposure(request: Request) -> HttpResponse:
    """Say who holds what is being typed."""
    form = NoticeForm(request.POST, user=request.user)
    form.is_valid()
    context = {"exposure": exposure(form.so_far[0])}
    return render_page(request, "complaints/notices/exposure.html", context, fragment="exposure")


def _drawn(form: NoticeForm, now: datetime) -> dict[str, Any]:
    affected = exposure(form.so_far[0])
    return {"form": form, "exposure": affected, **_previewed(form, now)}


def _previewed(form: NoticeForm, now: datetime) -> dict[str, Any]:
    unsaved, texts = form.so_far
    begun = bool(texts)
    faults = faults_of(unsaved, texts, timezone.localdate(now)) if begun else []
    return {"letters": letters_of(unsaved, texts).values(), "faults": faults, "is_begun": begun}


def _known(problem_id: str, user: User) -> dict[str, Any]:
    """Return what a notice about the problem begins with; nothing for an id that is none."""
    try:
        wanted = UUID(problem_id)
    except ValueError:
        return {}
    problem = Problem.objects.visible_to(user).filter(pk=wanted).first()
    if problem is None:
        return {}
    kind = Notice.Kind.SAFETY if problem.is_safety else Notice.Kind.QUALITY
    return {"problem": problem.pk, "item": problem.item, "batch": problem.batch, "kind": kind}
