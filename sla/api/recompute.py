"""Recomputations over REST: open deadlines follow a newer calendar or contract."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.views import ReadViewSet, actor_of, service_call
from sla import services
from sla.models import Recompute
from sla.queries import recompute_list
from sla.replanning import preview
from sla.serializers.recompute import PreviewOutput, RecomputeInput, RecomputeOutput


class RecomputeViewSet(ReadViewSet[Recompute]):
    """Orders to let open deadlines follow a newer calendar or contract, with their progress."""

    scope = "sla"
    queryset = Recompute.objects.all()
    serializer_class = RecomputeOutput
    ordering = ("-ordered_at", "-id")

    def get_queryset(self) -> QuerySet[Recompute]:
        return recompute_list(actor_of(self.request))

    @service_call(services.recompute, takes=RecomputeInput, creates=True)
    def create(self) -> None:
        """Order it; the work is done in the background."""

    @extend_schema(request=RecomputeInput, responses=PreviewOutput)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell which deadlines would move. Nothing is written."""
        given = RecomputeInput(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        told = preview(given.validated_data["cause"], self.now)
        return Response(PreviewOutput(told).data)
