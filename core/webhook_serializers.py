"""Shapes of webhooks over REST. A secret is shown in the answer that made it, and never again."""

from __future__ import annotations

from rest_framework import serializers

from core.models import WebhookDelivery, WebhookEndpoint
from core.rest.inputs import Input
from core.rest.outputs import Output
from core.webhook_queries import programs
from core.webhooks import event_types

EVENTS = [(name, name) for name in event_types()]
STATES = WebhookEndpoint.State.choices
DELIVERY_STATES = WebhookDelivery.State.choices


class WebhookOutput(Output[WebhookEndpoint]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    url = serializers.URLField()
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField(), help_text="Empty is all.")
    owner = serializers.UUIDField(
        source="owner_id", allow_null=True, help_text="The program it belongs to; null is ours."
    )
    state = serializers.ChoiceField(STATES)
    previous_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then the secret of before signs as well."
    )
    refused_since = serializers.DateTimeField(
        allow_null=True, help_text="Since then nothing was accepted; null if the last one was."
    )
    waiting = serializers.IntegerField(help_text="Deliveries not sent yet.")
    failed = serializers.IntegerField(help_text="Deliveries given up.")


class NewWebhookOutput(WebhookOutput):
    secret = serializers.CharField(
        source="new_secret", allow_null=True, help_text="Shown this once; keep it safe."
    )


class WebhookInput(Input):
    url = serializers.URLField(max_length=500, help_text="https, reachable from the internet.")
    description = serializers.CharField(max_length=120, allow_blank=True, default="")
    events = serializers.ListField(
        child=serializers.ChoiceField(EVENTS),
        default=list,
        max_length=len(EVENTS),
        help_text="Which events it hears of; none is all.",
    )
    owner = serializers.PrimaryKeyRelatedField(
        queryset=programs(),
        pk_field=serializers.UUIDField(),
        allow_null=True,
        default=None,
        help_text="The program it belongs to, which hears only of what it may see.",
    )


class WebhookDeliveryOutput(Output[WebhookDelivery]):
    id = serializers.UUIDField()
    webhook = serializers.UUIDField(source="endpoint_id")
    event_id = serializers.UUIDField(help_text="The header webhook-id.")
    type = serializers.CharField()
    body = serializers.DictField()
    state = serializers.ChoiceField(DELIVERY_STATES)
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    next_try_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    last_status = serializers.IntegerField(allow_null=True, help_text="Of HTTP.")
    last_error = serializers.CharField()
