"""Logging what was said with a client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Touch
from core.errors import DomainError
from core.models import User
from core.operations import operation

EDITABLE = {"kind", "direction", "two_way", "client_said", "next_step", "sentiment"}


class NotTheirContact(DomainError):
    code = "not_their_contact"


def log_touch(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    account: Account,
    summary: str,
    at: datetime | None = None,
    contacts: Iterable[Contact] = (),
    fields: Mapping[str, Any],
    now: datetime,
) -> Touch:
    """Record a talk. A moment in the future is a planned touch and does not count as one yet.

    fields -- any of EDITABLE.
    """
    unknown = set(fields) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    with operation("accounts.log_touch", actor=actor, on=account, at=now) as op:
        touch = Touch(account=account, by=actor, at=at or now, summary=summary, **fields)
        op.happened_at = min(touch.at, now)
        op.details["kind"] = touch.kind
        op.create(touch)
        touch.contacts.set(_people_of(account, list(contacts)))
        if touch.two_way and touch.at <= now:
            account.last_touch_at = max(filter(None, [account.last_touch_at, touch.at]))
    return touch


def _people_of(account: Account, contacts: list[Contact]) -> list[Contact]:
    theirs = set(Contact.objects.of(account).values_list("pk", flat=True))
    if not {contact.pk for contact in contacts} <= theirs:
        raise NotTheirContact(_("This person does not work for the account."))
    return contacts
