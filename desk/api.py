"""The day over REST."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from complaints.models import Complaint
from core.models import ApiToken, User
from core.rest.tokens import ANY_TOKEN
from core.rest.views import ApiViewSet, actor_of
from desk.day import in_order
from desk.duties import Asked, day_rows
from desk.serializers import DutyOutput
from desk.views import TEAM, day_end

WHOSE = OpenApiParameter("whose", str, enum=["me", TEAM], description="The team's: heads only.")


class DayViewSet(ApiViewSet[Any]):
    """What to do now, in order."""

    scope = ANY_TOKEN
    queryset = Complaint.objects.none()
    serializer_class = DutyOutput
    pagination_class = None

    @extend_schema(parameters=[WHOSE], responses={200: DutyOutput(many=True)})
    def list(self, request: Request) -> Response:
        """Return the day's duties; a token sees those of the apps that it may read."""
        user = actor_of(request)
        rows = day_rows(Asked(user=user, people=self._people(user), now=self.now), self._apps())
        ends = self._day_end(user)
        context = {"now": self.now, "day_ends_at": ends}
        shown: Any = in_order(rows, self.now, ends)
        return Response(DutyOutput(shown, many=True, context=context).data)

    def _people(self, user: User) -> Any:
        if self.request.query_params.get("whose") != TEAM:
            return user.principals
        if not user.has_role(User.Role.HEAD_OF_KAM):
            raise PermissionDenied
        return None

    def _apps(self) -> Iterable[str]:
        """Return the apps whose rows the caller may read; a token of none is refused."""
        apps = ["accounts", "complaints", "sla"]
        token = self.request.auth
        if isinstance(token, ApiToken):
            apps = [app for app in apps if f"{app}:read" in token.scopes]
        if not apps:
            raise PermissionDenied
        return apps

    def _day_end(self, user: User) -> datetime:
        with timezone.override(ZoneInfo(user.time_zone)):
            return day_end(self.now)


def register(router: SimpleRouter) -> None:
    """Add the resource."""
    router.register("day", DayViewSet, basename="day")
