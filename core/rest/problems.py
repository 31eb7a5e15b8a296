"""Every failure as problem+json (RFC 9457): a stable code for programs, a sentence for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from core.errors import DomainError, Sentence, StaleVersion

MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final[Mapping[int, Sentence]] = {
    400: _("The request is not right"),
    401: _("Who are you?"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not possible here"),
    406: _("No such format"),
    409: _("Not possible now"),
    412: _("Changed in the meantime"),
    413: _("Too large"),
    415: _("Not a format we read"),
    422: _("Not the same request"),
    428: _("Say which version you saw"),
    429: _("Too many requests"),
    500: _("Our mistake"),
    503: _("Not available right now"),
}
CODES: Final[Mapping[int, str]] = {
    400: "bad_request",
    403: "permission_denied",
    404: "not_found",
    409: "refused",
    413: "too_large",
    429: "throttled",
    500: "server_error",
    503: "unavailable",
}
SENTENCES: Final[Mapping[int, Sentence]] = {
    400: _("The request could not be understood."),
    403: _("You may not do this."),
    404: _("There is no such thing, or you may not see it."),
    409: _("This is not possible now."),
    413: _("The request is too large."),
    429: _("Too many requests. Wait a moment, then try again."),
    500: _("Something failed on our side. It is recorded; please try again later."),
    503: _("The database does not answer right now. Please try again in a moment."),
}
SOON_SECONDS: Final = 5
log = structlog.get_logger(__name__)


@dataclass
class Problem:
    """One failure, before it becomes an answer. facts -- members beside the standard ones."""

    status: int
    code: str = ""
    detail: Sentence = ""
    errors: list[dict[str, Sentence]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        return self.facts | {
            "type": "about:blank",
            "title": TITLES.get(self.status, TITLES[400]),
            "status": self.status,
            "code": self.code or CODES[self.status],
            "detail": self.detail or SENTENCES[self.status],
            "errors": self.errors,
        }


class PreconditionRequired(APIException):
    status_code = 428
    default_detail = _("Say in If-Match which version you saw: the ETag of your last GET.")
    default_code = "precondition_required"


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an anticipated failure of a view; None leaves the rest to the 500 handler."""
    problem = _problem(exc)
    if problem is None:
        return None
    return Response(
        problem.body(), problem.status, headers=problem.headers, content_type=MEDIA_TYPE
    )


def problem_page(status: int, sentence: Sentence = "") -> HttpResponse:
    """Answer for what fails outside the views, under /api/. status -- one of CODES."""
    problem = Problem(status, detail=sentence)
    body = json.dumps(problem.body(), cls=JSONEncoder, ensure_ascii=False)
    headers = {"Retry-After": str(SOON_SECONDS)} if status == 503 else None  # noqa: PLR2004 -- HTTP
    return HttpResponse(body, content_type=MEDIA_TYPE, status=status, headers=headers)


def _problem(exc: Exception) -> Problem | None:
    if isinstance(exc, DomainError):
        return _refusal(exc)
    if isinstance(exc, ValidationError):
        return _invalid_input(exc)
    if isinstance(exc, APIException):
        return _framework_problem(exc)
    if isinstance(exc, DatabaseError | InterfaceError):
        return _database_problem(exc)
    return next((Problem(status) for kinds, status in _PLAIN if isinstance(exc, kinds)), None)


_PLAIN: Final[list[tuple[tuple[type[Exception], ...], int]]] = [
    ((Http404,), 404),
    ((PermissionDenied,), 403),
    ((RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent), 413),
    ((SuspiciousOperation,), 400),
]


def _refusal(exc: DomainError) -> Problem:
    status = 412 if isinstance(exc, StaleVersion) else 409
    return Problem(status, exc.code, exc.sentence, facts=exc.facts)


def _invalid_input(exc: ValidationError) -> Problem:
    errors: list[dict[str, Sentence]] = [
        {"field": path, "code": each.code or "invalid", "detail": str(each)}
        for path, each in _leaves(exc.detail)
    ]
    sentence = _("Some values are not right; “errors” names each of them.")
    return Problem(400, "invalid_input", sentence, errors)


def _leaves(detail: Any, path: str = "") -> Iterator[tuple[str, ErrorDetail]]:
    """Yield each message with the dotted path of its field; "" is the input as a whole."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _leaves(inner, f"{path}.{name}".strip("."))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            is_message = isinstance(inner, ErrorDetail)
            yield from _leaves(inner, path if is_message else f"{path}.{place}".strip("."))
    else:
        yield path, detail


def _framework_problem(exc: APIException) -> Problem:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(wait)
    code = getattr(exc.detail, "code", None) or exc.default_code
    return Problem(exc.status_code, code, str(exc.detail), headers=headers)


def _database_problem(exc: Exception) -> Problem | None:
    """Tell conflicts and values that no column holds from a database that is away.

    Any other fault of the database is ours: None.
    """
    if isinstance(exc, OperationalError | InterfaceError):
        log.warning("database_unavailable", error=type(exc).__name__)
        return Problem(503, headers={"Retry-After": str(SOON_SECONDS)})
    if isinstance(exc, IntegrityError):
        log.warning("conflict_left_to_the_database", error=str(exc).partition("\n")[0])
        return Problem(409, "conflict", _("Somebody else was faster. Look again, then repeat."))
    if isinstance(exc, DataError):
        log.warning("value_left_to_the_database", error=str(exc).partition("\n")[0])
        return Problem(400, "out_of_range", _("A value is too large or too long to be kept."))
    return None
