"""For balancers and monitors, not for people."""

from __future__ import annotations

from dataclasses import asdict
from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from core import health, metrics


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; touches neither database nor broker."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    found = health.checks(timezone.now())
    state = health.worst(found)
    body = {"status": state, "checks": {name: asdict(check) for name, check in found.items()}}
    return JsonResponse(body, status=503 if state == health.DOWN else 200)


@login_not_required
@never_cache
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Answer only who knows METRICS_TOKEN; without that setting the page does not exist."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    expected = settings.METRICS_TOKEN.encode()
    if not expected or not compare_digest(given, expected):
        raise Http404
    return HttpResponse(metrics.exposition(timezone.now()), content_type=CONTENT_TYPE_LATEST)
