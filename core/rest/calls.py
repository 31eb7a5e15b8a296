"""A REST action is the name of a service: what it takes, what it acts on, what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models.manager import BaseManager
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, Serializer

from core.rest.pages import Ordering

Handler = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class ServiceCall:
    """How a request becomes the arguments of a service, and its result an answer.

    on      -- the argument that takes the row of the path; "" if there is none.
    takes   -- checks the shape of the body; its fields are the other arguments.
    shows   -- the output, if it is not the view's own.
    creates -- the result is a new row: 201, and no version of the old one is asked for.
    """

    service: Callable[..., Any]
    on: str
    takes: type[Serializer[Any]] | None
    shows: type[BaseSerializer[Any]] | None
    creates: bool

    def arguments(self, request: Request, row: Any, context: Mapping[str, Any]) -> dict[str, Any]:
        """Return the checked body. What a PATCH leaves out stays as the row has it."""
        if self.takes is None:
            return {}
        body = self.takes(data=request.data, context=context)
        present = _present_values(body, row) if request.method == "PATCH" else {}
        body.is_valid(raise_exception=True)
        return {**present, **body.validated_data}


def _present_values(body: Serializer[Any], row: Any) -> dict[str, Any]:
    """Return what the row says itself, and let the body leave just that out."""
    present = {}
    for field in body.fields.values():
        name = str(field.source)
        if hasattr(row, name):
            field.required, field.default = False, empty
            value = getattr(row, name)
            present[name] = list(value.all()) if isinstance(value, BaseManager) else value
    return present


def service_call(
    service: Callable[..., Any],
    *,
    on: str = "",
    takes: type[Serializer[Any]] | None = None,
    shows: type[BaseSerializer[Any]] | None = None,
    creates: bool = False,
) -> Callable[[Handler], Handler]:
    """Let a method of an ApiViewSet call the service; its body stays empty but for the docstring.

    The docstring becomes the description in OpenAPI.
    """
    call = ServiceCall(service=service, on=on, takes=takes, shows=shows, creates=creates)

    def decorate(described: Handler) -> Handler:
        @wraps(described)
        def handler(view: Any, request: Request, **kwargs: Any) -> Any:
            return view.perform(call)

        handler.call = call  # type: ignore[attr-defined]
        return handler

    return decorate


def service_action(
    service: Callable[..., Any],
    *,
    on: str = "",
    takes: type[Serializer[Any]] | None = None,
    shows: type[BaseSerializer[Any]] | None = None,
    creates: bool = False,
    **route: Any,
) -> Callable[[Handler], Handler]:
    """Give the method its own path, `POST …/{id}/<name>`, and let it call the service.

    route -- more keywords of DRF's `action`, such as `scope` or `parser_classes`.
    """

    def decorate(described: Handler) -> Handler:
        handler = service_call(service, on=on, takes=takes, shows=shows, creates=creates)(described)
        return _routed(handler, "post", {"detail": bool(on)} | route)

    return decorate


def sublist(
    output: type[BaseSerializer[Any]], *, ordering: Ordering = ("-id",), **route: Any
) -> Callable[[Handler], Handler]:
    """Give the method its own path, `GET …/{id}/<name>`, where the rows it returns are paged.

    The method is called with the row of the path. `<name>.mapping.post` adds a POST.
    """
    own: dict[str, Any] = {"detail_class": None, "filterset_class": None, "orderings": {}}
    own |= {"detail": True, "serializer_class": output, "ordering": ordering}

    def decorate(rows: Handler) -> Handler:
        @wraps(rows)
        def handler(view: Any, request: Request, **kwargs: Any) -> Any:
            return view.page(rows(view, view.get_object()))

        handler.is_list = True  # type: ignore[attr-defined]
        return _routed(handler, "get", own | route)

    return decorate


def _routed(handler: Handler, method: str, route: dict[str, Any]) -> Handler:
    path = handler.__name__.replace("_", "-")
    named: dict[str, Any] = {"methods": [method], "url_path": path, **route}
    routed: Handler = action(**named)(handler)
    return routed
