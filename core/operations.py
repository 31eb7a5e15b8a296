"""Every change goes through `operation`: lock, permission, one audit entry, those who must hear."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from core import announcements
from core.bulk import insert_rows
from core.models import AuditEntry, Row, User
from core.webhooks import outbox

HIDDEN = "•••"
COLUMNS = [column.attname for column in AuditEntry._meta.concrete_fields]
JSON = ("changes", "details")
UNTRACKED = {"id", "version", "created_at", "updated_at"}
RowT = TypeVar("RowT", bound=Row)
Changes = dict[str, list[Any]]


class System:
    """The actor of timers: subject to no permission, named in the audit as the product itself."""


SYSTEM = System()
Actor = User | System


@dataclass
class Outcome:
    """What the operation touched. The body of the `with` may add facts for the history.

    target  -- the row the audit entry is about; `create` makes the new row the target.
    details -- facts for the verb's sentence and for programs.
    happened_at -- when it took place, if that was not at the moment of recording.
    others  -- further rows that this operation changes, each with what it was before.
    """

    at: datetime
    target: Row | None
    details: dict[str, Any] = field(default_factory=dict)
    extra: Changes = field(default_factory=dict)
    happened_at: datetime | None = None
    others: list[tuple[Row, dict[str, Any]]] = field(default_factory=list)

    def create(self, row: RowT) -> RowT:
        """Insert the row and make it what this operation is about."""
        row.created_at = row.updated_at = self.at
        row.save(force_insert=True)
        self.target = row
        return row

    def also(self, row: RowT) -> RowT:
        """Lock and re-read another row; what the body changes on it is saved and told as well.

        A row that is not stored yet is stored at the end, unless the body leaves it as it was made.
        Lock the parent first: it is the row that the operation is `on`.
        """
        if not row._state.adding:
            _lock(row)
            row.check_expected()
        self.others.append((row, _snapshot(row)))
        return row

    def changed(self, name: str, old: Any, new: Any) -> None:
        """Record a change that is not a column of the target, such as a set of people."""
        if old != new:
            self.extra[name] = [old, new]


@contextmanager
def operation(
    verb: str, *, actor: Actor, on: Row | None, at: datetime, reason: str = ""
) -> Iterator[Outcome]:
    """Run one business operation.

    verb -- permission name and audit verb in one, such as "complaints.resolve".
    on   -- the row acted on, or the parent of the one to be created; None for a root.

    The row is locked and read again first, so that the body decides on what is true now;
    what the body changes on it is saved with the next version. Raises PermissionDenied or
    StaleVersion before anything is written.
    """
    with transaction.atomic():
        if on is not None:
            _lock(on)
            on.check_expected()
        if isinstance(actor, User) and not actor.has_perm(verb, on):
            raise PermissionDenied(verb)
        before = _snapshot(on) if on is not None else {}
        outcome = Outcome(at=at, target=on)
        yield outcome
        changes = _save(on, before, at) if on is not None else {}
        if outcome.target is None:
            raise RuntimeError(f"{verb} was about nothing")
        if outcome.target is not on:
            changes = _difference(outcome.target, {}, _snapshot(outcome.target))
        for row, was in outcome.others:
            changes = _save(row, was, at) | changes
        record([_entry(verb, actor, outcome, changes | outcome.extra, reason)])


def record(entries: list[AuditEntry]) -> None:
    """Write audit entries and tell people and programs; for timers that fire in bulk."""
    insert_rows(AuditEntry, COLUMNS, [_row(entry) for entry in entries])
    announcements.fan_out(entries)
    outbox.fan_out(entries)


def _row(entry: AuditEntry) -> list[Any]:
    plain = {name: json.dumps(getattr(entry, name), cls=DjangoJSONEncoder) for name in JSON}
    return [plain.get(name, getattr(entry, name)) for name in COLUMNS]


def system_entry(verb: str, *, target: Row, at: datetime, details: dict[str, Any]) -> AuditEntry:
    """Return an unsaved entry of the system about a row it found due."""
    outcome = Outcome(at=at, target=target, details=details)
    return _entry(verb, SYSTEM, outcome, {}, "")


def _lock(row: Row) -> None:
    # FOR NO KEY UPDATE: others may still insert rows that point here. The model by _meta, for
    # the row may be the lazy user of a request.
    rows: Any = row._meta.model._base_manager
    row.refresh_from_db(from_queryset=rows.select_for_update(no_key=True))


def _snapshot(row: Row) -> dict[str, Any]:
    return {
        column.attname: getattr(row, column.attname)
        for column in row._meta.concrete_fields
        if column.attname not in UNTRACKED
    }


def _save(row: Row, before: dict[str, Any], at: datetime) -> Changes:
    after = _snapshot(row)
    changed = [name for name, value in after.items() if before[name] != value]
    if not changed:
        return {}
    row.updated_at = at
    if row._state.adding:
        row.created_at = at
        row.save(force_insert=True)
    else:
        row.version += 1
        row.save(update_fields=[*changed, "version", "updated_at"])
    return _difference(row, before, after)


def _difference(row: Row, before: dict[str, Any], after: dict[str, Any]) -> Changes:
    hidden = row.audit_hides
    return {
        name: [HIDDEN, HIDDEN] if name in hidden else [_plain(before.get(name)), _plain(value)]
        for name, value in after.items()
        if before.get(name) != value and (before or value not in (None, "", [], {}))
    }


def _plain(value: Any) -> Any:
    """Return the value as JSON will give it back, so that an entry reads the same at once."""
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder, default=str))


def _entry(verb: str, actor: Actor, outcome: Outcome, changes: Changes, reason: str) -> AuditEntry:
    target = outcome.target
    assert target is not None  # noqa: S101 -- narrows the type, checked by the caller
    return AuditEntry(
        verb=verb,
        actor=actor if isinstance(actor, User) else None,
        on_behalf_of_id=_absent_owner(actor, target),
        at=outcome.at,
        happened_at=outcome.happened_at or outcome.at,
        account_id=target.audit_account_id,
        target_type=ContentType.objects.get_for_model(target),
        target_id=target.pk,
        label=target.audit_label[:120],
        changes=changes,
        details=outcome.details,
        reason=reason,
    )


_owner_of: list[Callable[[Row], UUID | None]] = []


def know_owner(finder: Callable[[Row], UUID | None]) -> None:
    """Let the app that has owners say whose row it is, so that a deputy's act names both."""
    _owner_of.append(finder)


def _absent_owner(actor: Actor, target: Row) -> UUID | None:
    if not isinstance(actor, User) or len(actor.principals) == 1:
        return None
    owners: Iterable[UUID | None] = (finder(target) for finder in _owner_of)
    return next((who for who in owners if who in actor.principals - {actor.pk}), None)
