"""Accounts, their people, and what is owed to them over REST: the same services as the pages."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from accounts.api.account import AccountViewSet
from accounts.api.alert import AlertViewSet
from accounts.api.attitude import AttitudeReadingViewSet
from accounts.api.bad_news import BadNewsViewSet
from accounts.api.contact import ContactViewSet
from accounts.api.holding import HoldingViewSet
from accounts.api.promise import PromiseViewSet
from accounts.api.task import TaskViewSet
from accounts.api.touch import InteractionViewSet

__all__ = [
    "AccountViewSet",
    "AlertViewSet",
    "AttitudeReadingViewSet",
    "BadNewsViewSet",
    "ContactViewSet",
    "HoldingViewSet",
    "InteractionViewSet",
    "PromiseViewSet",
    "TaskViewSet",
    "register",
]


def register(router: SimpleRouter) -> None:
    """Add the resources."""
    router.register("accounts", AccountViewSet)
    router.register("alerts", AlertViewSet)
    router.register("attitude-readings", AttitudeReadingViewSet)
    router.register("bad-news", BadNewsViewSet)
    router.register("contacts", ContactViewSet)
    router.register("holdings", HoldingViewSet)
    router.register("interactions", InteractionViewSet)
    router.register("promises", PromiseViewSet)
    router.register("tasks", TaskViewSet)
