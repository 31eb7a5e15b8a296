"""To whom a complaint goes: who leads it, and whether its contact belongs to the account."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from core.errors import DomainError
from core.models import User

LEADING: Final = ("hk", "ex", "am", "sa")
"""Who leads in place of the account manager, the first first."""


class NotTheirContact(DomainError):
    code = "not_their_contact"


class NobodyToLead(DomainError):
    code = "nobody_to_lead"


def lead_of(account: Account, about: User | None) -> User:
    """Return who speaks with the client: of a complaint about the manager a head, or who there is."""
    if about is None or account.owner_id != about.pk:
        return account.owner
    others = User.objects.in_role(*LEADING).exclude(pk=about.pk).order_by("created_at", "id")
    ranked = sorted(
        others, key=lambda each: min(LEADING.index(role) for role in LEADING if each.has_role(role))
    )
    if not ranked:
        raise NobodyToLead(_("Nobody else can speak with the client. Add a head of key accounts."))
    return ranked[0]


def check_contact(account: Account, contact: Contact | None) -> None:
    """Raise NotTheirContact unless the person works for the account."""
    if contact and not Contact.objects.of(account).filter(pk=contact.pk).exists():
        raise NotTheirContact(_("This person does not work for the account."))
