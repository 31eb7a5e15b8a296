"""Credits over REST, and the closed months they come from."""

from __future__ import annotations

from django.db.models import QuerySet

from core.rest.views import ReadViewSet, actor_of, service_action
from sla import services
from sla.models import Attainment, Credit
from sla.queries import attainment_list, credit_list
from sla.serializers.credit import (
    AttainmentFilters,
    AttainmentOutput,
    CreditFilters,
    CreditOutput,
    IssueInput,
    WaiveInput,
)


class CreditViewSet(ReadViewSet[Credit]):
    """What months of missed promises give back. Proposed by the close of the month."""

    scope = "sla"
    queryset = Credit.objects.all()
    serializer_class = CreditOutput
    filterset_class = CreditFilters
    ordering = ("-month", "-id")
    orderings = {"month": ("month", "id")}

    def get_queryset(self) -> QuerySet[Credit]:
        return credit_list(actor_of(self.request))

    @service_action(services.approve_credit, on="credit")
    def approve(self) -> None:
        """Consent to the amount, as finance."""

    @service_action(services.issue_credit, on="credit", takes=IssueInput)
    def issue(self) -> None:
        """Write to the client: what he gets back, that we are sorry, what we changed."""

    @service_action(services.waive_credit, on="credit", takes=WaiveInput)
    def waive(self) -> None:
        """Record that the client has waived it in writing."""


class AttainmentViewSet(ReadViewSet[Attainment]):
    """How often each promise of a contract was kept in a closed month. Final."""

    scope = "sla"
    queryset = Attainment.objects.all()
    serializer_class = AttainmentOutput
    filterset_class = AttainmentFilters
    ordering = ("-month", "-id")
    orderings = {"month": ("month", "id")}

    def get_queryset(self) -> QuerySet[Attainment]:
        return attainment_list(actor_of(self.request))
