"""Complaints over REST: one module for each noun, the same services as the pages."""

from rest_framework.routers import SimpleRouter

from complaints.api import importing, insight, learning, mail, notice, reply_check, stakes
from complaints.api.callback import CallbackViewSet
from complaints.api.complaint import ComplaintViewSet


def register(router: SimpleRouter) -> None:
    """Add the resources."""
    router.register("complaints", ComplaintViewSet)
    router.register("callbacks", CallbackViewSet, basename="callback")
    stakes.register(router)
    insight.register(router)
    importing.register(router)
    mail.register(router)
    notice.register(router)
    reply_check.register(router)
    learning.register(router)
