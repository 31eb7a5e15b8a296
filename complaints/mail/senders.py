"""Who wrote: a contact of one account, a colleague, or somebody whom we do not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.models import Contact
from complaints.mail.headers import Head
from complaints.mail.judge import is_forged
from complaints.models import Complaint, InboundMail
from core.models import OutgoingMail, User
from core.text import fold

KNOWN_PAUSE: Final = timedelta(hours=4)
STRANGER_PAUSE: Final = timedelta(hours=24)
"""How long a machine keeps silent after it has answered somebody."""
TAKEN: Final = (InboundMail.Outcome.NEW, InboundMail.Outcome.MATCHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who the letter says it is from, and what we know of him.

    contact -- of exactly one account; None for a stranger, for a forged sender, and where people
    of several accounts use the same address.
    """

    address: str
    name: str
    contact: Contact | None
    is_colleague: bool
    is_forged: bool

    def took_part_in(self, complaint: Complaint) -> bool:
        """Say whether he may add to a complaint by its number alone."""
        if not self.address or self.is_forged:
            return False
        if self.contact is not None and self.contact.account_id == complaint.account_id:
            return True
        if self.address == complaint.client_email:
            return True
        wrote = InboundMail.objects.filter(complaint=complaint, sender=self.address)
        return wrote.filter(outcome__in=TAKEN).exists()

    def may_get_answer(self, now: datetime) -> bool:
        """Say whether a machine may write to him again."""
        pause = KNOWN_PAUSE if self.contact else STRANGER_PAUSE
        answered = OutgoingMail.objects.filter(
            to=self.address, is_automatic=True, subject_id__isnull=False
        )
        return not answered.filter(created_at__gt=now - pause).exists()


def sender_of(head: Head) -> Sender:
    forged = is_forged(head)
    known = head.sender and not forged
    return Sender(
        address=head.sender,
        name=head.sender_name,
        contact=_contact(head.sender) if known else None,
        is_colleague=bool(known) and User.objects.filter(email__iexact=head.sender).exists(),
        is_forged=forged,
    )


def _contact(address: str) -> Contact | None:
    """Return the one who has the address; of several at one account the one added first."""
    near = Contact.objects.filter(search_text__contains=fold(address))
    working = near.exclude(state=Contact.State.LEFT).select_related("account").order_by("id")
    found = [each for each in working if address in map(str.lower, each.emails)]
    return found[0] if len({each.account_id for each in found}) == 1 else None
