"""Letters that came back, and letters that a person wants read once more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, InboundMail, Mailbox, Message
from core.errors import DomainError
from core.models import User
from core.operations import Actor, operation

Outcome = InboundMail.Outcome


class NothingToRetry(DomainError):
    code = "nothing_to_retry"


def note_bounce(*, actor: Actor, complaint: Complaint, message: Message, now: datetime) -> Message:
    """Note that a letter about the complaint did not reach the client; no clock is stopped (3.10)."""
    with operation("complaints.note_bounce", actor=actor, on=complaint, at=now):
        message.bounced_at = now
        message.save(update_fields=["bounced_at"])
    return message


def retry_letter(*, actor: User, mail: InboundMail, now: datetime) -> InboundMail:
    """Let a letter be read once more; one that was ignored is taken as a person's this time."""
    with operation("complaints.retry_letter", actor=actor, on=mail.mailbox, at=now) as op:
        mail.refresh_from_db(from_queryset=InboundMail.objects.select_for_update(of=("self",)))
        if not mail.may_retry:
            raise NothingToRetry(_("Only a letter that failed or was ignored is read once more."))
        op.details["uid"] = mail.uid
        mail.why = mail.BY_HAND if mail.outcome == Outcome.IGNORED else ""
        mail.outcome, mail.error, mail.tries = Outcome.FETCHED, "", 0
        mail.save(update_fields=["why", "outcome", "error", "tries"])
    return mail


def retry_failed(*, actor: User, mailbox: Mailbox, now: datetime) -> Mailbox:
    """Let every letter of the mailbox that failed be read once more, when the cause is repaired."""
    with operation("complaints.retry_failed", actor=actor, on=mailbox, at=now) as op:
        failed = InboundMail.objects.filter(mailbox=mailbox, outcome=Outcome.FAILED)
        again = failed.filter(uidvalidity=mailbox.uidvalidity or 0)
        op.details["count"] = again.update(outcome=Outcome.FETCHED, why="", error="", tries=0)
        if not op.details["count"]:
            raise NothingToRetry(_("No letter of this mailbox has failed."))
    return mailbox
