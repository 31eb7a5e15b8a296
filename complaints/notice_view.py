"""What a recipient sees on his page: values only, so that nothing internal is within reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from complaints.models import Recipient
from complaints.notice_letter import NoticeLetter, letters_of
from complaints.notice_queries import texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNotice:
    """One notice, as one of its recipients sees it.

    read_at, done_at -- when he said so, None while he has not.
    comment -- what he wrote to us himself.
    """

    letter: NoticeLetter
    sent_at: datetime | None
    read_at: datetime | None
    done_at: datetime | None
    comment: str


def client_notice(recipient: Recipient, language: str) -> ClientNotice:
    """Return the recipient's view, in the language if it was written in it, or else in his own."""
    letters = letters_of(recipient.notice, texts_of(recipient.notice))
    return ClientNotice(
        letter=letters.get(language) or letters[recipient.language],
        sent_at=recipient.sent_at,
        read_at=recipient.acknowledged_at,
        done_at=recipient.acted_at,
        comment=recipient.comment,
    )
