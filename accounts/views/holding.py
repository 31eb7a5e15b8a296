"""Who holds what: the list, one delivery, and a file of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts import services
from accounts.deliveries import COLUMNS, NEEDED, Trial, import_deliveries, try_deliveries
from accounts.forms import (
    EditHoldingForm,
    HoldingFilterForm,
    HoldingForm,
    ImportForm,
    ReturnHoldingForm,
)
from accounts.keywords import one_by_one
from accounts.models import Account
from accounts.models.holding import HoldingQuerySet
from accounts.permissions import talks_to_clients
from accounts.queries import account_detail, holding_list, reads_cases
from accounts.services.holding import EDITABLE
from accounts.views.common import form_page, found, shows_form
from core.errors import DomainError
from core.history import visible_history
from core.models import AuditEntry
from core.pages import INVALID, REFUSED, Request, go_to, render_page, submit
from core.paging import page_of

MOST_SHOWN = 50


@require_GET
def holdings(request: Request) -> HttpResponse:
    if not reads_cases(request.user):
        raise PermissionDenied
    form = HoldingFilterForm(request.GET, user=request.user)
    form.is_valid()
    chosen = form.cleaned_data
    rows = _chosen(holding_list(request.user), chosen)
    page = page_of(request, rows, "-delivered_on", "-id")
    context = {
        "form": form,
        "account": chosen.get("account"),
        "choices": _choices(chosen),
        "page": page,
        "may_import": talks_to_clients(request.user),
    }
    return render_page(request, "accounts/holdings.html", context, fragment="rows")


def _chosen(rows: HoldingQuerySet, chosen: dict[str, Any]) -> HoldingQuerySet:
    if chosen.get("account"):
        rows = rows.of(chosen["account"])
    rows = rows.matching(chosen.get("q", ""))
    return rows.exclude(returned_on=None) if chosen.get("returned") else rows.standing()


def _choices(chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the chips: what is held now, and what has come back."""
    kept = {"q": chosen.get("q"), "account": getattr(chosen.get("account"), "pk", None)}
    kept = {name: value for name, value in kept.items() if value}
    shown = bool(chosen.get("returned"))
    return [
        {
            "label": label,
            "url": f"?{urlencode(kept | ({'returned': 'on'} if returned else {}))}",
            "is_chosen": shown is returned,
        }
        for label, returned in ((_("Held"), False), (_("Came back"), True))
    ]


@require_GET
def holding(request: Request, pk: UUID) -> HttpResponse:
    user = request.user
    row = found(user, holding_list(user), pk)
    history = AuditEntry.objects.filter(visible_history(user), target_id=row.pk)
    context = {
        "holding": row,
        "back_url": _list_of(row.parent),
        "may_change": user.has_perm("accounts.edit_holding", row),
        "entries": history.select_related("actor", "on_behalf_of").order_by("-at", "-id"),
    }
    return render_page(request, "accounts/holding.html", context, fragment="card")


@shows_form
def add_holding(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.add_holding")
    likely = {"account": account.pk, "quantity": 1, "delivered_on": timezone.localdate()}
    form = HoldingForm(request.POST or None, user=request.user, initial=likely)
    service = one_by_one(services.add_holding, EDITABLE)
    if submit(request, form, service, now=timezone.now()):
        return go_to(request, "accounts:detail", pk, says=_("Noted."))
    back_url = reverse("accounts:detail", args=[pk])
    return _form_page(request, form, back_url, title=_("Note a delivery"))


@shows_form
def edit_holding(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, holding_list(request.user), pk, "accounts.edit_holding")
    now_it_is = {name: getattr(row, name) for name in (*EDITABLE, "version")}
    form = EditHoldingForm(request.POST or None, user=request.user, initial=now_it_is)
    service = one_by_one(services.edit_holding, EDITABLE)
    if submit(request, form, service, holding=row, now=timezone.now()):
        return go_to(request, "accounts:holding", pk, says=_("Saved."))
    back_url = reverse("accounts:holding", args=[pk])
    return _form_page(request, form, back_url, title=_("Correct the delivery"))


def _form_page(request: Request, form: HoldingForm, back_url: str, *, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back_url": back_url}
    return render_page(request, "accounts/holding_form.html", context, fragment="form")


def _list_of(account: Account | None) -> str:
    return reverse("accounts:holdings", query={"account": account.pk} if account else None)


@shows_form
def return_holding(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, holding_list(request.user), pk, "accounts.return_holding")
    likely = {"version": row.version, "returned_on": timezone.localdate()}
    form = ReturnHoldingForm(request.POST or None, initial=likely)
    if submit(request, form, services.return_holding, holding=row, now=timezone.now()):
        return go_to(request, "accounts:holding", pk, says=_("Noted."))
    words = {
        "title": _("It came back"),
        "submit": _("Note it"),
        "subtitle": f"{row} · {row.holder}",
    }
    return form_page(request, form, ("accounts:holding", pk), **words)


@shows_form
def import_holdings(request: Request) -> HttpResponse:
    """Show what a file would do; the second time take it over."""
    if not talks_to_clients(request.user):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    now = timezone.now()
    is_meant = "take_over" in request.POST
    if is_meant and (count := submit(request, form, import_deliveries, now=now)):
        return go_to(request, "accounts:holdings", says=_taken_over(count))
    trial = _trial(request, form, now) if form.is_bound else None
    context = {
        "form": form,
        "trial": trial,
        "bad": trial.bad[:MOST_SHOWN] if trial else [],
        "columns": [(name, name in NEEDED) for name in COLUMNS],
    }
    return render_page(request, "accounts/import_holdings.html", context, fragment="form")


def _trial(request: Request, form: ImportForm, now: datetime) -> Trial | None:
    if not form.is_valid() and not form.cleaned_data.get("text"):
        request.form_status = INVALID
        return None
    try:
        return try_deliveries(request.user, form.cleaned_data["text"], now)
    except DomainError as error:
        request.form_status = REFUSED
        form.add_error(None, ValidationError(str(error.sentence), code=error.code))
    return None


def _taken_over(count: Any) -> str:
    # A form that is sent twice is told only that it worked.
    if count is True:
        return _("Taken over.")
    return ngettext("%(count)s delivery taken over.", "%(count)s deliveries taken over.", count) % {
        "count": count
    }
