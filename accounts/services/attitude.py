"""What a person at the client thinks of us, and how much he has to say there."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import AttitudeReading, Contact
from core.errors import DomainError
from core.models import User
from core.operations import Actor, operation


class FactMissing(DomainError):
    code = "fact_missing"


def read_attitude(
    *, actor: User, contact: Contact, value: int, reason: str, now: datetime
) -> AttitudeReading:
    """Note a person's attitude with the fact that shows it; from now on it is the latest.

    value -- −2…+2.
    """
    with operation("accounts.read_attitude", actor=actor, on=contact, at=now):
        if not reason.strip():
            raise FactMissing(_("Say what you saw or heard, so that others can judge it too."))
        return AttitudeReading.objects.create(
            contact=contact, value=value, reason=reason, author=actor, at=now, created_at=now
        )


def set_influence(
    *, actor: Actor, contact: Contact, influence: int | None, now: datetime
) -> Contact:
    """Say how much the person's word weighs there, 1…5; None where nobody knows."""
    with operation("accounts.set_influence", actor=actor, on=contact, at=now):
        contact.influence = influence
    return contact
