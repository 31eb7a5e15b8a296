"""Delivery of the webhook outbox: at least once, with growing pauses, each endpoint by itself.

This thread alone speaks with the database; others only wait for the network. An endpoint gets
one request at a time until it accepts, and no more in this tick once it does not answer at all:
whoever hangs holds up nobody but himself.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.models import Heartbeat, WebhookDelivery, WebhookEndpoint
from core.operations import SYSTEM, operation
from core.sealing import SealBroken, unseal
from core.webhooks.outbox import give_up
from core.webhooks.post import Answer, post
from core.webhooks.signing import signed_headers

LEASE: Final = timedelta(minutes=1)
"""Longer than a run: no more than SENDING_SECONDS and one last answer."""
SENDING_SECONDS: Final = 10.0
THREADS: Final = 32
WIDTH: Final = 4
"""How many requests an endpoint that answers well gets at once."""
PAUSES: Final = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 24)),
]
MOST_REFUSALS: Final = 20
"""Events that an endpoint may refuse in one tick; it may know only some kinds of them."""
GONE, OVERLOADED = 410, frozenset({429, 502, 503, 504})
FAILING_AFTER: Final = sum(PAUSES, timedelta())
"""An endpoint that accepts nothing for as long as one event is tried is failing."""
NOTED: Final = (
    "attempts", "claimed_until", "last_status", "last_error", "state", "ended_at", "next_try_at",
)  # fmt: skip
State, Endpoint = WebhookDelivery.State, WebhookEndpoint.State
log = structlog.get_logger(__name__)


@dataclass
class Lane:
    """One endpoint during one tick."""

    endpoint: WebhookEndpoint
    width: int = 1
    in_flight: int = 0
    refusals: int = 0

    @property
    def room(self) -> int:
        return max(self.width - self.in_flight, 0)

    def learn(self, answer: Answer) -> None:
        """Give it more at once when it accepts, and nothing more when it is in trouble."""
        self.in_flight -= 1
        self.refusals += not answer.is_accepted
        is_down = answer.status is None or answer.status in {GONE, *OVERLOADED}
        if is_down or self.refusals >= MOST_REFUSALS or self.width == 0:
            self.width = 0
        else:
            self.width = WIDTH if answer.is_accepted else 1


Flight = tuple[Lane, WebhookDelivery]


def deliver_due(now: datetime) -> int:
    """Send what is due and return how many were accepted; beat the heart in any case."""
    until, sent = monotonic() + SENDING_SECONDS, 0
    with ThreadPoolExecutor(THREADS, thread_name_prefix="webhook") as pool:
        flights: dict[Future[Answer], Flight] = {}
        for endpoint in _endpoints_with_work(now):
            flights |= _send(pool, Lane(endpoint), now)
        while flights:
            for done in wait(flights, return_when=FIRST_COMPLETED).done:
                lane, delivery = flights.pop(done)
                answer = done.result()
                _settle(lane.endpoint, delivery, answer, now)
                sent += answer.is_accepted
                lane.learn(answer)
                if monotonic() < until:
                    flights |= _send(pool, lane, now)
    Heartbeat.objects.update_or_create(name="webhooks", defaults={"at": now})
    return sent


def _endpoints_with_work(now: datetime) -> Iterable[WebhookEndpoint]:
    """Return whom something is due to and no other relay is busy with; those that work first."""
    theirs = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=State.WAITING)
    busy, due = Exists(theirs.filter(claimed_until__gt=now)), Exists(_due(theirs, now))
    return WebhookEndpoint.objects.live().of_insiders().filter(due, ~busy).order_by("state", "id")


def _due(deliveries: QuerySet[WebhookDelivery], now: datetime) -> QuerySet[WebhookDelivery]:
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return deliveries.filter(free, state=State.WAITING, next_try_at__lte=now)


def _send(pool: ThreadPoolExecutor, lane: Lane, now: datetime) -> dict[Future[Answer], Flight]:
    """Claim as many deliveries as the endpoint may have now, and let threads send them."""
    if not lane.room:
        return {}
    deliveries = _claim(lane, now)
    lane.in_flight += len(deliveries)
    return {_start(pool, lane.endpoint, each, now): (lane, each) for each in deliveries}


def _claim(lane: Lane, now: datetime) -> list[WebhookDelivery]:
    """Take a lease on deliveries; a relay that dies leaves them to the next one."""
    due = _due(WebhookDelivery.objects.filter(endpoint=lane.endpoint), now)
    with transaction.atomic():
        ordered = due.order_by("next_try_at", "id").select_for_update(skip_locked=True)
        deliveries = list(ordered[: lane.room])
        ids = [each.pk for each in deliveries]
        WebhookDelivery.objects.filter(pk__in=ids).update(claimed_until=now + LEASE)
    return deliveries


def _start(
    pool: ThreadPoolExecutor, endpoint: WebhookEndpoint, delivery: WebhookDelivery, now: datetime
) -> Future[Answer]:
    body = json.dumps(delivery.body, cls=DjangoJSONEncoder)
    try:
        keys = [unseal(sealed) for sealed in endpoint.sealed_secrets(now)]
    except SealBroken:
        return pool.submit(Answer, None, "the secret was sealed with another SECRET_KEY: rotate it")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Kamerton/{settings.RELEASE}",
        **signed_headers(keys, str(delivery.event_id), body, now),
    }
    allow_private = settings.WEBHOOK_ALLOW_PRIVATE
    return pool.submit(post, endpoint.url, body.encode(), headers, allow_private=allow_private)


def _settle(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, answer: Answer, now: datetime
) -> None:
    """Record what came of it, and what that means for the endpoint."""
    _note(delivery, answer, now)
    row = WebhookDelivery.objects.filter(pk=delivery.pk)
    if not answer.is_accepted:
        # Somebody may have disabled the endpoint meanwhile, and ended the delivery with it.
        row = row.filter(state=State.WAITING)
        log.warning(
            "webhook_delayed", delivery=str(delivery.pk), attempts=delivery.attempts,
            status=answer.status, state=delivery.state,
        )  # fmt: skip
    # The endpoint first, like everybody who ends its deliveries.
    with transaction.atomic():
        turn = _judge(endpoint, answer, now)
        row.update(**{name: getattr(delivery, name) for name in NOTED})
        if turn:
            turn(endpoint, answer, now)


def _note(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    delivery.attempts += 1
    delivery.claimed_until = None
    delivery.last_status, delivery.last_error = answer.status, answer.error
    if answer.is_accepted:
        delivery.state, delivery.ended_at = State.SENT, now
    elif answer.status == GONE or delivery.attempts > len(PAUSES):
        delivery.state, delivery.ended_at = State.FAILED, now
    else:
        jitter = random.uniform(1.0, 1.2)  # noqa: S311 -- spreads load, keeps no secret
        delivery.next_try_at = now + PAUSES[delivery.attempts - 1] * jitter


Turn = Callable[[WebhookEndpoint, Answer, datetime], None]


def _judge(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> Turn | None:
    """Note since when it refuses; lock it and return its turn for the better or the worse."""
    since = None if answer.is_accepted else endpoint.refused_since or now
    if since != endpoint.refused_since:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(refused_since=since)
        endpoint.refused_since = since
    if _turn(endpoint, answer, now) is None:
        return None
    locked = WebhookEndpoint.objects.select_for_update(no_key=True)
    endpoint.refresh_from_db(from_queryset=locked)
    # Asked again: another relay, or a person, may have been faster.
    return _turn(endpoint, answer, now)


def _turn(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> Turn | None:
    """Return what the answer makes of the endpoint, if anything; people hear of each turn once."""
    if answer.is_accepted:
        return _recover if endpoint.state == Endpoint.FAILING else None
    if answer.status == GONE:
        return None if endpoint.is_disabled else _drop
    is_over = now - (endpoint.refused_since or now) >= FAILING_AFTER
    return _fail if is_over and endpoint.state == Endpoint.ACTIVE else None


def _recover(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    with operation("core.recover_webhook", actor=SYSTEM, on=endpoint, at=now):
        endpoint.state = Endpoint.ACTIVE


def _drop(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    with operation("core.drop_webhook", actor=SYSTEM, on=endpoint, at=now):
        endpoint.state = Endpoint.DISABLED
        give_up(endpoint, now)


def _fail(endpoint: WebhookEndpoint, answer: Answer, now: datetime) -> None:
    with operation("core.fail_webhook", actor=SYSTEM, on=endpoint, at=now) as op:
        op.details["error"] = answer.error
        endpoint.state = Endpoint.FAILING
