"""What programs hear of accounts, their people, promises, alerts and bad news (11.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from accounts.models import Account, Alert, BadNews, Contact, Promise
from core.models import AuditEntry, User
from core.places import resource
from core.webhooks import limit_programs, publish

EDITED = ("name", "language", "stage", "tier", "owner_id", "deputy_id", "parent_id", "calendar_id")
"""Of an account; which notes and legal details changed is nobody's business elsewhere."""
ALERT = ("kind", "level", "state")
PROMISE = ("kind", "state", "due_at", "subject_id")


def changes(entry: AuditEntry, field: str) -> bool:
    """Say whether the operation changed the field of a row that was there before."""
    before, _after = entry.changes.get(field, (None, None))
    return before is not None


def _is_call(entry: AuditEntry, promise: Any) -> bool:
    return promise.kind in Promise.CALLS


def _is_no_call(entry: AuditEntry, promise: Any) -> bool:
    return promise.kind not in Promise.CALLS


def _when_due(of_kind: Callable[[AuditEntry, Any], bool]) -> Callable[[AuditEntry, Any], bool]:
    return lambda entry, promise: entry.details["step"] == "due" and of_kind(entry, promise)


def _has_left(entry: AuditEntry, contact: Any) -> bool:
    return changes(entry, "state") and contact.state == Contact.State.LEFT


def _visible(programs: set[UUID], accounts: set[UUID]) -> Mapping[UUID, set[UUID]]:
    users = User.objects.filter(pk__in=programs, is_active=True)
    candidates = Account.objects.filter(pk__in=accounts)
    return {
        user.pk: set(candidates.visible_to(user).values_list("pk", flat=True)) for user in users
    }


def speak() -> None:
    """Declare the events. Call it from AppConfig.ready."""
    limit_programs(_visible)
    for model, basename in (
        (Account, "account"),
        (Alert, "alert"),
        (BadNews, "badnews"),
        (Contact, "contact"),
        (Promise, "promise"),
    ):
        resource(model, basename)
    _speak_of_accounts()
    _speak_of_promises()
    _speak_of_trouble()


def _speak_of_accounts() -> None:
    publish("accounts.create", "account.created", facts=("stage", "tier"))
    publish(
        "accounts.edit",
        "account.stage_changed",
        when=lambda entry, account: changes(entry, "stage"),
        facts=("stage",),
        changed=EDITED,
    )
    publish(
        "accounts.edit",
        "account.tier_changed",
        when=lambda entry, account: changes(entry, "tier"),
        facts=("tier",),
        changed=EDITED,
    )
    publish(
        "accounts.reassign",
        "account.owner_changed",
        when=lambda entry, account: changes(entry, "owner_id"),
        facts=("owner_id",),
        changed=EDITED,
    )
    publish("accounts.edit_contact", "contact.left", when=_has_left)


def _speak_of_promises() -> None:
    """Give calls after something was put right, which are promises too, names of their own."""
    for of_kind, due, kept, broken in (
        (_is_call, "callback.due", "callback.done", "callback.overdue"),
        (_is_no_call, "promise.due", "promise.kept", "promise.broken"),
    ):
        publish("accounts.remind_promise", due, when=_when_due(of_kind), facts=PROMISE)
        publish("accounts.keep_promise", kept, when=of_kind, facts=PROMISE)
        publish("accounts.break_promise", broken, when=of_kind, facts=PROMISE)


def _speak_of_trouble() -> None:
    """Alerts and bad news are for colleagues: the programs of clients never hear of them."""
    publish("accounts.raise_alert", "alert.raised", facts=ALERT, internal=True)
    for verb in ("accounts.resolve_alert", "accounts.expire_alert"):
        publish(verb, "alert.resolved", facts=ALERT, internal=True)
    publish("accounts.report_bad_news", "badnews.reported", internal=True)
    publish("accounts.tell_client", "badnews.client_told", internal=True)
