"""Talks with clients over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.keywords import one_by_one
from accounts.models import Touch
from accounts.queries import touch_list
from accounts.serializers import (
    RefuseHospitalityInput,
    StakeTouchOutput,
    TouchFilters,
    TouchInput,
)
from accounts.services.touch import EDITABLE
from core.rest.views import ReadViewSet, actor_of, service_action, service_call

log_touch = one_by_one(services.log_touch, EDITABLE)


class InteractionViewSet(ReadViewSet[Touch]):
    """Talks with clients, newest first."""

    scope = "accounts"
    queryset = Touch.objects.all()
    serializer_class = StakeTouchOutput
    filterset_class = TouchFilters
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Touch]:
        return touch_list(actor_of(self.request))

    @service_call(log_touch, takes=TouchInput, creates=True)
    def create(self) -> None:
        """Log a talk."""

    @service_action(services.approve_hospitality, on="touch")
    def approve_hospitality(self) -> None:
        """Agree to more than the limit; never to what you have logged yourself."""

    @service_action(services.refuse_hospitality, on="touch", takes=RefuseHospitalityInput)
    def refuse_hospitality(self) -> None:
        """Say that it is too much, and why."""
