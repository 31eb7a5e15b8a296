"""Contracts: the list, one contract, drafting and putting into force; the house standard."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account
from accounts.queries import account_detail
from accounts.views.common import form_page, found, shows_form
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of
from sla import services
from sla.forms import (
    AccountForm,
    ContractFilterForm,
    ContractForm,
    EditContractForm,
    EndForm,
    initial_targets,
)
from sla.models import Contract
from sla.promises import levels
from sla.queries import contract_list, kept_this_month, local_day


@require_GET
def index(request: Request) -> HttpResponse:
    form = ContractFilterForm(request.GET, user=request.user)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    context = {
        "form": form,
        "page": page_of(request, contract_list(request.user).filter(**wanted), "-starts_on", "-id"),
        "may_draft": request.user.front_office,
    }
    return render_page(request, "sla/index.html", context, fragment="rows")


@require_GET
def house(request: Request) -> HttpResponse:
    return render_page(request, "sla/house.html", {"levels": levels(None)}, fragment="table")


@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_list(request.user), pk)
    context = {
        "contract": contract,
        "levels": levels(contract, contract.calendar),
        "kept": kept_this_month(contract.account, timezone.now()),
        **_possible(request, contract),
    }
    return render_page(request, "sla/detail.html", context, fragment="main")


def _possible(request: Request, contract: Contract) -> dict[str, bool]:
    """Return what the person may do to the contract in its state."""
    verbs = {
        "edit": Contract.State.DRAFT,
        "activate": Contract.State.DRAFT,
        "end": Contract.State.ACTIVE,
    }
    return {
        f"may_{verb}": contract.state == state and request.user.has_perm(f"sla.{verb}", contract)
        for verb, state in verbs.items()
    }


@require_GET
def choose_account(request: Request) -> HttpResponse:
    """Ask for whom the contract is; the answer leads to the draft."""
    form = AccountForm(request.GET or None, user=request.user)
    if form.is_valid():
        return redirect("sla:draft", form.cleaned_data["account"].pk)
    return render_page(request, "sla/choose_account.html", {"form": form}, fragment="form")


@shows_form
def draft(request: Request, pk: UUID) -> HttpResponse:
    account = found(request.user, account_detail(request.user), pk, "sla.draft")
    now = timezone.now()
    form = ContractForm(request.POST or None, initial=_fresh(account, now))
    if contract := submit(request, form, services.draft_contract, account=account, now=now):
        return go_to(request, "sla:detail", contract.pk, says=_("The draft is saved."))
    context = {"form": form, "account": account}
    return render_page(request, "sla/draft.html", context, fragment="form")


def _fresh(account: Account, now: datetime) -> dict[str, Any]:
    return {"calendar": account.calendar_id, "starts_on": local_day(account, now)}


@shows_form
def edit(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_list(request.user), pk, "sla.edit")
    form = EditContractForm(request.POST or None, initial=_present(contract))
    if submit(request, form, services.edit_contract, contract=contract, now=timezone.now()):
        return go_to(request, "sla:detail", pk, says=_("Saved."))
    context = {"form": form, "contract": contract, "account": contract.account}
    return render_page(request, "sla/edit.html", context, fragment="form")


def _present(contract: Contract) -> dict[str, Any]:
    terms = ("version", "starts_on", "ends_on", "covers_children")
    shown = {name: getattr(contract, name) for name in terms}
    return shown | {"calendar": contract.calendar_id} | initial_targets(contract)


@require_POST
def activate(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_list(request.user), pk)
    act(request, services.activate_contract, contract=contract, now=timezone.now())
    return go_to(request, "sla:detail", pk, says=_("The contract is in force."))


@shows_form
def end(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_list(request.user), pk, "sla.end")
    form = EndForm(request.POST or None, initial={"version": contract.version})
    if submit(request, form, services.end_contract, contract=contract, now=timezone.now()):
        return go_to(request, "sla:detail", pk, says=_("The contract has ended."))
    return form_page(
        request,
        form,
        ("sla:detail", pk),
        title=_("End the contract %(no)s") % {"no": contract.no},
        submit=_("End the contract"),
        subtitle=_(
            "New complaints of %(account)s get the house standard from now on. "
            "Deadlines that already run stay as promised."
        )
        % {"account": contract.account.name},
    )
