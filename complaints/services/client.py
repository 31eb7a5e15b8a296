"""What the client does himself on his own page, and nobody else: confirm, contradict, rate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from complaints.calling import owed_calls
from complaints.client_rules import call_to, may_confirm, may_deny, may_rate
from complaints.models import Complaint
from complaints.services.conversation import EmptyMessage, hear, tell_client_did_it
from complaints.services.outcomes import say_fixed, say_not_fixed
from complaints.texts import client_text
from complaints.transitions import require
from core.errors import DomainError
from core.operations import Actor, operation

PAGE = Complaint.Channel.PORTAL


class TooEarlyToRate(DomainError):
    code = "too_early_to_rate"


def confirm_fixed(
    *, actor: Actor, complaint: Complaint, contact: Contact | None, words: str = "", now: datetime
) -> Complaint:
    """Record that the client says it is put right: as good as a satisfied follow-up call.

    contact -- who says it. While another contact must still be called it stays resolved, and
    while we have not called it resolved ourselves his words are all that is kept.
    """
    with operation("complaints.confirm_fixed", actor=actor, on=complaint, at=now) as op:
        tell_client_did_it(op, actor, PAGE)
        said = words.strip() or client_text("client_says_fixed", _language(complaint, contact))
        hear(complaint, said, actor, now, channel=PAGE)
        owed = owed_calls(complaint)
        if may_confirm(complaint, _key(contact), owed):
            say_fixed(op, complaint, call_to(_key(contact), owed), now, by=contact)
    return complaint


def deny_fixed(
    *, actor: Actor, complaint: Complaint, contact: Contact | None, words: str, now: datetime
) -> Complaint:
    """Record that the client says it is not put right: his words, and it is taken up again (C-12)."""
    with operation("complaints.deny_fixed", actor=actor, on=complaint, at=now) as op:
        tell_client_did_it(op, actor, PAGE)
        if not words.strip():
            raise EmptyMessage(_("Tell us what is still wrong."))
        if may_deny(complaint, now):
            call = call_to(_key(contact), owed_calls(complaint))
            say_not_fixed(complaint, call, now)
        hear(complaint, words, actor, now, channel=PAGE)
    return complaint


def confirm_heard(*, actor: Actor, complaint: Complaint, now: datetime) -> Complaint:
    """Record that the client says that we have understood him: evidence that he was heard (3.4)."""
    with operation("complaints.confirm_heard", actor=actor, on=complaint, at=now) as op:
        require(complaint, "confirm_understanding")
        tell_client_did_it(op, actor, PAGE)
        complaint.understood_at = complaint.understood_at or now
    return complaint


def rate(
    *, actor: Actor, complaint: Complaint, csat: int, words: str = "", now: datetime
) -> Complaint:
    """Record how well the client says we did, 1…5; only after the follow-up call."""
    with operation("complaints.rate", actor=actor, on=complaint, at=now) as op:
        if not may_rate(complaint, now):
            raise TooEarlyToRate(
                _("You can rate us once, after we have called you or you have confirmed it here.")
            )
        tell_client_did_it(op, actor, PAGE)
        complaint.csat, complaint.csat_words, complaint.rated_at = csat, words.strip()[:1000], now
    return complaint


def _key(contact: Contact | None) -> UUID | None:
    return contact.pk if contact else None


def _language(complaint: Complaint, contact: Contact | None) -> str:
    return (contact or complaint).language
