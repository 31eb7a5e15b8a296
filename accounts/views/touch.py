"""Talks with the client: logging one, and its page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import services
from accounts.forms import RefuseHospitalityForm, TouchForm
from accounts.forms.touch import MOODS
from accounts.keywords import one_by_one
from accounts.models import Account, Touch
from accounts.queries import account_detail, said_to, touch_list
from accounts.services.touch import EDITABLE
from accounts.views.common import form_page, found, shows_form, way_back
from core.models import User
from core.pages import Request, act, go_to, render_page, submit


def new_touch_form(request: Request, account: Account) -> TouchForm | None:
    """Return the empty form for those who may log a touch."""
    may_log = request.user.has_perm("accounts.log_touch", account)
    return TouchForm(account=account) if may_log else None


@shows_form
def log_touch(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.log_touch")
    form = TouchForm(request.POST or None, account=account)
    service = one_by_one(services.log_touch, EDITABLE)
    if submit(request, form, service, account=account, now=timezone.now()):
        return go_to(request, "accounts:detail", pk, says=_("Noted."))
    context = {"touch_form": form, "account": account, "is_open": True}
    return render_page(request, "accounts/log_touch.html", context, fragment="touch")


@require_GET
def touch(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, touch_list(request.user), pk)
    context = {
        "touch": row,
        "client_said": said_to(row),
        "mood": dict(MOODS).get(row.sentiment),
        "may_decide": _may_decide(request.user, row),
    }
    return render_page(request, "accounts/touch.html", context, fragment="card")


def _may_decide(user: User, touch: Touch) -> bool:
    return touch.waits_for_approval and user.has_perm("accounts.approve_hospitality", touch)


@require_POST
def approve_hospitality(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, touch_list(request.user), pk, "accounts.approve_hospitality")
    act(request, services.approve_hospitality, touch=row, now=timezone.now())
    return go_to(request, way_back(request, "accounts:touch", pk), says=_("Approved."))


@shows_form
def refuse_hospitality(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, touch_list(request.user), pk, "accounts.refuse_hospitality")
    form = RefuseHospitalityForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.refuse_hospitality, touch=row, now=timezone.now()):
        return go_to(request, "accounts:touch", pk, says=_("Refused."))
    words = {"title": _("Too much hospitality"), "submit": _("Refuse")}
    return form_page(request, form, ("accounts:touch", pk), subtitle=row.account.name, **words)
