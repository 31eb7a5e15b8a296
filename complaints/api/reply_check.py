"""The reply check, what was sent despite it, and the directory of suppliers over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from complaints import services
from complaints.checking import told_of_draft
from complaints.models import Complaint, Message, Supplier
from complaints.overrides import override_list
from complaints.serializers.reply_check import (
    OverrideOutput,
    ReplyCheckInput,
    ReplyCheckOutput,
    SupplierInput,
    SupplierOutput,
)
from core.rest.views import ApiViewSet, ReadViewSet, actor_of, service_action, service_call


class ReplyCheckViewSet(ApiViewSet[Any]):
    """A look at a text before it is sent to a client."""

    scope = "complaints"
    queryset = Complaint.objects.none()
    serializer_class = ReplyCheckOutput

    @extend_schema(request=ReplyCheckInput, responses={200: ReplyCheckOutput})
    def create(self, request: Request) -> Response:
        """Check a text for blame-shifting; nothing is sent or stored.

        The names of our suppliers count for colleagues only: programs do not read the directory.
        """
        body = ReplyCheckInput(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        told = told_of_draft(actor_of(request), **body.validated_data)
        return Response(ReplyCheckOutput(told).data)


class OverrideViewSet(ApiViewSet[Message]):
    """What was sent although the reply check stopped it, newest first; for the heads only."""

    scope = "complaints"
    queryset = Message.objects.all()
    serializer_class = OverrideOutput
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Message]:
        return override_list(actor_of(self.request))

    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset())


class SupplierFilters(FilterSet):
    archived = filters.BooleanFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)


class SupplierViewSet(ReadViewSet[Supplier]):
    """Whose parts and work we pass on. The reply check takes their names for third parties."""

    scope = "complaints"
    queryset = Supplier.objects.all()
    serializer_class = SupplierOutput
    filterset_class = SupplierFilters
    ordering = ("name", "id")

    @service_call(services.add_supplier, takes=SupplierInput, creates=True)
    def create(self) -> None:
        """Add a supplier."""

    @service_call(services.edit_supplier, on="supplier", takes=SupplierInput)
    def partial_update(self) -> None:
        """Change the names or the notes."""

    @service_action(services.archive_supplier, on="supplier", url_path="archive")
    def archive_supplier(self) -> None:
        """Put it away: its names are words like any other then."""

    @service_action(services.restore_supplier, on="supplier", url_path="restore")
    def restore_supplier(self) -> None:
        """Take it back."""


def register(router: SimpleRouter) -> None:
    router.register("reply-checks", ReplyCheckViewSet, basename="reply-check")
    router.register("reply-overrides", OverrideViewSet, basename="reply-override")
    router.register("suppliers", SupplierViewSet)
