"""Service levels over REST: the same services as the pages."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from sla.api.attention import AttentionViewSet
from sla.api.clock import ClockViewSet
from sla.api.contract import ContractViewSet
from sla.api.credit import AttainmentViewSet, CreditViewSet
from sla.api.recompute import RecomputeViewSet
from sla.api.review import ReviewViewSet

__all__ = [
    "AttainmentViewSet",
    "AttentionViewSet",
    "ClockViewSet",
    "ContractViewSet",
    "CreditViewSet",
    "RecomputeViewSet",
    "ReviewViewSet",
    "register",
]


def register(router: SimpleRouter) -> None:
    """Add the resources."""
    router.register("sla-contracts", ContractViewSet, basename="sla-contract")
    router.register("clocks", ClockViewSet, basename="clock")
    router.register("recomputations", RecomputeViewSet, basename="recomputation")
    router.register("attention", AttentionViewSet, basename="attention")
    router.register("credits", CreditViewSet, basename="credit")
    router.register("attainments", AttainmentViewSet, basename="attainment")
    router.register("reviews", ReviewViewSet, basename="review")
