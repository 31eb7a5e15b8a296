"""The list of accounts, the page of one, and what changes it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import services
from accounts.clockwork import calendar_of
from accounts.facts import account_lines, facts_for
from accounts.forms import (
    SORTS,
    AccountFilterForm,
    CreateForm,
    EditForm,
    MarginForm,
    ReassignForm,
    SignContractForm,
)
from accounts.keywords import one_by_one
from accounts.models import Account
from accounts.queries import (
    account_detail,
    branch_of,
    likely_duplicates,
    sortable_account_list,
    usual_calendar,
)
from accounts.services.account import EDITABLE, SIGNABLE
from accounts.texts import team_text
from accounts.timeline import chapters, story_entries, story_lines
from accounts.views.common import form_page, found, shows_form
from accounts.views.promise import new_promise_form
from accounts.views.touch import new_touch_form
from core.models import User
from core.pages import Request, go_to, render_page, submit
from core.paging import page_of
from core.panels import account_panels
from core.wording import moment_text


@require_GET
def index(request: Request) -> HttpResponse:
    form = AccountFilterForm(request.GET, user=request.user)
    rows = sortable_account_list(request.user)
    page = page_of(request, _filtered(rows, form, request), *_ordering(request.GET.get("sort", "")))
    context = {
        "form": form,
        "facts": facts_for(request.user),
        "lines": account_lines(request.user, page.rows, timezone.now()),
        "page": page,
        "may_create": request.user.has_perm("accounts.create"),
    }
    return render_page(request, "accounts/index.html", context, fragment="rows")


def _filtered(rows: Any, form: AccountFilterForm, request: Request) -> Any:
    """Return the accounts that the filters leave; a filter that cannot be read leaves all."""
    form.is_valid()
    chosen = form.cleaned_data
    exact = {
        name: chosen[name] for name in ("stage", "tier", "owner", "country") if chosen.get(name)
    }
    rows = rows.matching(chosen.get("q", "")).filter(**exact)
    return rows.own_of(request.user) if chosen.get("mine") else rows


def _ordering(wanted: str) -> tuple[str, ...]:
    columns = SORTS.get(wanted.removeprefix("-"), SORTS["name"])
    return tuple(f"-{name}" for name in columns) if wanted.startswith("-") else columns


@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    user, now = request.user, timezone.now()
    account = found(user, account_detail(user), pk)
    context = _story(request, account, now) | {
        "account": account,
        "facts": partial(_facts_of, request, account, now),
        "panels": partial(account_panels, user, account, now),
        "path": partial(_group_path, request, account),
        "local": _local_time(account, now),
        "touch_form": partial(new_touch_form, request, account),
        "promise_form": partial(new_promise_form, request, account, now),
        "may_edit": partial(user.has_perm, "accounts.edit", account),
        "may_reassign": partial(user.has_perm, "accounts.reassign", account),
        "may_sign": partial(_may_sign, user, account),
        "standard": team_text("standard_line", get_language()) if account.is_client else "",
    }
    return render_page(request, "accounts/detail.html", context, fragment="story")


def _story(request: Request, account: Account, now: datetime) -> dict[str, Any]:
    """Return the chapter of the account's history that the address asks for."""
    shown = request.GET.get("show", "")
    entries = story_entries(request.user, account, shown)
    page = page_of(request, entries, "-happened_at", "-id")
    return {
        "account": account,
        "chapters": chapters(),
        "shown": shown,
        "page": page,
        "lines": story_lines(request.user, page.rows, now),
    }


def _facts_of(request: Request, account: Account, now: datetime) -> Any:
    return account_lines(request.user, [account], now)[0].cells


def _group_path(request: Request, account: Account) -> list[Account]:
    """Return the groups above the account, from the top down."""
    if not account.ancestors:
        return []
    return [row for row in branch_of(account, request.user) if row.pk in account.ancestors]


def _local_time(account: Account, now: datetime) -> dict[str, Any]:
    """Return what the clock on the client's wall shows, and whether they work at this moment."""
    with timezone.override(ZoneInfo(account.time_zone)):
        text = moment_text(now, "EEE, HH:mm")
    return {"text": text, "is_open": calendar_of(account).is_open(now)}


def _may_sign(user: User, account: Account) -> bool:
    return account.stage in SIGNABLE and user.has_perm("accounts.sign_contract", account)


@permission_required("accounts.create", raise_exception=True)
@shows_form
def create(request: Request) -> HttpResponse:
    form = CreateForm(request.POST or None, user=request.user, initial=_new_account(request))
    service = one_by_one(services.create_account, EDITABLE)
    if account := submit(request, form, service, now=timezone.now()):
        return go_to(request, "accounts:detail", account.pk, says=_("Added."))
    return render_page(request, "accounts/create.html", {"form": form}, fragment="form")


def _new_account(request: Request) -> dict[str, Any]:
    """Return what is likely of the next account of this person."""
    user, blank = request.user, Account()
    usual = ("kind", "stage", "tier", "currency", "payment_term_days")
    return {name: getattr(blank, name) for name in usual} | {
        "owner": user.pk if user.front_office else None,
        "parent": request.GET.get("parent"),
        "language": user.language,
        "time_zone": user.time_zone,
        "calendar": usual_calendar(),
    }


@require_GET
def duplicates(request: Request) -> HttpResponse:
    """Show whom we may know already under the name that is being typed."""
    name = request.GET.get("name", "")
    context = {"similar": likely_duplicates(request.user, name), "name": name}
    return render_page(request, "accounts/duplicates.html", context, fragment="similar")


@shows_form
def edit(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.edit")
    now_it_is = {name: getattr(account, name) for name in (*EDITABLE, "version")}
    now_it_is["country"] = account.country.code
    form = EditForm(request.POST or None, user=request.user, initial=now_it_is)
    service = one_by_one(services.edit_account, EDITABLE)
    if submit(request, form, service, account=account, now=timezone.now()):
        return go_to(request, "accounts:detail", pk, says=_("Saved."))
    context = {"form": form, "account": account}
    return render_page(request, "accounts/edit.html", context, fragment="form")


@shows_form
def reassign(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.reassign")
    now_it_is = {
        "version": account.version, "owner": account.owner_id, "deputy": account.deputy_id,
        "team": account.team.all(),
    }  # fmt: skip
    form = ReassignForm(request.POST or None, initial=now_it_is)
    if submit(request, form, services.reassign_account, account=account, now=timezone.now()):
        return go_to(request, "accounts:detail", pk, says=_("Handed over; they have been told."))
    back = ("accounts:detail", pk)
    words = {"title": _("Hand over"), "submit": _("Hand over"), "subtitle": account.name}
    return form_page(request, form, back, **words)


@shows_form
def sign_contract(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.sign_contract")
    likely = {"version": account.version, "signed_on": timezone.localdate()}
    form = SignContractForm(request.POST or None, initial=likely)
    if submit(request, form, services.sign_contract, account=account, now=timezone.now()):
        return go_to(request, "accounts:detail", pk, says=_("A client from now on."))
    words = {"title": _("Record the signed contract"), "submit": _("Record it")}
    return form_page(request, form, ("accounts:detail", pk), subtitle=account.name, **words)


@shows_form
def set_annual_margin(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "accounts.set_annual_margin")
    now_it_is = {"version": account.version, "annual_margin": account.annual_margin}
    form = MarginForm(request.POST or None, currency=account.currency, initial=now_it_is)
    if submit(request, form, services.set_annual_margin, account=account, now=timezone.now()):
        return go_to(request, "accounts:detail", pk, says=_("Noted."))
    words = {"title": _("What the client earns us"), "submit": _("Save")}
    return form_page(request, form, ("accounts:detail", pk), subtitle=account.name, **words)
