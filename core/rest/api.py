"""What every caller has: himself, his tokens, his bell, and the log he may read."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django_filters.rest_framework import FilterSet, filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from core.history import visible_history
from core.models import ApiToken, AuditEntry, Notification, User
from core.notices import mark_all_read, mark_read
from core.rest.serializers import (
    CountOutput,
    EntryOutput,
    MeOutput,
    NewTokenOutput,
    NotificationOutput,
    TokenInput,
    TokenOutput,
)
from core.rest.tokens import ANY_TOKEN, NO_TOKEN
from core.rest.views import ApiViewSet, ReadViewSet, actor_of, service_action
from core.services.token import create_token, revoke_token


class MeViewSet(ApiViewSet[User]):
    """Who is calling."""

    scope = ANY_TOKEN
    queryset = User.objects.all()
    serializer_class = MeOutput
    pagination_class = None

    @extend_schema(operation_id="me")
    def list(self, request: Request) -> Response:
        """Tell who you are, your roles and your token's scopes."""
        return self.show(actor_of(request))


class TokenViewSet(ReadViewSet[ApiToken]):
    """Your keys to this API, and for an administrator those of the programs."""

    scope = NO_TOKEN
    queryset = ApiToken.objects.all()
    serializer_class = TokenOutput
    lookup_field = "public_id"
    ordering = ("-public_id",)
    shown_once = ("key",)

    def get_queryset(self) -> QuerySet[ApiToken]:
        actor = actor_of(self.request)
        visible = Q(user=actor)
        if actor.has_role(User.Role.ADMINISTRATOR):
            visible |= Q(user__roles__contains=[User.Role.API_CLIENT])
        tokens: QuerySet[ApiToken] = ApiToken.objects.filter(visible)
        return tokens

    @extend_schema(request=TokenInput, responses={201: NewTokenOutput})
    def create(self, request: Request) -> Response:
        """Make a token. Its key is in this answer only; send it as `Authorization: Bearer`."""
        body = TokenInput(data=request.data)
        body.is_valid(raise_exception=True)
        actor = actor_of(request)
        wish: dict[str, Any] = {"user": actor} | body.validated_data
        token, key = create_token(actor=actor, now=self.now, **wish)
        return Response(TokenOutput(token).data | {"key": key}, status=201)

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Revoke the token at once."""
        revoke_token(actor=actor_of(request), token=self.get_object(), now=self.now)
        return Response(status=204)


class NotificationViewSet(ReadViewSet[Notification]):
    """What you should know of, newest first."""

    scope = ANY_TOKEN
    queryset = Notification.objects.select_related("entry")
    serializer_class = NotificationOutput

    def get_queryset(self) -> QuerySet[Notification]:
        return super().get_queryset().filter(told_to(self.request.auth, "entry__verb"))

    @service_action(mark_read, on="notification")
    def read(self) -> None:
        """Note that you have read it."""

    @extend_schema(request=None, responses={200: CountOutput})
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Note that you have read everything."""
        return Response({"count": mark_all_read(actor=actor_of(request), now=self.now)})


class AuditFilters(FilterSet):
    verb = filters.CharFilter()
    account = filters.UUIDFilter(field_name="account_id")
    actor = filters.UUIDFilter(field_name="actor_id")
    target = filters.UUIDFilter(field_name="target_id")
    since = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")


class AuditViewSet(ReadViewSet[AuditEntry]):
    """Who did what, when; as much of it as you may read."""

    scope = ANY_TOKEN
    queryset = AuditEntry.objects.all()
    serializer_class = EntryOutput
    filterset_class = AuditFilters

    def get_queryset(self) -> QuerySet[AuditEntry]:
        visible = visible_history(actor_of(self.request))
        return AuditEntry.objects.filter(visible & told_to(self.request.auth, "verb"))


def told_to(token: object, column: str) -> Q:
    """Return which entries a token may hear of: those of the apps that it may read."""
    if not isinstance(token, ApiToken):
        return Q()
    apps = [scope.removesuffix(":read") for scope in token.scopes if scope.endswith(":read")]
    return reduce(or_, (Q(**{f"{column}__startswith": f"{app}."}) for app in ["core", *apps]))


def register(router: SimpleRouter) -> None:
    router.register("me", MeViewSet, basename="me")
    router.register("tokens", TokenViewSet, basename="token")
    router.register("notifications", NotificationViewSet, basename="notification")
    router.register("audit", AuditViewSet, basename="audit")
