"""Events leave as rows, in the transaction of the operation that they tell of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder

from core.bulk import insert_rows
from core.ids import uuid7
from core.models import AuditEntry, Row, WebhookDelivery, WebhookEndpoint
from core.places import resource_of
from core.webhooks.events import TEST, EventType, audible, events_of

COLUMNS = [
    column.attname
    for column in WebhookDelivery._meta.concrete_fields
    if column.attname not in {"claimed_until", "last_status", "ended_at"}
]
Rows = Mapping[UUID, Row]


class Event(NamedTuple):
    """One event: the same id for everybody who hears of it."""

    id: UUID
    type: EventType
    entry: AuditEntry
    row: Row


def fan_out(entries: list[AuditEntry]) -> None:
    """Write what endpoints must be told of these entries.

    Costs nothing for verbs that no event is made of, and one small query if nobody listens.
    """
    told = [(entry, kind) for entry in entries for kind in events_of(entry)]
    endpoints = list(WebhookEndpoint.objects.live()) if told else []
    wanted = [(entry, kind) for entry, kind in told if _is_wanted(kind, endpoints)]
    if wanted:
        rows = _rows_of(entry for entry, _kind in wanted)
        _write(_events(wanted, rows), endpoints)


def _is_wanted(kind: EventType, endpoints: list[WebhookEndpoint]) -> bool:
    return any(endpoint.wants(kind.name) for endpoint in endpoints)


def _rows_of(entries: Iterable[AuditEntry]) -> Rows:
    """Return the rows as they are now, for their versions and facts; one query for each model."""
    by_type: dict[int, set[UUID]] = defaultdict(set)
    for entry in entries:
        by_type[entry.target_type_id].add(entry.target_id)
    rows: dict[UUID, Row] = {}
    for type_id, ids in by_type.items():
        model = ContentType.objects.get_for_id(type_id)
        found: Any = model.get_all_objects_for_this_type(pk__in=ids)
        rows |= {row.pk: row for row in found}
    return rows


def _events(wanted: list[tuple[AuditEntry, EventType]], rows: Rows) -> list[Event]:
    return [
        Event(uuid7(), kind, entry, rows[entry.target_id])
        for entry, kind in wanted
        if kind.when(entry, rows[entry.target_id])
    ]


def _write(events: list[Event], endpoints: list[WebhookEndpoint]) -> None:
    owners = {each.owner_id for each in endpoints if each.owner_id}
    accounts = {each.entry.account_id for each in events if each.entry.account_id}
    heard = audible(owners, accounts)
    bodies = {event.id: body_of(event) for event in events}
    deliveries = [
        _delivery(endpoint, event.id, event.type.name, bodies[event.id], event.entry.at)
        for event in events
        for endpoint in endpoints
        if endpoint.wants(event.type.name) and _may_hear(endpoint, event, heard)
    ]
    insert_rows(WebhookDelivery, COLUMNS, [_values(each) for each in deliveries])


def _may_hear(endpoint: WebhookEndpoint, event: Event, heard: Mapping[UUID, set[UUID]]) -> bool:
    if endpoint.owner_id is None:
        return True
    return not event.type.internal and event.entry.account_id in heard[endpoint.owner_id]


def body_of(event: Event) -> dict[str, Any]:
    """Return the thin body: what it is about and where to fetch it, never what people wrote."""
    entry, row = event.entry, event.row
    data = {
        "id": row.pk,
        "no": getattr(row, "no", None),
        "url": resource_of(row),
        "version": row.version,
        "account": entry.account_id,
        "changed": event.type.changes(entry),
    }
    return _body(event.type.name, entry.at, data | event.type.tells(entry, row))


def trial_delivery(endpoint: WebhookEndpoint, at: datetime) -> WebhookDelivery:
    """Return an unsaved delivery by which people try out an endpoint."""
    data = {"id": endpoint.pk, "url": resource_of(endpoint), "version": endpoint.version}
    return _delivery(endpoint, uuid7(), TEST, _body(TEST, at, data), at)


def _body(event_type: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    moment = at.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
    return {"type": event_type, "timestamp": moment, "data": data}


def _delivery(
    endpoint: WebhookEndpoint, event_id: UUID, event_type: str, body: dict[str, Any], at: datetime
) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint=endpoint, event_id=event_id, type=event_type, body=body, next_try_at=at,
        created_at=at,
    )  # fmt: skip


def _values(delivery: WebhookDelivery) -> list[Any]:
    body = json.dumps(delivery.body, cls=DjangoJSONEncoder)
    return [body if name == "body" else getattr(delivery, name) for name in COLUMNS]


def give_up(endpoint: WebhookEndpoint, now: datetime) -> None:
    """End what still waits for an endpoint that is disabled; it can be sent again by hand."""
    waiting = endpoint.deliveries.filter(state=WebhookDelivery.State.WAITING)
    waiting.update(
        state=WebhookDelivery.State.FAILED, ended_at=now, claimed_until=None,
        last_error="the webhook was disabled",
    )  # fmt: skip
