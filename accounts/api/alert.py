"""Alerts over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.models import Alert
from accounts.queries import alert_list
from accounts.serializers import AlertFilters, AlertOutput, ResolveAlertInput, SnoozeInput
from core.rest.views import ReadViewSet, actor_of, service_action


class AlertViewSet(ReadViewSet[Alert]):
    """What rules have seen about clients, newest first."""

    scope = "accounts"
    queryset = Alert.objects.all()
    serializer_class = AlertOutput
    filterset_class = AlertFilters
    ordering = ("-raised_at", "-id")

    def get_queryset(self) -> QuerySet[Alert]:
        return alert_list(actor_of(self.request))

    @service_action(services.acknowledge_alert, on="alert")
    def acknowledge(self) -> None:
        """Say that you have seen it."""

    @service_action(services.snooze_alert, on="alert", takes=SnoozeInput)
    def snooze(self) -> None:
        """Put it off with a reason. What is red, or about a missing SLA, only heads put off."""

    @service_action(services.resolve_alert, on="alert", takes=ResolveAlertInput)
    def resolve(self) -> None:
        """Say how it was dealt with. If it is still true, its rule raises it again."""
