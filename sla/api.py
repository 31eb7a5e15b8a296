"""Service levels over REST: the same services as the pages."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.db.models import Manager, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from core.rest.views import ReadViewSet, actor_of, service_action, service_call
from sla import services
from sla.explanations import explanation_of, lines_of
from sla.models import Clock, Contract
from sla.queries import clock_list, contract_list
from sla.serializers import (
    ClockFilters,
    ClockOutput,
    ContractFilters,
    ContractOutput,
    DraftInput,
    EndInput,
    ExplanationOutput,
    TermsInput,
)
from sla.services import TargetRow

MOST_DAYS = 366


@wraps(services.edit_contract)
def edit_contract(*, targets: Any, **given: Any) -> Contract:
    """Take the targets of the row itself where a PATCH leaves them out."""
    kept = isinstance(targets, Manager)
    rows = [TargetRow.of(target) for target in targets.all()] if kept else targets
    return services.edit_contract(targets=rows, **given)


class ContractViewSet(ReadViewSet[Contract]):
    """Who was promised what by when."""

    scope = "sla"
    queryset = Contract.objects.all()
    serializer_class = ContractOutput
    filterset_class = ContractFilters
    orderings = {"starts_on": ("starts_on", "id")}

    def get_queryset(self) -> QuerySet[Contract]:
        return contract_list(actor_of(self.request))

    @service_call(services.draft_contract, takes=DraftInput, creates=True)
    def create(self) -> None:
        """Write a draft; it promises nothing until it is activated."""

    @service_call(edit_contract, on="contract", takes=TermsInput)
    def partial_update(self) -> None:
        """Change a draft. `targets` replaces all of them."""

    @service_action(services.activate_contract, on="contract")
    def activate(self) -> None:
        """Put a draft into force; complaints logged from its first day on run on its targets."""

    @service_action(services.end_contract, on="contract", takes=EndInput)
    def end(self) -> None:
        """End a contract today; running clocks keep it."""


class ClockViewSet(ReadViewSet[Clock]):
    """Promised times that run, stand still or have ended."""

    scope = "sla"
    queryset = Clock.objects.all()
    serializer_class = ClockOutput
    filterset_class = ClockFilters
    ordering = ("-started_at", "-id")
    orderings = {"due": ("due_at", "id")}

    def get_queryset(self) -> QuerySet[Clock]:
        return clock_list(actor_of(self.request)).select_related("subject_type")

    @extend_schema(responses=ExplanationOutput)
    @action(detail=True, methods=["get"])
    def explain(self, request: Request, **kwargs: str) -> Response:
        """Tell why the clock is due when it is: date by date, adding up to the target."""
        clock = self.get_object()
        told = explanation_of(clock)
        lines = lines_of(clock, told, most=MOST_DAYS)
        return Response(ExplanationOutput(told, context={"lines": lines, "most": MOST_DAYS}).data)


def register(router: SimpleRouter) -> None:
    router.register("sla-contracts", ContractViewSet, basename="sla-contract")
    router.register("clocks", ClockViewSet, basename="clock")
