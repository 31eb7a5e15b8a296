"""The proposal builder: terms written down, with what the past says of each promise beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account
from accounts.queries import account_detail
from accounts.views.common import found, shows_form
from core.pages import Request, go_to, render_page, submit
from sla import services
from sla.forms import AccountForm, EditProposalForm, ProposalForm, only_draws
from sla.history import suggested_targets
from sla.outlook import outlook_of
from sla.queries import contract_detail, local_day
from sla.reading import reading_of_terms
from sla.services import TargetRow, Terms

HISTORY = "history"


@require_GET
def choose_account(request: Request) -> HttpResponse:
    """Ask for whom the contract is; the answer leads to the draft."""
    form = AccountForm(request.GET or None, user=request.user)
    if form.is_valid():
        return redirect("sla:draft", form.cleaned_data["account"].pk)
    return render_page(request, "sla/choose_account.html", {"form": form}, fragment="form")


@shows_form
def draft(request: Request, pk: UUID) -> HttpResponse:
    """Write a new proposal. `?prefill=history` begins with what the client's own past suggests."""
    account = found(request.user, account_detail(request.user), pk, "sla.draft")
    now, is_prefilled = timezone.now(), request.GET.get("prefill") == HISTORY
    begin = _fresh(account, now, with_history=is_prefilled)
    form = ProposalForm(request.POST or None, begin=begin)
    if not only_draws(request.POST) and (
        contract := submit(request, form, services.draft_contract, account=account, now=now)
    ):
        return go_to(request, "sla:detail", contract.pk, says=_("The draft is saved."))
    context = _drawn(form, account, now) | {"is_prefilled": is_prefilled}
    return render_page(request, "sla/draft.html", context, fragment="form")


@shows_form
def edit(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_detail(request.user), pk, "sla.edit")
    now, initial = timezone.now(), {"version": contract.version}
    form = EditProposalForm(request.POST or None, begin=Terms.of(contract), initial=initial)
    if not only_draws(request.POST) and submit(
        request, form, services.edit_contract, contract=contract, now=now
    ):
        return go_to(request, "sla:detail", pk, says=_("Saved."))
    context = _drawn(form, contract.account, now) | {"contract": contract}
    return render_page(request, "sla/edit.html", context, fragment="form")


@require_POST
def likely(request: Request, pk: UUID) -> HttpResponse:
    """Say of what is being typed how it would have gone, and what the client will read."""
    account = found(request.user, account_detail(request.user), pk, "sla.draft")
    now = timezone.now()
    form = ProposalForm(request.POST, begin=_fresh(account, now))
    return render(request, "sla/likely.html", _drawn(form, account, now))


def _drawn(form: ProposalForm, account: Account, now: datetime) -> dict[str, Any]:
    terms = form.so_far
    return {
        "form": form,
        "account": account,
        "groups": form.groups(outlook_of(account, terms, now)),
        "reading": reading_of_terms(terms),
        "has_fee": bool(terms.monthly_fee),
    }


def _fresh(account: Account, now: datetime, *, with_history: bool = False) -> Terms:
    return Terms(
        calendar=account.calendar,
        starts_on=local_day(account, now),
        currency=account.currency,
        targets=_suggested(account, now) if with_history else (),
    )


def _suggested(account: Account, now: datetime) -> tuple[TargetRow, ...]:
    """Return the proposed times; one in days is the house's, which holds without being written."""
    return tuple(
        TargetRow(
            priority=priority,
            metric=metric,
            minutes=int(promised.amount.total_seconds()) // 60,
            around_the_clock=promised.around_the_clock,
        )
        for (priority, _category, metric), promised in suggested_targets(account, now).items()
        if not promised.days
    )
