"""Promises: the list, the page of one, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import services
from accounts.clockwork import business_days_later
from accounts.forms import (
    KeepForm,
    PromiseFilterForm,
    PromiseForm,
    RenegotiateForm,
    WithdrawForm,
)
from accounts.models import Account
from accounts.models.promise import PromiseQuerySet
from accounts.promise_lines import promise_line
from accounts.queries import account_detail, promise_list
from accounts.subjects import subject_url
from accounts.views.common import form_page, found, shows_form, way_back
from core.history import visible_history
from core.models import AuditEntry, User
from core.pages import Request, go_to, render_page, submit
from core.paging import page_of

END_OF_DAY = time(18)


@require_GET
def promises(request: Request) -> HttpResponse:
    form = PromiseFilterForm(request.GET)
    form.is_valid()
    rows = _chosen_promises(request.user, form.cleaned_data)
    order = ("-due_at", "-id") if form.cleaned_data.get("settled") else ("due_at", "id")
    page, now = page_of(request, rows, *order), timezone.now()
    context = {
        "chosen": form.cleaned_data,
        "choices": _choices(form.cleaned_data),
        "page": page,
        "lines": [promise_line(request.user, row, now) for row in page.rows],
    }
    return render_page(request, "accounts/promises.html", context, fragment="rows")


def _chosen_promises(user: User, chosen: dict[str, Any]) -> PromiseQuerySet:
    """Return the promises of the person, or of all accounts that he answers for."""
    rows = promise_list(user)
    if chosen.get("account"):
        rows = rows.filter(account=chosen["account"])
    elif chosen.get("whose") != PromiseFilterForm.TEAM:
        rows = rows.filter(made_by__in=user.principals)
    elif not user.has_role(User.Role.HEAD_OF_KAM):
        rows = rows.filter(account__in=Account.objects.own_of(user))
    return rows.settled() if chosen.get("settled") else rows.owed()


def _choices(chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the chips: whose, and owed or settled; an account's page offers the latter only."""
    account, whose = chosen.get("account"), chosen.get("whose") or PromiseFilterForm.MINE
    people = [(_("Mine"), PromiseFilterForm.MINE), (_("Team"), PromiseFilterForm.TEAM)]
    labelled = [(_("Owed"), whose, False), (_("Settled"), whose, True)]
    if not account:
        labelled = [
            *((label, who, False) for label, who in people),
            *((_("%(whose)s, settled") % {"whose": label}, who, True) for label, who in people),
        ]
    return [
        {
            "label": label,
            "url": _address(account, who, settled=settled),
            "is_chosen": (who, settled) == (whose, bool(chosen.get("settled"))),
        }
        for label, who, settled in labelled
    ]


def _address(account: Account | None, whose: str, *, settled: bool) -> str:
    query = {"account": account.pk} if account else {"whose": whose}
    return f"?{urlencode(query | ({'settled': 'on'} if settled else {}))}"


@require_GET
def promise(request: Request, pk: UUID) -> HttpResponse:
    user, now = request.user, timezone.now()
    row = found(user, promise_list(user), pk)
    may_settle = user.has_perm("accounts.edit", row.account)
    history = AuditEntry.objects.filter(visible_history(user), target_id=row.pk)
    context = {
        "line": promise_line(user, row, now, may_settle=may_settle),
        "subject_url": subject_url(row),
        "entries": history.select_related("actor", "on_behalf_of").order_by("-at", "-id"),
    }
    return render_page(request, "accounts/promise.html", context, fragment="card")


def new_promise_form(request: Request, account: Account, now: datetime) -> PromiseForm | None:
    """Return the form with tomorrow's end of work, for those who may promise."""
    if not request.user.has_perm("accounts.make_promise", account):
        return None
    return PromiseForm(account=account, initial=_likely_promise(request, account, now))


def _likely_promise(request: Request, account: Account, now: datetime) -> dict[str, Any]:
    due_at = business_days_later(account, now, 1, at=END_OF_DAY)
    return {"due_at": due_at, "made_by": request.user.pk}


@shows_form
def make_promise(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.make_promise")
    now = timezone.now()
    initial = _likely_promise(request, account, now)
    form = PromiseForm(request.POST or None, account=account, initial=initial)
    if made := submit(request, form, services.make_promise, account=account, now=now):
        return go_to(request, "accounts:detail", pk, says=_("Noted as %(no)s.") % {"no": made.no})
    context = {"promise_form": form, "account": account, "is_open": True}
    return render_page(request, "accounts/make_promise.html", context, fragment="promise")


@shows_form
def keep_promise(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, promise_list(request.user), pk, "accounts.keep_promise")
    form = KeepForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.keep_promise, promise=row, now=timezone.now()):
        back = way_back(request, "accounts:promise", pk)
        return go_to(request, back, says=f"{row.no}: {row.get_state_display()}")
    words = {"title": _("Keep the promise"), "submit": _("Done")}
    return form_page(request, form, ("accounts:promise", pk), subtitle=row.text, **words)


@shows_form
def renegotiate_promise(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, promise_list(request.user), pk, "accounts.renegotiate_promise")
    form = RenegotiateForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.renegotiate_promise, promise=row, now=timezone.now()):
        return go_to(request, "accounts:promise", pk, says=_("The new time is noted."))
    words = {"title": _("Agree on a later time"), "submit": _("Agreed")}
    return form_page(request, form, ("accounts:promise", pk), subtitle=row.text, **words)


@shows_form
def withdraw_promise(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, promise_list(request.user), pk, "accounts.withdraw_promise")
    form = WithdrawForm(request.POST or None, initial={"version": row.version})
    if submit(request, form, services.withdraw_promise, promise=row, now=timezone.now()):
        return go_to(request, "accounts:promise", pk, says=row.get_state_display())
    words = {"title": _("The client no longer needs it"), "submit": _("Note it")}
    return form_page(request, form, ("accounts:promise", pk), subtitle=row.text, **words)
