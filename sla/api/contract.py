"""Contracts over REST."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from core.models import User
from core.rest.views import actor_of, service_action, service_call
from sla import services
from sla.api.review import ReviewedContracts
from sla.diff import differences
from sla.models import Contract
from sla.queries import contract_detail, contract_list
from sla.serializers import (
    ApproveInput,
    ContractDetailOutput,
    ContractFilters,
    ContractOutput,
    DiffOutput,
    DraftInput,
    NegotiateInput,
    ReasonInput,
    RecordSignatureInput,
    SignInput,
    TermsInput,
)
from sla.services import BandRow, ExclusionRow, ScopeRow, StepRow, TargetRow, Terms

ROWS: Final[Mapping[str, Callable[[Any], object]]] = {
    "targets": TargetRow.of,
    "scope_items": ScopeRow.of,
    "exclusions": ExclusionRow.of,
    "bands": BandRow.of,
    "steps": StepRow.of,
}


@wraps(services.draft_contract)
def draft_contract(*, actor: User, account: Account, now: datetime, **given: Any) -> Contract:
    terms = Terms(**_terms(given))
    return services.draft_contract(actor=actor, account=account, terms=terms, now=now)


@wraps(services.edit_contract)
def edit_contract(*, actor: User, contract: Contract, now: datetime, **given: Any) -> Contract:
    terms = replace(Terms.of(contract), **_terms(given))
    return services.edit_contract(actor=actor, contract=contract, terms=terms, now=now)


def _terms(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given with its lists as rows of terms; a PATCH has some from the contract."""
    rows = {name: tuple(map(of, given[name])) for name, of in ROWS.items() if name in given}
    return {**given, **rows}


class ContractViewSet(ReviewedContracts):
    """Who was promised what by when. One row is one version; a sent one never changes."""

    scope = "sla"
    queryset = Contract.objects.all()
    serializer_class = ContractOutput
    detail_class = ContractDetailOutput
    filterset_class = ContractFilters
    orderings = {"starts_on": ("starts_on", "id")}

    def get_queryset(self) -> QuerySet[Contract]:
        rows = contract_detail if self.detail else contract_list
        return rows(actor_of(self.request))

    @service_call(draft_contract, takes=DraftInput, creates=True)
    def create(self) -> None:
        """Write a draft; it promises nothing until both have signed. What is left out is usual."""

    @service_call(edit_contract, on="contract", takes=TermsInput)
    def partial_update(self) -> None:
        """Change a draft. A list replaces the whole list; what is left out stays.

        What was approved must be approved anew.
        """

    @service_action(services.approve_contract, on="contract", takes=ApproveInput)
    def approve(self) -> None:
        """Consent to what the draft promises beyond the house standard; never to one's own."""

    @service_action(services.propose_contract, on="contract")
    def propose(self) -> None:
        """Send it to the client, when it has all approvals. From now on its terms are final."""

    @service_action(services.negotiate_contract, on="contract", takes=NegotiateInput)
    def negotiate(self) -> None:
        """Note what the client wants otherwise."""

    @service_action(services.revise_contract, on="contract", creates=True)
    def revise(self) -> None:
        """Draft the next version with the same terms; it replaces this one when it is proposed."""

    @service_action(services.agree_contract, on="contract")
    def agree(self) -> None:
        """Note that the client accepts it."""

    @service_action(services.sign_contract, on="contract", takes=SignInput)
    def sign(self) -> None:
        """Sign for us. When both have signed, it is in force from its first day on."""

    @service_action(services.record_signature, on="contract", takes=RecordSignatureInput)
    def record_signature(self) -> None:
        """Note that the client has signed."""

    @service_action(services.renew_contract, on="contract", creates=True)
    def renew(self) -> None:
        """Draft the same terms for the time after it, as long as it was."""

    @service_action(services.terminate_contract, on="contract", takes=ReasonInput)
    def terminate(self) -> None:
        """End it today; running clocks keep it."""

    @service_action(services.withdraw_contract, on="contract", takes=ReasonInput)
    def withdraw(self) -> None:
        """Take back an offer, or drop a draft."""

    @extend_schema(responses=DiffOutput)
    @action(detail=True, methods=["get"])
    def diff(self, request: Request, **kwargs: str) -> Response:
        """Tell what it changes for the client, against the version before it; 404 for a first."""
        after = self.get_object()
        before = get_object_or_404(self.get_queryset(), pk=after.predecessor_id)
        compared = {"before": before, "after": after, "parts": differences(before, after)}
        return Response(DiffOutput(compared).data)
