"""Clocks over REST."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.views import ReadViewSet, actor_of, service_action
from sla import services
from sla.explanations import explanation_of, lines_of
from sla.models import Clock
from sla.queries import clock_list
from sla.serializers import ClockFilters, ClockOutput, ExplanationOutput
from sla.serializers.credit import ExcludeInput

MOST_DAYS = 366


class ClockViewSet(ReadViewSet[Clock]):
    """Promised times that run, stand still or have ended."""

    scope = "sla"
    queryset = Clock.objects.all()
    serializer_class = ClockOutput
    filterset_class = ClockFilters
    ordering = ("-started_at", "-id")
    orderings = {"due": ("due_at", "id")}

    def get_queryset(self) -> QuerySet[Clock]:
        return clock_list(actor_of(self.request)).select_related("subject_type")

    @service_action(services.exclude_clock, on="clock", takes=ExcludeInput)
    def exclude(self) -> None:
        """Leave a missed one out of the figures, for a reason that its contract names."""

    @extend_schema(responses=ExplanationOutput)
    @action(detail=True, methods=["get"])
    def explain(self, request: Request, **kwargs: str) -> Response:
        """Tell why the clock is due when it is: date by date, adding up to the target."""
        clock = self.get_object()
        told = explanation_of(clock)
        lines = lines_of(clock, told, most=MOST_DAYS)
        return Response(ExplanationOutput(told, context={"lines": lines, "most": MOST_DAYS}).data)
