"""Figures for the people who run Kamerton, in the text format of Prometheus."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from core.models import Heartbeat, OutgoingMail, Timer, WebhookDelivery, WebhookEndpoint

METHODS: Final = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"}
REQUESTS: Final = Counter("kamerton_requests", "Answered requests.", ["method", "route", "status"])
SECONDS: Final = Histogram(
    "kamerton_request_seconds", "How long requests took.", ["method", "route"]
)


def count_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count by the route's pattern: addresses hold ids, and every label is kept for ever."""
    match = request.resolver_match
    route = f"/{match.route}" if match else "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(method, route, str(response.status_code)).inc()
    SECONDS.labels(method, route).observe(seconds)


def exposition(now: datetime) -> bytes:
    """Return everything measured.

    With PROMETHEUS_MULTIPROC_DIR the requests of all processes count, otherwise only those of
    the process that answers.
    """
    facts = CollectorRegistry()
    facts.register(Backlog(now))
    return generate_latest(_requests()) + generate_latest(facts)


def _requests() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


_more: list[tuple[str, str, Callable[[], int]]] = []


def add_gauge(name: str, text: str, read: Callable[[], int]) -> None:
    """Let an app tell a figure of its own, read when asked for. Call it from AppConfig.ready."""
    _more.append((name, text, read))


class Backlog(Collector):
    """What waits in the database, read at the moment of asking."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        pending = Timer.objects.filter(fired_at=None).aggregate(
            pending=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=self.now))
        )
        yield _gauge("kamerton_timers_pending", "Timers not fired yet.", pending["pending"])
        yield _gauge("kamerton_timers_overdue", "Timers past their time.", pending["overdue"])
        mails = OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).aggregate(
            waiting=Count("pk", filter=Q(state="waiting")),
            failed=Count("pk", filter=Q(state="failed")),
        )
        yield _gauge("kamerton_mails_waiting", "Mails not sent yet.", mails["waiting"])
        yield _gauge("kamerton_mails_failed", "Mails given up.", mails["failed"])
        yield from _webhooks()
        yield from (_gauge(name, text, read()) for name, text, read in _more)
        age = GaugeMetricFamily(
            "kamerton_heartbeat_age_seconds", "Since the timer last ran.", labels=["name"]
        )
        for name, at in Heartbeat.objects.values_list("name", "at"):
            age.add_metric([name], (self.now - at).total_seconds())
        yield age


def _webhooks() -> Iterator[GaugeMetricFamily]:
    unsent = WebhookDelivery.objects.exclude(state=WebhookDelivery.State.SENT).aggregate(
        waiting=Count("pk", filter=Q(state="waiting")),
        failed=Count("pk", filter=Q(state="failed")),
    )
    yield _gauge("kamerton_events_waiting", "Events not told to webhooks yet.", unsent["waiting"])
    yield _gauge("kamerton_events_failed", "Events given up.", unsent["failed"])
    failing = WebhookEndpoint.objects.filter(state=WebhookEndpoint.State.FAILING).count()
    yield _gauge("kamerton_webhooks_failing", "Webhooks that do not accept events.", failing)


def _gauge(name: str, text: str, value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)
