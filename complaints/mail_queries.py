"""Reads of mailboxes and of the letters they held, ready to render."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet

from accounts.models import Account, Contact
from complaints.mail.wording import advice_for, why_words
from complaints.models import Complaint, InboundMail, Mailbox
from complaints.permissions.mail import reads_letters
from core.errors import Sentence
from core.models import User
from core.text import fold

MOST_NEAR: Final = 4
OK, FAILING, NEW, REMOVED = "ok", "failing", "new", "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxLine:
    """A mailbox with what became of its letters; the numbers add up to total."""

    mailbox: Mailbox
    state: str
    advice: Sentence
    numbers: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.numbers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter as a page shows it; what it is about only to those who read complaints."""

    mail: InboundMail
    subject: str
    why: Sentence
    no: str


def box_lines(mailboxes: Iterable[Mailbox]) -> list[BoxLine]:
    """Return what the lines show: one query, however many they are."""
    boxes = list(mailboxes)
    counted = InboundMail.objects.filter(mailbox__in=boxes).values_list("mailbox", "outcome")
    numbers: dict[UUID, dict[str, int]] = {
        box.pk: dict.fromkeys(InboundMail.Outcome.values, 0) for box in boxes
    }
    for box, outcome, count in counted.order_by().annotate(count=Count("pk")):
        numbers[box][outcome] = count
    configured = {source["name"] for source in settings.MAILBOXES}
    return [
        BoxLine(
            mailbox=box,
            state=_state(box, is_configured=box.name in configured),
            advice=advice_for(box),
            numbers=numbers[box.pk],
        )
        for box in boxes
    ]


def _state(mailbox: Mailbox, *, is_configured: bool) -> str:
    if not is_configured:
        return REMOVED
    if mailbox.failing_since:
        return FAILING
    return OK if mailbox.read_at else NEW


def letters_of(mailbox: Mailbox) -> QuerySet[InboundMail]:
    rows = InboundMail.objects.filter(mailbox=mailbox)
    return rows.select_related("complaint").defer(
        "complaint__client_words", "complaint__resolution", "complaint__search_text"
    )


def letter_lines(user: User, mails: Iterable[InboundMail]) -> list[LetterLine]:
    """Return the letters as this person may see them; asks the database nothing."""
    reads = reads_letters(user)
    return [
        LetterLine(
            mail=mail,
            subject=mail.subject if reads else "",
            why=why_words(mail),
            no=mail.complaint.no if reads and mail.complaint else "",
        )
        for mail in mails
    ]


def accounts_near(user: User, complaint: Complaint) -> list[Account]:
    """Return the accounts whose people write from the same domain as the sender.

    None where many do: that is a provider of mail and no company.
    """
    domain = complaint.client_email.rpartition("@")[2]
    if not domain:
        return []
    people = Contact.objects.filter(search_text__contains=fold(f"@{domain}"))
    rows = Account.objects.visible_to(user).filter(pk__in=people.values("account"))
    near = list(rows.order_by("sort_name", "id")[: MOST_NEAR + 1])
    return near if len(near) <= MOST_NEAR else []


def not_read_yet() -> list[str]:
    """Return the mailboxes of the settings that no tick has looked at."""
    names = [source["name"] for source in settings.MAILBOXES]
    known = set(Mailbox.objects.filter(name__in=names).values_list("name", flat=True))
    return [name for name in names if name not in known]
