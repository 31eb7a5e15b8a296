"""OpenAPI: what the machinery of every resource adds to its operations is described here once."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core.models import Row
from core.rest.calls import ServiceCall
from core.rest.idempotency import KEY
from core.rest.inputs import Input
from core.rest.problems import MEDIA_TYPE, TITLES

HEADER: Final = OpenApiParameter.HEADER
IF_MATCH: Final = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, HEADER, required=True,
    description='The version you saw: the ETag of your last GET, or `"3"` from `version`.',
)  # fmt: skip
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, HEADER, description="Answers 304 if nothing has changed."
)
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "pattern": f"^{KEY.pattern}$"}, HEADER,
    description="The same key within 24 hours gets the same answer, and works once.",
)  # fmt: skip
ETAG: Final = OpenApiParameter(
    "ETag", OpenApiTypes.STR, HEADER, response=[200, 201], description="For If-Match."
)
ALWAYS: Final = (401, 403, 406, 429, 503)
STATUS_OF_METHOD: Final = {
    "GET": (400,),
    "DELETE": (409,),
    "PATCH": (400, 409, 413, 415),
    "POST": (400, 409, 413, 415, 422),
}


class ProblemError(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Dotted path; empty for the input as a whole.")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457. `code` is stable; the sentences are in the caller's language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = ProblemError(many=True)  # type: ignore[assignment]
    allowed = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="With illegal_transition: what is possible now.",
    )


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "core.rest.tokens.ScopedTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return build_bearer_security_scheme_object("Authorization", "Bearer")


class KamertonSchema(AutoSchema):
    """Names operations `<resource>_<action>` and adds problems and conditional headers."""

    def get_operation_id(self) -> str:
        path = [part.replace("-", "_") for part in self._tokenize_path()]
        action = self._action()
        return "_".join([*path[:1], action]) if path and action else super().get_operation_id()

    def get_request_serializer(self) -> Any:
        """Return what a service call takes; other handlers say it by @extend_schema."""
        call = self._call()
        return call.takes if call else None

    def get_response_serializers(self) -> Any:
        call = self._call()
        if call is None:
            detail = self._action() == "retrieve" and self._detail_class()
            return detail or super().get_response_serializers()
        shown = call.shows or self._detail_class() or super().get_response_serializers()
        return {201 if call.creates else 200: shown}

    def get_override_parameters(self) -> list[Any]:
        """Add to what @extend_schema declares."""
        parameters = list(super().get_override_parameters())
        if self._is_versioned():
            parameters += [IF_MATCH, ETAG]
        if self.method == "POST":
            parameters.append(IDEMPOTENCY_KEY)
        if self._action() == "retrieve":
            parameters += [IF_NONE_MATCH, ETAG]
        return parameters

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Output").removesuffix("Input")

    def _call(self) -> ServiceCall | None:
        return getattr(self._handler(), "call", None)

    def _action(self) -> str:
        return getattr(self.view, "action", None) or ""

    def _handler(self) -> Any:
        return getattr(self.view, self._action(), None)

    def _detail_class(self) -> Any:
        return getattr(self.view, "detail_class", None)

    def _is_versioned(self) -> bool:
        call = self._call()
        model = getattr(getattr(self.view, "queryset", None), "model", object)
        return bool(call and call.on and not call.creates and issubclass(model, Row))

    def _is_list_view(self, serializer: Any = None) -> bool:
        if getattr(self._handler(), "is_list", False):
            return True
        if getattr(self.view, "pagination_class", None) is None:
            return False
        return bool(super()._is_list_view(serializer))

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        statuses = {*ALWAYS, *STATUS_OF_METHOD[self.method]}
        statuses |= {404} if "{" in self.path else set()
        statuses |= {412, 428} if self._is_versioned() else set()
        for status in sorted(statuses - set(map(int, bodies))):
            described = OpenApiResponse(Problem, description=str(TITLES[status]))
            bodies[str(status)] = self._response(described, status)
        if self._action() == "retrieve":
            bodies["304"] = {"description": "You have it already."}
        call = self._call()
        if call and not call.shows:
            bodies["204"] = {"description": "Done, and thereby out of your sight."}
        return bodies

    def _map_serializer(self, serializer: Any, *args: Any, **kwargs: Any) -> Any:
        draw: Any = super()._map_serializer
        mapped = draw(serializer, *args, **kwargs)
        is_strict = isinstance(serializer, Input) and "properties" in mapped
        return mapped | {"additionalProperties": False} if is_strict else mapped

    def _response(self, described: OpenApiResponse, status: int) -> Any:
        draw: Any = super()._get_response_for_code
        return draw(described, str(status), [MEDIA_TYPE])
