"""Deliveries over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.keywords import one_by_one
from accounts.models import Holding
from accounts.queries import holding_list
from accounts.serializers import (
    HoldingFilters,
    HoldingInput,
    HoldingOutput,
    ReturnHoldingInput,
)
from accounts.services.holding import EDITABLE
from core.rest.views import ReadViewSet, actor_of, service_action, service_call

add_holding = one_by_one(services.add_holding, EDITABLE)
edit_holding = one_by_one(services.edit_holding, EDITABLE)


class HoldingViewSet(ReadViewSet[Holding]):
    """Who holds what of us, the last delivery first."""

    scope = "accounts"
    queryset = Holding.objects.all()
    serializer_class = HoldingOutput
    filterset_class = HoldingFilters
    ordering = ("-delivered_on", "-id")

    def get_queryset(self) -> QuerySet[Holding]:
        return holding_list(actor_of(self.request))

    @service_call(add_holding, takes=HoldingInput, creates=True)
    def create(self) -> None:
        """Note a delivery. The holder is an account, or a name with how to reach it."""

    @service_call(edit_holding, on="holding", takes=HoldingInput)
    def partial_update(self) -> None:
        """Correct a delivery, or note that it was passed on."""

    @service_action(
        services.return_holding, on="holding", takes=ReturnHoldingInput, url_path="return"
    )
    def return_holding(self) -> None:
        """Say that it came back; its holder is no longer told of anything about it."""
