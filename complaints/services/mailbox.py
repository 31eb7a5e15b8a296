"""A mailbox that cannot be read: the administrators hear of it once, and when it is over."""

from __future__ import annotations

from datetime import datetime

from complaints.models import Mailbox
from core.operations import Actor, operation


def lose_mailbox(*, actor: Actor, mailbox: Mailbox, now: datetime) -> Mailbox:
    """Tell the administrators that letters no longer come in."""
    with operation("complaints.lose_mailbox", actor=actor, on=mailbox, at=now):
        mailbox.told_at = now
    return mailbox


def regain_mailbox(*, actor: Actor, mailbox: Mailbox, now: datetime) -> Mailbox:
    """Tell them that it is read again."""
    with operation("complaints.regain_mailbox", actor=actor, on=mailbox, at=now):
        mailbox.told_at = None
    return mailbox
