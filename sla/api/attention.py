"""Equal attention over REST."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest.views import ApiViewSet, actor_of
from sla.attention import attention
from sla.models import Clock
from sla.permissions import sees_all_warnings
from sla.serializers.attention import AttentionOutput


class AttentionViewSet(ApiViewSet[Any]):
    """Whether small clients are served as well as large ones."""

    scope = "sla"
    queryset = Clock.objects.none()
    serializer_class = AttentionOutput
    pagination_class = None

    @extend_schema(operation_id="attention", responses=AttentionOutput)
    def list(self, request: Request) -> Response:
        """Compare the 90 days that end now; for heads and executives only."""
        if not sees_all_warnings(actor_of(request)):
            raise PermissionDenied
        return self.show(attention(self.now))
