"""Problems: what hurts several clients, whom else it hits, until it is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints import services
from complaints.exposure import Exposure, exposure
from complaints.forms.problem import (
    EditProblemForm,
    NoNoticeForm,
    OpenProblemForm,
    SolveProblemForm,
)
from complaints.lessons import cases_of, problem_list
from complaints.models import Notice, Problem
from complaints.views.doors import for_colleagues
from complaints.views.lessons import tabs
from core.errors import Sentence
from core.pages import Request, VersionedForm, go_to, render_page, submit
from core.paging import page_of

STEPS = ("edit_problem", "solve_problem", "decide_no_notice")


@for_colleagues
@require_GET
def problems(request: Request) -> HttpResponse:
    page = page_of(request, problem_list(request.user), "is_last", "-opened_at", "-id")
    context = {
        "page": page,
        "tabs": tabs(request),
        "may_open": request.user.has_perm("complaints.open_problem"),
    }
    return render_page(request, "complaints/problems.html", context, fragment="rows")


@for_colleagues
@require_GET
def problem(request: Request, pk: UUID) -> HttpResponse:
    row = _found(request, pk)
    page = page_of(request, cases_of(row, request.user), "-received_at", "-id")
    context = {
        "problem": row,
        "about": " · ".join(filter(None, [row.item, row.batch])),
        "page": page,
        "notices": row.notices.order_by("-id"),
        "exposure": _exposure(row),
        "may": {verb: request.user.has_perm(f"complaints.{verb}", row) for verb in STEPS},
        "may_draft": request.user.has_perm("complaints.draft_notice"),
        "is_solved": row.state == Problem.State.SOLVED,
    }
    return render_page(request, "complaints/problem.html", context, fragment="cases")


@for_colleagues
@require_http_methods(["GET", "POST"])
def open_problem(request: Request) -> HttpResponse:
    if not request.user.has_perm("complaints.open_problem"):
        raise PermissionDenied
    form = OpenProblemForm(request.POST or None, initial={"owner": request.user.pk})
    if row := submit(request, form, services.open_problem, now=timezone.now()):
        says = _("Opened as %(no)s.") % {"no": row.no}
        return go_to(request, "complaints:problem", row.pk, says=says)
    words = {"title": _("Open a problem"), "submit": _("Open it")}
    return _form_page(request, form, reverse("complaints:problems"), words)


@for_colleagues
@require_http_methods(["GET", "POST"])
def edit_problem(request: Request, pk: UUID) -> HttpResponse:
    row = _found(request, pk, "edit_problem")
    present = {"owner": row.owner_id, "is_known": row.state == Problem.State.KNOWN}
    present |= {"item": row.item, "description": row.description, "version": row.version}
    form = EditProblemForm(request.POST or None, initial=present)
    words = {"title": _("What we know"), "submit": _("Save")}
    return _step(request, form, services.edit_problem, row, words)


@for_colleagues
@require_http_methods(["GET", "POST"])
def solve_problem(request: Request, pk: UUID) -> HttpResponse:
    row = _found(request, pk, "solve_problem")
    form = SolveProblemForm(request.POST or None, initial={"version": row.version})
    words = {"title": _("Solve the problem"), "submit": _("Solved")}
    return _step(request, form, services.solve_problem, row, words)


@for_colleagues
@require_http_methods(["GET", "POST"])
def decide_no_notice(request: Request, pk: UUID) -> HttpResponse:
    row = _found(request, pk, "decide_no_notice")
    form = NoNoticeForm(request.POST or None, initial={"version": row.version})
    words = {"title": _("Nobody else need be warned"), "submit": _("Decide so")}
    return _step(request, form, services.decide_no_notice, row, words)


def _found(request: Request, pk: UUID, verb: str = "") -> Problem:
    """Return the problem; 404 if it is invisible, 403 if the person may not do this to it."""
    row = get_object_or_404(problem_list(request.user), pk=pk)
    if verb and not request.user.has_perm(f"complaints.{verb}", row):
        raise PermissionDenied
    return row


def _step(
    request: Request,
    form: VersionedForm,
    service: Callable[..., Problem],
    row: Problem,
    words: Mapping[str, Sentence],
) -> HttpResponse:
    if submit(request, form, service, problem=row, now=timezone.now()):
        return go_to(request, "complaints:problem", row.pk, says=_("Saved."))
    back = reverse("complaints:problem", args=[row.pk])
    return _form_page(request, form, back, {**words, "subtitle": row.no})


def _form_page(
    request: Request, form: Form, back: str, words: Mapping[str, Sentence]
) -> HttpResponse:
    context = {"form": form, "cancel_url": back, **words}
    return render_page(request, "core/form.html", context, fragment="form")


def _exposure(row: Problem) -> Exposure | None:
    """Return who holds it, if we know what it is."""
    if not (row.item or row.batch):
        return None
    kind = Notice.Kind.SAFETY if row.is_safety else Notice.Kind.QUALITY
    return exposure(Notice(kind=kind, item=row.item, batch=row.batch))
