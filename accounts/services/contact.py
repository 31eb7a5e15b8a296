"""Adding and changing people of the client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from accounts.permissions import judges_contacts
from core.errors import DomainError
from core.models import User
from core.operations import Actor, operation

EDITABLE = {
    "name", "how_to_address", "title", "department", "emails", "phones", "language",
    "preferred_channel", "state", "roles",
}  # fmt: skip


class OutsideGroup(DomainError):
    code = "outside_group"


def add_contact(
    *,
    actor: Actor,
    account: Account,
    fields: Mapping[str, Any],
    also_at: Iterable[Account] = (),
    now: datetime,
) -> Contact:
    """Add a person of the account, who may also work for other companies of its group.

    Who decides there is for the account's own manager and the heads to say.
    """
    with operation("accounts.add_contact", actor=actor, on=account, at=now) as op:
        contact = Contact(account=account)
        _apply(contact, fields, actor)
        op.create(contact)
        _set_companies(contact, account, list(also_at))
    return contact


def edit_contact(
    *,
    actor: Actor,
    contact: Contact,
    fields: Mapping[str, Any],
    also_at: Iterable[Account] | None = None,
    now: datetime,
) -> Contact:
    """Change a person's card; also_at None leaves the other companies as they are."""
    with operation("accounts.edit_contact", actor=actor, on=contact, at=now) as op:
        _apply(contact, fields, actor)
        if also_at is not None:
            before = _company_ids(contact)
            _set_companies(contact, contact.account, list(also_at))
            op.changed("also_at", before, _company_ids(contact))
    return contact


def _apply(contact: Contact, fields: Mapping[str, Any], actor: Actor) -> None:
    unknown = set(fields) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    if set(fields.get("roles", contact.roles)) != set(contact.roles):
        _require_judge(actor, contact.account)
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.refresh_texts()


def _require_judge(actor: Actor, account: Account) -> None:
    if isinstance(actor, User) and not judges_contacts(actor, account):
        raise PermissionDenied("roles")


def _set_companies(contact: Contact, home: Account, companies: list[Account]) -> None:
    top = home.lineage[-1]
    if any(company.lineage[-1] != top for company in companies):
        raise OutsideGroup(_("A person can work only for companies of one group."))
    contact.also_at.set([company for company in companies if company.pk != home.pk])


def _company_ids(contact: Contact) -> list[str]:
    return sorted(str(company) for company in contact.also_at.values_list("pk", flat=True))
