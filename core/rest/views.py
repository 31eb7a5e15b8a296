"""What every REST resource is made of: lists, details, and one service per change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, Final, TypeVar, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import LazyObject
from rest_framework.exceptions import APIException
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from core.models import ApiToken, Row, User
from core.patience import with_patience
from core.rest.calls import ServiceCall, service_action, service_call, sublist
from core.rest.conditions import etag_of, expect_version, is_known
from core.rest.idempotency import answer_once
from core.rest.pages import Ordering

__all__ = ["ApiViewSet", "ReadViewSet", "actor_of", "service_action", "service_call", "sublist"]

M = TypeVar("M", bound=Model)
WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def actor_of(request: Request) -> User:
    """Return who is calling; the permission has made sure that it is somebody."""
    return cast(User, request.user)


class ApiViewSet(GenericViewSet[M]):
    """Base of all resources.

    scope        -- which token scopes open it: "complaints" needs complaints:read or :write.
    detail_class -- output of one row, if it says more than a row of the list.
    ordering     -- columns of the list's order, the last one unique.
    orderings    -- what else a caller may order by: name → columns, the last one unique.
    shown_once   -- members of an answer that a repeated Idempotency-Key does not show again.
    """

    scope: str
    detail_class: type[BaseSerializer[Any]] | None = None
    filterset_class: type[Any] | None = None
    ordering: Ordering = ("-id",)
    orderings: Mapping[str, Ordering] = {}
    shown_once: tuple[str, ...] = ()
    metadata_class = None

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read and tell all times in UTC, whatever the caller's zone."""
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = str(request.method)
        if method in WRITING and hasattr(self, method.lower()):
            setattr(self, method.lower(), partial(self._write, getattr(self, method.lower())))

    def perform_authentication(self, request: Request) -> None:
        """Find out who calls and in which language; count the call, be it allowed or not."""
        try:
            super().perform_authentication(request)
        except APIException:
            super().check_throttles(request)
            raise
        super().check_throttles(request)
        if isinstance(request.user, LazyObject):
            # Operations lock a row by its type, and Django's session user is a proxy.
            request.user = copy(request.user)
        _speak_to(request)

    def check_throttles(self, request: Request) -> None:
        """Leave it: a call is counted before it is refused, see perform_authentication."""

    def get_queryset(self) -> QuerySet[M]:
        rows: Any = super().get_queryset()
        return cast("QuerySet[M]", rows.visible_to(actor_of(self.request)))

    def get_object(self) -> M:
        """Return the row, or 404 alike for an absent, an invisible and an impossible id."""
        wanted = self.kwargs[self.lookup_url_kwarg or self.lookup_field]
        found: M = get_object_or_404(self.get_queryset(), **{self.lookup_field: wanted})
        return found

    def perform(self, call: ServiceCall) -> Response:
        """Run the service on what the request names and says, and show the result."""
        row = self.get_object() if call.on else None
        if isinstance(row, Row) and not call.creates:
            expect_version(self.request, row)
        given = {call.on: row} if call.on else {}
        given |= call.arguments(self.request, row, self.get_serializer_context())
        result = call.service(actor=actor_of(self.request), now=self.now, **given)
        return self.answer(row if result is None else result, call)

    def answer(self, row: Any, call: ServiceCall) -> Response:
        """Show the row as it is now; 204 if the change took it out of the caller's sight."""
        if isinstance(row, self._model):
            row = self.get_queryset().filter(pk=row.pk).first()
        if row is None:
            return Response(status=204)
        response = self.show(row, call.shows)
        if call.creates:
            response.status_code = 201
            if not self.detail:
                response["Location"] = f"{self.request.path}/{getattr(row, self.lookup_field)}"
        return response

    def show(self, row: Any, output: type[BaseSerializer[Any]] | None = None) -> Response:
        output = output or self.detail_class or self.get_serializer_class()
        data = output(row, context=self.get_serializer_context()).data
        headers = {"ETag": etag_of(row, data)} if isinstance(row, Row) else None
        return Response(data, headers=headers)

    def page(self, rows: QuerySet[Any]) -> Response:
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @property
    def _model(self) -> type[M]:
        rows: Any = super().get_queryset()
        return cast("type[M]", rows.model)

    def _write(
        self, handler: Callable[..., Any], request: Request, *args: Any, **kwargs: Any
    ) -> Any:
        work = partial(handler, request, *args, **kwargs)
        if request.method == "POST":
            return with_patience(lambda: answer_once(self, request, work, self.now))
        return with_patience(work)


class ReadViewSet(ApiViewSet[M]):
    """A resource whose rows can be listed and read one by one."""

    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset())

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        response = self.show(self.get_object())
        if "ETag" in response and is_known(request, response["ETag"]):
            return Response(status=304, headers={"ETag": response["ETag"]})
        return response


def _speak_to(request: Request) -> None:
    """Answer a program in its user's language, unless it asks for another one."""
    asked = request.headers.get("Accept-Language", "*")
    if isinstance(request.auth, ApiToken) and asked == "*":
        translation.activate(actor_of(request).language)
