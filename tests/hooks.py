"""Webhooks as the tests of the apps see them: what was put into the outbox."""

from core.models import WebhookDelivery
from core.services.webhook import add_webhook


def listen(admin, now, *, owner=None):
    """Add a webhook that hears of everything it may."""
    return add_webhook(
        actor=admin, url="https://hooks.example/", description="", events=[], owner=owner, now=now
    )


def heard(endpoint=None):
    """Return the types of the events, in order."""
    rows = WebhookDelivery.objects.order_by("id")
    return [row.type for row in (rows.filter(endpoint=endpoint) if endpoint else rows)]


def bodies(event_type):
    """Return the data of all events of the type, in order."""
    rows = WebhookDelivery.objects.filter(type=event_type).order_by("id")
    return [row.body["data"] for row in rows]


def everything_told():
    """Return all that was put into bodies, as text."""
    return str(list(WebhookDelivery.objects.values_list("body", flat=True))).lower()
