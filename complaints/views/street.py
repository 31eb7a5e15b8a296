"""Pages that people come to from the street: a secret link, no sign-in, nothing to guess at."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from core.rest.throttle import WINDOW_SECONDS, client_address, counter

MOST_FROM_ADDRESS, MOST_BY_LINK, MOST_SENT = 120, 60, 20
"""Requests in a minute from one address, with one link, and with one link that send something."""
PRIVATE: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # Not "no-referrer": with it browsers send forms with "Origin: null", which CSRF must refuse.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
R = TypeVar("R", bound=HttpResponseBase)


def is_too_fast(request: HttpRequest, token: str) -> bool:
    secret = sha256(token.encode()).hexdigest()[:32]
    address = client_address(request.META, settings.TRUSTED_PROXIES)
    limits = {f"address:{address}": MOST_FROM_ADDRESS, f"link:{secret}": MOST_BY_LINK}
    if request.method == "POST":
        limits[f"sent:{secret}"] = MOST_SENT
    rate = counter(settings.CACHE_URL)
    return any(
        rate.count(cache.make_key(f"client:{key}"))[0] > most for key, most in limits.items()
    )


def wall(request: HttpRequest, lang: str) -> HttpResponse:
    """Say that the link opens nothing; whether it ever did is not told."""
    return _plain(request, "wall", lang, 404)


def slow_down(request: HttpRequest, lang: str) -> HttpResponse:
    response = _plain(request, "slow", lang, 429)
    response.headers["Retry-After"] = str(WINDOW_SECONDS)
    return response


def _plain(request: HttpRequest, page: str, lang: str, status: int) -> HttpResponse:
    language = lang or translation.get_language_from_request(request)
    template = f"complaints/client/{page}.html"
    return speaking(language, lambda: render(request, template, status=status))


def speaking(language: str, answer: Callable[[], R]) -> R:
    """Return the answer, made in the language and marked with it."""
    with translation.override(language):
        response = answer()
    response.headers["Content-Language"] = language
    return response


def keep_private(response: R) -> R:
    """Let no browser store, index, pass on or script what the secret link opened."""
    for name, value in PRIVATE.items():
        response.headers.setdefault(name, value)
    return response
