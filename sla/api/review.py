"""Reviews over REST: the figures of a contract, and what was said about them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.paper import render
from core.rest.views import ReadViewSet, actor_of, service_action
from sla import services
from sla.models import Contract, Review
from sla.queries import review_list
from sla.review_figures import ReviewPack
from sla.review_pack import review_pack
from sla.review_paper import paper_of
from sla.serializers.review import (
    HoldReviewInput,
    PackMonths,
    ReviewFilters,
    ReviewOutput,
    ReviewPackOutput,
)
from sla.spans import Month

PDF = "application/pdf"


class ReviewViewSet(ReadViewSet[Review]):
    """Reviews that were held; POST `sla-contracts/{id}/hold-review` records one."""

    scope = "sla"
    queryset = Review.objects.all()
    serializer_class = ReviewOutput
    filterset_class = ReviewFilters
    ordering = ("-held_on", "-id")

    def get_queryset(self) -> QuerySet[Review]:
        return review_list(actor_of(self.request))


class ReviewedContracts(ReadViewSet[Contract]):
    """What a contract offers for its reviews."""

    @service_action(
        services.hold_review,
        on="contract",
        takes=HoldReviewInput,
        shows=ReviewOutput,
        creates=True,
    )
    def hold_review(self) -> None:
        """Record a review that was held; the next one is planned by the rhythm of the contract."""

    @extend_schema(parameters=[PackMonths], responses=ReviewPackOutput)
    @action(detail=True, methods=["get"], url_path="review-pack")
    def review_pack(self, request: Request, **kwargs: str) -> Response:
        """Tell how it was kept in closed months, with misses, credits and what to propose."""
        return Response(ReviewPackOutput(self._pack()).data)

    @extend_schema(parameters=[PackMonths], responses={(200, PDF): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], url_path="review-pdf")
    def review_pdf(self, request: Request, **kwargs: str) -> HttpResponse:
        """Get the same for print, in the client's language."""
        return HttpResponse(render(paper_of(self._pack(), self.now)), content_type=PDF)

    def _pack(self) -> ReviewPack:
        asked = PackMonths(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        first, last = (
            Month.of(day) if (day := asked.validated_data.get(name)) else None
            for name in ("first_month", "last_month")
        )
        return review_pack(self.get_object(), actor_of(self.request), first=first, last=last)
