"""Webhooks over REST: the same services as the pages, for administrators alone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from core.models import User, WebhookDelivery, WebhookEndpoint
from core.rest.calls import ServiceCall
from core.rest.views import ReadViewSet, actor_of, service_action, service_call
from core.services import webhook as webhooks
from core.webhook_queries import delivery_list, endpoint_list
from core.webhook_serializers import (
    DELIVERY_STATES,
    NewWebhookOutput,
    WebhookDeliveryOutput,
    WebhookInput,
    WebhookOutput,
)


class OfWebhooks(ReadViewSet[Any]):
    """Base of what administrators keep, by a token too."""

    scope = "webhooks"

    def get_queryset(self) -> QuerySet[Any]:
        if not actor_of(self.request).has_role(User.Role.ADMINISTRATOR):
            raise PermissionDenied
        return self.rows()

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError


class WebhookViewSet(OfWebhooks):
    """Addresses of programs that are told what happens, as docs/webhooks.md describes."""

    queryset = WebhookEndpoint.objects.all()
    serializer_class = WebhookOutput
    shown_once = ("secret",)

    def rows(self) -> QuerySet[WebhookEndpoint]:
        return endpoint_list()

    def answer(self, row: Any, call: ServiceCall) -> Response:
        """Add the secret: the row that is shown has been read anew and does not know it."""
        response = super().answer(row, call)
        if call.shows is NewWebhookOutput:
            response.data["secret"] = row.new_secret
        return response

    @service_call(webhooks.add_webhook, takes=WebhookInput, shows=NewWebhookOutput, creates=True)
    def create(self) -> None:
        """Add a webhook. Its secret is in this answer only."""

    @service_call(webhooks.edit_webhook, on="endpoint", takes=WebhookInput)
    def partial_update(self) -> None:
        """Change where and of what it is told."""

    @service_action(webhooks.rotate_webhook, on="endpoint", shows=NewWebhookOutput)
    def rotate_webhook(self) -> None:
        """Make a new secret, shown in this answer only. For 24 hours the old one signs as well."""

    @service_action(webhooks.disable_webhook, on="endpoint")
    def disable_webhook(self) -> None:
        """Tell it nothing more, nor what still waits."""

    @service_action(webhooks.enable_webhook, on="endpoint")
    def enable_webhook(self) -> None:
        """Tell it again of what happens from now on."""

    @service_action(webhooks.try_webhook, on="endpoint")
    def try_webhook(self) -> None:
        """Send the event `webhook.test` within ten seconds."""

    @service_action(webhooks.retry_webhook, on="endpoint")
    def retry_webhook(self) -> None:
        """Send everything once more that could not be delivered."""


class DeliveryFilters(FilterSet):
    webhook = filters.UUIDFilter(field_name="endpoint_id")
    state = filters.ChoiceFilter(choices=DELIVERY_STATES)
    type = filters.CharFilter()


class DeliveryViewSet(OfWebhooks):
    """What was told to whom, and what came of it; sent ones are kept for 30 days."""

    queryset = WebhookDelivery.objects.all()
    serializer_class = WebhookDeliveryOutput
    filterset_class = DeliveryFilters

    def rows(self) -> QuerySet[WebhookDelivery]:
        return delivery_list()

    @service_action(webhooks.resend_webhook, on="delivery")
    def resend_webhook(self) -> None:
        """Send it once more, with the same id."""


def register(router: SimpleRouter) -> None:
    router.register("webhooks", WebhookViewSet, basename="webhook")
    router.register("webhook-deliveries", DeliveryViewSet, basename="webhook-delivery")
