"""Complaints over REST: one module for each noun, the same services as the pages."""

from rest_framework.routers import SimpleRouter

from complaints.api.callback import CallbackViewSet
from complaints.api.complaint import ComplaintViewSet


def register(router: SimpleRouter) -> None:
    """Add the resources."""
    router.register("complaints", ComplaintViewSet)
    router.register("callbacks", CallbackViewSet, basename="callback")
