"""What complaints teach as a whole, over REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from complaints.insight import PERIODS, USUAL_PERIOD, causes, complaints_of, measures
from complaints.models import Complaint
from complaints.permissions import works_here
from core.rest.views import ApiViewSet, actor_of


class ShareOutput(serializers.Serializer[Any]):
    """A part of a whole; percent and its 95 % interval are null of nothing."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    percent = serializers.DecimalField(5, 2, allow_null=True)
    low = serializers.DecimalField(5, 2, allow_null=True)
    high = serializers.DecimalField(5, 2, allow_null=True)


class MeasureOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    share = ShareOutput()


class RootCauseOutput(serializers.Serializer[Any]):
    root_cause = serializers.CharField(source="key")
    share = ShareOutput(help_text="Of the complaints whose cause is known.")
    accounts = serializers.IntegerField()
    repeated_at = serializers.IntegerField(help_text="Clients that it hit more than once.")
    reopened = serializers.IntegerField()


class InsightOutput(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    measures = MeasureOutput(many=True)
    causes = RootCauseOutput(many=True)


class InsightViewSet(ApiViewSet[Any]):
    """Causes and shares of the complaints of a period; for colleagues only."""

    scope = "complaints"
    queryset = Complaint.objects.none()
    serializer_class = InsightOutput
    pagination_class = None

    @extend_schema(
        operation_id="complaint_insight",
        parameters=[OpenApiParameter("period", enum=list(PERIODS), description="Days.")],
        responses=InsightOutput,
    )
    def list(self, request: Request) -> Response:
        """Count causes, repeats, and how well trust was won back."""
        user, period = actor_of(request), request.query_params.get("period", USUAL_PERIOD)
        if not works_here(user):
            raise PermissionDenied
        if period not in PERIODS:
            raise serializers.ValidationError({"period": [f"{', '.join(PERIODS)}"]})
        rows = complaints_of(user, period, self.now)
        told = {"total": rows.count(), "measures": measures(rows), "causes": causes(rows)}
        return self.show(told)


def register(router: SimpleRouter) -> None:
    router.register("complaint-insight", InsightViewSet, basename="complaint-insight")
