"""Refusals and failures: a page in our look, problem+json for programs, a toast for htmx."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token

from core.errors import DomainError, Sentence
from core.pages import REFUSED, swaps_part, toast
from core.rest.problems import problem_page

API = "/api/"
RETRY_SECONDS = 10
SENTENCES = {
    400: _("The request cannot be read."),
    403: _("You may not do this."),
    404: _("There is nothing here, or you may not see it."),
    429: _("Too many requests. Wait a moment, then try again."),
}
UNAVAILABLE = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = _answer(request, 429)
    response.headers["Retry-After"] = "60"
    return response


@requires_csrf_token
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Say why a button without a form did nothing."""
    return _answer(request, REFUSED, sentence=error.sentence)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain what a person can do about it; the technical reason is logged by Django."""
    if swaps_part(request):
        sentence = _("This page was open for too long. Go back, reload it and send it again.")
        return _toast_only(REFUSED, sentence)
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with Retry-After when the database is away or busy, otherwise 500.

    Django wraps every middleware, so an error of any of them ends here, not in an outer one.
    """
    if not isinstance(sys.exc_info()[1], UNAVAILABLE):
        return _bare_answer(request, 500)
    response = _bare_answer(request, 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _answer(request: HttpRequest, status: int, sentence: Sentence = "") -> HttpResponse:
    if request.path.startswith(API):
        return problem_page(status, sentence)
    text = sentence or SENTENCES[status]
    if swaps_part(request):
        return _toast_only(status, text)
    return render(request, f"{status}.html", {"sentence": text}, status=status)


def _toast_only(status: int, text: Sentence) -> HttpResponse:
    """Leave htmx's page as it is; for all but 409 the browser has a sentence of its own."""
    response = HttpResponse(status=status)
    response.headers["HX-Reswap"] = "none"
    return toast(response, text, "error") if status == REFUSED else response


def _bare_answer(request: HttpRequest, status: int) -> HttpResponse:
    """Draw the page without the shell, which would ask the database for the person."""
    if request.path.startswith(API):
        return problem_page(status)
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
