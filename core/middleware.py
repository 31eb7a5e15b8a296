"""What every request passes before and after its view."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final, cast
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect
from django_structlog.middlewares import RequestMiddleware

from core import metrics
from core.errors import DomainError
from core.models import User
from core.pages import swaps_part
from core.views import errors

Next = Callable[[HttpRequest], HttpResponse]
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
LONGEST_QUERY = 4_000
LONGEST_PATH = 2_000
OPEN_DOORS: Final = ("/c/", "/n/")
"""Pages to which anybody can send who has a secret link, or makes one up."""
LARGEST_FILES = 4
"""Bodies sent there hold so many of the largest files at most; the page says what is too large."""
SECRET_PART: Final = re.compile(r"(?<=/)[\w-]{40,}")
"""A part of a path that opens something, such as a client's page or a new password."""
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
ABSOLUTE_LIMIT = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)",
}


class SecurityHeaders:
    """Adds what Django's own middleware does not; a view may set a header of its own."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class InputGuard:
    """Refuses at the door what the database cannot store and nobody can type."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        too_long = (
            len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY
            or len(request.path_info) > LONGEST_PATH
        )
        if too_long or _is_flood(request):
            return errors.bad_request(request)
        if any(UNSTORABLE.search(text) for text in _texts(request)):
            return errors.bad_request(request)
        return self.get_response(request)


def _is_flood(request: HttpRequest) -> bool:
    """Tell by what the sender announces, before the body is read; nobody can send more than that."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not request.path_info.startswith(OPEN_DOORS) or not announced.isdecimal():
        return False
    return int(announced[:20]) > LARGEST_FILES * settings.ATTACHMENT_MAX_BYTES


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    yield from request.COOKIES.values()
    for source in [request.GET, request.POST] if _is_form(request) else [request.GET]:
        for name, values in source.lists():
            yield name
            yield from map(str, values)


def _is_form(request: HttpRequest) -> bool:
    return request.content_type in FORM_TYPES and not request.path.startswith(errors.API)


class RequestLog(RequestMiddleware):
    """One line per request with its id, the path without its query, and how long it took."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = cast(HttpResponse, super().__call__(request))
        metrics.count_request(request, response, time.monotonic() - started)
        return response

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Leave out the query, for people search for names, and what opens a door."""
        return f"{request.method} {SECRET_PART.sub('…', request.path)}"


class PersonalSettings:
    """Language and time zone of the person; ends sessions that are idle or old."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.deactivate()
        if not _has_session(request) or not request.user.is_authenticated:
            return self.get_response(request)
        if _has_expired(request):
            logout(request)
            return self.get_response(request)
        _use(request)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _use(request: HttpRequest) -> None:
    # The person himself instead of Django's lazy wrapper: services lock and save the row.
    user = request.user = cast(User, get_user(request))
    translation.activate(user.language)
    timezone.activate(ZoneInfo(user.time_zone))


def _has_expired(request: HttpRequest) -> bool:
    """Compare with the limits, and note that the person is still there.

    What the page fetches by itself is no sign of life. The note is kept to the minute, so that
    reading pages does not write the session each time.
    """
    now = timezone.now().timestamp()
    begun = request.session.setdefault("begun_at", now)
    seen = request.session.setdefault("seen_at", now)
    if now - seen > settings.SESSION_IDLE_SECONDS or now - begun > ABSOLUTE_LIMIT.total_seconds():
        return True
    if now - seen >= SEEN_EVERY.total_seconds() and not _is_poll(request):
        request.session["seen_at"] = now
    return False


def _is_poll(request: HttpRequest) -> bool:
    return "Kamerton-Poll" in request.headers


class HtmxSignIn:
    """Answers htmx when the session has ended.

    The sign-in page must not be swapped into a part of a page. Where somebody may have typed
    something nothing moves (401, shown as a short message); otherwise htmx leaves for it.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if not swaps_part(request) or not response.get("Location", "").startswith(sign_in):
            return response
        if request.method != "GET" or _is_poll(request):
            return HttpResponse(status=401)
        page = urlsplit(request.headers.get("HX-Current-URL", "/")).path
        return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': page})}")


class HostCheck(CommonMiddleware):
    """Refuses hosts that are not ours; balancers and monitors may call us by any address."""

    PROBES: Final = ("/healthz", "/readyz")

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path_info in self.PROBES else super().process_request(request)


class RefusalPages:
    """Turns a DomainError outside of a form into a 409 that says why."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        return errors.refused(request, exception) if isinstance(exception, DomainError) else None
