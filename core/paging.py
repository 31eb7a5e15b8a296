"""Lists on pages are cut by the same cursors as lists over REST."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request as RestRequest

from core.rest.pages import CursorPages, Ordering

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows, and the addresses of their neighbours as `components/_pages.html` wants them."""

    rows: list[M]
    older_url: str
    newer_url: str


@dataclass(frozen=True, slots=True)
class _List:
    ordering: Ordering
    orderings: dict[str, Ordering] = field(default_factory=dict)


def page_of(request: HttpRequest, rows: QuerySet[M], *ordering: str) -> Page[M]:
    """Cut out the page that the address asks for: `?cursor=`, 25 rows or `?limit=` up to 200.

    ordering -- columns or annotations, `-` turns one round; the last one is unique.
    An address that nobody was given is a 404.
    """
    pages = CursorPages()
    try:
        found = pages.paginate_queryset(rows, RestRequest(request), _List(ordering))
    except ValidationError as error:
        raise Http404(str(error)) from error
    return Page(found, _path(pages.next), _path(pages.previous))


def _path(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.path}?{parts.query}" if url else ""
