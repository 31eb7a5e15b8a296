"""Contracts: the list and who has none, one contract, its versions compared, its document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Account
from accounts.views.common import found
from core.models import User
from core.pages import Request, render_page
from core.paging import page_of
from core.paper import render as printed
from sla.diff import Change, Part, differences
from sla.document import paper_of
from sla.forms import ContractFilterForm
from sla.models import Contract
from sla.permissions import reads_contracts
from sla.promises import levels
from sla.queries import (
    contract_detail,
    contract_list,
    credits_of,
    reviews_of,
    versions_of,
    without_contract,
)
from sla.reading import reading_of
from sla.standing import consents_of, kept_under, standing_of
from sla.tally import EVER_IN_FORCE
from sla.views.actions import may_edit, offers
from sla.words import days_text, every_months

ENDING_WITHIN = timedelta(days=90)
LATEST = 6


@require_GET
def index(request: Request) -> HttpResponse:
    form = ContractFilterForm(request.GET, user=request.user)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    rows, today = contract_list(request.user), timezone.localdate()
    if wanted.pop("ending", False):
        last = today + ENDING_WITHIN
        rows = rows.filter(state__in=Contract.IN_FORCE, ends_on__range=(today, last))
    if "state" not in wanted:
        rows = rows.exclude(state=Contract.State.REPLACED)
    context = {
        "form": form,
        "page": page_of(request, rows.filter(**wanted), "-starts_on", "-id"),
        "may_draft": request.user.front_office,
    }
    return render_page(request, "sla/index.html", context, fragment="rows")


@require_GET
def without(request: Request) -> HttpResponse:
    """List the clients whom no contract covers: the house standard is all they have."""
    rows = without_contract(request.user, timezone.localdate())
    shown = rows if reads_contracts(request.user) else rows.none()
    page = page_of(request, shown.select_related("owner", "parent"), "sort_name", "id")
    context = {"page": page, "lines": _lines_without(request.user, page.rows)}
    return render_page(request, "sla/without.html", context, fragment="rows")


@dataclass(frozen=True, slots=True)
class LineWithout:
    """A client without a contract; talk -- the one that is being talked about."""

    account: Account
    talk: Contract | None
    may_draft: bool


def _lines_without(user: User, accounts: list[Account]) -> list[LineWithout]:
    """Read what stands beside these accounts with two queries."""
    in_talks = Contract.objects.filter(account__in=accounts, state__in=Contract.IN_TALKS)
    talks = {contract.account_id: contract for contract in in_talks.order_by("revision", "id")}
    own = _draftable(user, accounts)
    return [
        LineWithout(account, talks.get(account.pk), may_draft=account.pk in own)
        for account in accounts
    ]


def _draftable(user: User, accounts: Iterable[Account]) -> set[UUID]:
    shown = {account.pk for account in accounts}
    if user.has_role(User.Role.HEAD_OF_KAM):
        return shown
    if not user.has_role(User.Role.ACCOUNT_MANAGER):
        return set()
    return set(Account.objects.filter(pk__in=shown).own_of(user).values_list("pk", flat=True))


@require_GET
def house(request: Request) -> HttpResponse:
    return render_page(request, "sla/house.html", {"levels": levels(None)}, fragment="table")


@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_detail(request.user), pk)
    now = timezone.now()
    consents = consents_of(contract, request.user)
    versions = list(versions_of(contract))
    ready = all(each.given for each in consents) and bool(contract.targets.all())
    context = {
        "contract": contract,
        "reading": reading_of(contract),
        "notice": days_text(contract.notice_days),
        "review_every": every_months(contract.review_every),
        "consents": consents,
        "standing": standing_of(contract, consents, versions, now),
        "versions": versions,
        "offers": offers(contract, request.user, ready=ready),
        "may_edit": may_edit(contract, request.user),
        **_record(request.user, contract, now),
    }
    return render_page(request, "sla/detail.html", context, fragment="main")


def _record(user: User, contract: Contract, now: datetime) -> dict[str, Any]:
    """Return how a contract that has come into force was kept, what it cost us, who talked of it."""
    if contract.state not in EVER_IN_FORCE:
        return {}
    return {
        "has_begun": True,
        "kept": kept_under(contract, now) if contract.is_in_force else [],
        "credits": credits_of(contract)[:LATEST],
        "reviews": reviews_of(contract)[:LATEST],
        "may_hold_review": contract.is_in_force and user.has_perm("sla.hold_review", contract),
    }


@require_GET
def diff(request: Request, pk: UUID) -> HttpResponse:
    """Compare the contract with the version before it."""
    after = found(request.user, contract_detail(request.user), pk)
    if after.predecessor_id is None:
        raise Http404
    before = found(request.user, contract_detail(request.user), after.predecessor_id)
    parts = differences(before, after)
    context = {"before": before, "after": after, "parts": parts, "counts": _counts(parts)}
    return render_page(request, "sla/diff.html", context, fragment="main")


def _counts(parts: list[Part]) -> dict[str, int]:
    changes = [line.change for part in parts for line in part.lines]
    return {change.value: changes.count(change) for change in Change}


@require_GET
def document(request: Request, pk: UUID) -> HttpResponse:
    """Return the contract as a PDF in the client's language."""
    contract = found(request.user, contract_detail(request.user), pk)
    name = f"{contract.no.replace('/', '-')}.pdf"
    return HttpResponse(
        printed(paper_of(contract, timezone.now())),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
