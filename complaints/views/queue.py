"""The support queue, and giving several complaints to somebody at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints import services
from complaints.forms import AssignManyForm, PickForm, QueueFilter
from complaints.models import Complaint
from complaints.permissions import reads_overrides
from complaints.queue import asked_for, counters, fingerprint, lines_of, order_of
from complaints.views.doors import for_colleagues
from core.errors import DomainError
from core.models import User
from core.once import answer_once
from core.pages import INVALID, Request, go_to, render_page, swaps_part
from core.paging import page_of
from core.patience import with_patience

SEEN = "seen"
ASSIGNING = ("am", "sa", "hk")


@for_colleagues
@require_GET
def index(request: Request) -> HttpResponse:
    now = timezone.now()
    form = QueueFilter(request.GET)
    wanted = form.wanted()
    page = page_of(request, asked_for(request.user, wanted, now), *order_of(wanted))
    lines, numbers = lines_of(page.rows, now), counters(request.user, now)
    seen = fingerprint(lines, numbers)
    # Nothing is swapped while nothing is new: focus, selection and scrolling stay untouched.
    if swaps_part(request) and request.GET.get(SEEN) == seen:
        return HttpResponse(status=204)
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "numbers": numbers,
        "is_narrowed": bool(wanted),
        "reset_url": request.path if wanted else "",
        "poll_url": _poll_address(request, seen),
        "may_assign": request.user.has_role(*ASSIGNING),
        "may_read_overrides": reads_overrides(request.user),
        "is_part": swaps_part(request),
    }
    return render_page(request, "complaints/index.html", context, fragment="rows")


@for_colleagues
@require_http_methods(["GET", "POST"])
def assign_many(request: Request) -> HttpResponse:
    """Ask for the people, then give them each of the chosen complaints."""
    now = timezone.now()
    picked = PickForm(request.POST or request.GET, user=request.user)
    rows = list(picked.cleaned_data["pick"]) if picked.is_valid() else []
    form = AssignManyForm(request.POST or None)
    if rows and form.is_valid():
        with_patience(
            lambda: answer_once(
                request, request.user, lambda: _assign_each(request, rows, form, now)
            )
        )
        return go_to(request, request.htmx.current_url_abs_path or "complaints:index")
    request.form_status = INVALID if form.is_bound else 200
    context = {"form": form, "rows": rows}
    return render_page(request, "complaints/assign_many.html", context, fragment="form")


def _assign_each(
    request: Request, rows: Iterable[Complaint], form: AssignManyForm, now: datetime
) -> None:
    """Assign row by row in the caller's transaction; what is refused is said and left as it was."""
    assignee, lead = form.cleaned_data["assignee"], form.cleaned_data["lead"]
    done = []
    for row in rows:
        if refusal := _refusal(request.user, row, assignee, lead or row.lead, now):
            messages.warning(request, f"{row.no}: {refusal}")
        else:
            done.append(row.no)
    if done:
        names = ", ".join(done)
        messages.success(request, _("Assigned: %(names)s.") % {"names": names})


def _refusal(actor: User, row: Complaint, assignee: User, lead: User, now: datetime) -> str:
    try:
        services.assign(actor=actor, complaint=row, assignee=assignee, lead=lead, now=now)
    except DomainError as error:
        return str(error.sentence)
    except PermissionDenied:
        return _("You may not assign it.")
    return ""


def _poll_address(request: Request, seen: str) -> str:
    query = request.GET.copy()
    query[SEEN] = seen
    return f"{request.path}?{query.urlencode()}"
