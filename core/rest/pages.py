"""Lists in pages that stay right while rows come and go: the cursor is the last row seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar, cast

from django.core.exceptions import ValidationError as InvalidValue
from django.core.signing import BadSignature, Signer
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

DEFAULT_LIMIT: Final = 25
LARGEST_LIMIT: Final = 200
NOTHING: Final = Q(pk__in=[])
PARAMETERS: Final = frozenset({"cursor", "limit", "ordering"})
M = TypeVar("M", bound=Model)
Ordering = tuple[str, ...]
Position = list[str | None]


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after the row with these values, in reading order or against it."""

    position: Position
    backwards: bool


class CursorPages(BasePagination):
    """Pages of `?limit` rows in the order of the view's `ordering`, or of `?ordering`.

    The view says in `orderings` which names a caller may order by. Every ordering ends in a
    unique key; a null stands after all values, as PostgreSQL has it.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self._url = request.build_absolute_uri()
        self._ordering = chosen_ordering(request, view)
        self._signer = Signer(salt=f"{queryset.model._meta.label}{self._ordering}")
        limit, cursor = _limit(request), self._cursor(request)
        backwards = cursor is not None and cursor.backwards
        ordering = _reversed(self._ordering) if backwards else self._ordering
        rows = queryset.order_by(*ordering)
        if cursor is not None:
            rows = rows.filter(_beyond(rows, ordering, cursor.position))
        found = list(rows[: limit + 1])
        page, has_more = found[:limit], len(found) > limit
        if backwards:
            page.reverse()
        has_next, has_previous = (True, has_more) if backwards else (has_more, cursor is not None)
        self.next = self._link(page[-1], backwards=False) if page and has_next else None
        self.previous = self._link(page[0], backwards=True) if page and has_previous else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = sorted(view.orderings)
        limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT}
        ordering = {"type": "string", "enum": [*names, *(f"-{name}" for name in names)]}
        described = {
            "cursor": ({"type": "string"}, "Where the page starts: taken from `next`."),
            "limit": (limit | {"default": DEFAULT_LIMIT}, "How many rows at most."),
        }
        if names:
            described["ordering"] = (ordering, "By what; `-` turns the order round.")
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": text}
            for name, (schema, text) in described.items()
        ]

    def _cursor(self, request: Request) -> Cursor | None:
        signed = request.query_params.get("cursor")
        if signed is None:
            return None
        try:
            position, backwards = self._signer.unsign_object(signed)
        except (BadSignature, ValueError):
            raise _foreign_cursor() from None
        return Cursor(position, backwards)

    def _link(self, row: Model, *, backwards: bool) -> str:
        position = [_told(getattr(row, name.lstrip("-"))) for name in self._ordering]
        signed = self._signer.sign_object((position, backwards))
        return replace_query_param(self._url, "cursor", signed)


def chosen_ordering(request: Request, view: Any) -> Ordering:
    """Return the view's ordering, or the declared one that the caller asks for."""
    name = request.query_params.get("ordering")
    if name is None:
        return tuple(view.ordering)
    known: Mapping[str, Ordering] = view.orderings
    if name.removeprefix("-") not in known:
        names = ", ".join(sorted(known)) or "–"
        raise _wrong("ordering", _("This list can be ordered by: %(names)s.") % {"names": names})
    ordering = known[name.removeprefix("-")]
    return _reversed(ordering) if name.startswith("-") else ordering


def _limit(request: Request) -> int:
    written = request.query_params.get("limit")
    if written is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"[0-9]{1,3}", written) or not 1 <= int(written) <= LARGEST_LIMIT:
        raise _wrong(
            "limit", _("Give a whole number from 1 to %(most)d.") % {"most": LARGEST_LIMIT}
        )
    return int(written)


def _reversed(ordering: Ordering) -> Ordering:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in ordering)


def _told(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def _beyond(rows: QuerySet[M], ordering: Ordering, position: Position) -> Q:
    """Return the condition on rows that come after the position, compared like words by letter."""
    beyond, same = NOTHING, Q()
    for name, told in zip(ordering, position, strict=True):
        column, is_descending = name.lstrip("-"), name.startswith("-")
        kind = _field(rows, column)
        value = _understood(kind, told)
        beyond |= same & _further(column, value, is_descending=is_descending, nullable=kind.null)
        same &= Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
    return beyond & _bound(rows, ordering[0], position[0])


def _further(column: str, value: Any, *, is_descending: bool, nullable: bool) -> Q:
    if is_descending:
        return Q(**({f"{column}__isnull": False} if value is None else {f"{column}__lt": value}))
    if value is None:
        return NOTHING
    later = Q(**{f"{column}__gt": value})
    return later | Q(**{f"{column}__isnull": True}) if nullable else later


def _bound(rows: QuerySet[M], name: str, told: str | None) -> Q:
    """Return what the first column must satisfy anyway: with it PostgreSQL can use its index."""
    column, is_descending = name.lstrip("-"), name.startswith("-")
    kind = _field(rows, column)
    if told is None or (kind.null and not is_descending):
        return Q()
    return Q(**{f"{column}__{'lte' if is_descending else 'gte'}": _understood(kind, told)})


def _field(rows: QuerySet[M], column: str) -> Field[Any, Any]:
    annotation = rows.query.annotations.get(column)
    found: Any = annotation.output_field if annotation else rows.model._meta.get_field(column)
    return cast("Field[Any, Any]", found)


def _understood(field: Field[Any, Any], told: str | None) -> Any:
    try:
        return None if told is None else field.to_python(told)
    except InvalidValue:
        raise _foreign_cursor() from None


def _foreign_cursor() -> ValidationError:
    return _wrong("cursor", _("This cursor is not of this list. Start at the first page."))


def _wrong(parameter: str, sentence: str) -> ValidationError:
    return ValidationError({parameter: [sentence]}, code="invalid")
