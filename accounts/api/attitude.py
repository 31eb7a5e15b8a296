"""Attitudes over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.models import AttitudeReading
from accounts.queries import reading_list
from accounts.serializers import (
    AttitudeReadingFilters,
    AttitudeReadingOutput,
    ReadAttitudeInput,
)
from core.rest.views import ReadViewSet, actor_of, service_call


class AttitudeReadingViewSet(ReadViewSet[AttitudeReading]):
    """What people at clients think of us, newest first; never for programs."""

    scope = "accounts"
    queryset = AttitudeReading.objects.all()
    serializer_class = AttitudeReadingOutput
    filterset_class = AttitudeReadingFilters
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[AttitudeReading]:
        return reading_list(actor_of(self.request))

    @service_call(services.read_attitude, takes=ReadAttitudeInput, creates=True)
    def create(self) -> None:
        """Note a person's attitude and the fact that shows it; the latest one counts."""
