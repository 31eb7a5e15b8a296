"""Reads of webhooks and their deliveries, ready to render."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from core.models import User, WebhookDelivery, WebhookEndpoint


def endpoint_list() -> QuerySet[WebhookEndpoint]:
    """Return every webhook with its program and how many deliveries wait and have failed."""
    states = WebhookDelivery.State
    return WebhookEndpoint.objects.select_related("owner").annotate(
        waiting=_count(states.WAITING), failed=_count(states.FAILED)
    )


def _count(state: WebhookDelivery.State) -> Coalesce:
    theirs = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=state)
    counted = theirs.order_by().values("endpoint").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def delivery_list() -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.select_related("endpoint")


def programs() -> QuerySet[User]:
    """Return the programs that a webhook can belong to, by name."""
    return User.objects.in_role(User.Role.API_CLIENT).order_by(Lower("name"), "id")
