"""Letters to clients: rows of the mail outbox, in the client's language."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from complaints.links import address_for
from complaints.mail.charsets import one_line
from complaints.mail.threads import head_for
from complaints.models import Complaint
from complaints.texts import client_text
from core.models import OutgoingMail


def address_of(complaint: Complaint) -> str:
    """Return where letters about the complaint go; "" if nobody may be written to.

    Somebody who wrote to us is answered where he wrote from, a stranger too.
    """
    contact, wrote_from = complaint.contact, complaint.client_email
    if contact is None:
        return wrote_from
    if not contact.may_be_contacted:
        return ""
    his = [address.lower() for address in contact.emails]
    return wrote_from if wrote_from and wrote_from in his else contact.email


def write_to_client(
    complaint: Complaint, body: str, at: datetime, *, by_person: bool = False, answers: str = ""
) -> UUID | None:
    """Queue a letter to the client and return its id; None if nobody may be written to.

    by_person -- somebody of ours wrote it; other letters say that a machine did.
    answers   -- Message-ID of the letter it answers; "" is the client's last one.
    """
    address = address_of(complaint)
    if not address:
        return None
    mail = OutgoingMail.objects.create(
        to=address,
        subject=f"[{complaint.no}] {one_line(complaint.title)}"[:250],
        body=f"{body}\n\n{way_to_page(complaint, at)}",
        account_id=complaint.account_id,
        subject_id=complaint.pk,
        is_automatic=not by_person,
        headers=head_for(complaint, answers),
        next_try_at=at,
        created_at=at,
    )
    return mail.pk


def way_to_page(complaint: Complaint, at: datetime) -> str:
    """Return the last line of a letter: the secret address of the client's own page."""
    link = address_for(complaint, at)
    return client_text("page_footer", complaint.client_language, link=link)


def new_link(complaint: Complaint) -> str:
    """Return the letter that brings nothing but a new link."""
    return client_text("new_link", complaint.client_language, no=complaint.no)


def acknowledgement(complaint: Complaint, until: datetime) -> str:
    """Return the automatic acknowledgement: number, who looks after it, and until when."""
    return client_text(
        "auto_ack",
        complaint.client_language,
        no=complaint.no,
        lead=complaint.lead.name,
        time=_for_client(complaint, until),
    )


def after_three_calls(complaint: Complaint) -> str:
    """Return the letter that follows three unanswered calls."""
    return client_text(
        "no_answer_letter", complaint.client_language, no=complaint.no, lead=complaint.lead.name
    )


def question(complaint: Complaint) -> str:
    """Return the standard question: what would put it right."""
    return client_text("ask_client", complaint.client_language)


def remedy_accepted(complaint: Complaint, until: datetime) -> str:
    """Return the letter that says yes to what the client proposes, and by when he has it."""
    return client_text(
        "remedy_accepted", complaint.client_language, time=_for_client(complaint, until)
    )


def _for_client(complaint: Complaint, at: datetime) -> str:
    zone = ZoneInfo(complaint.account.time_zone)
    return format_datetime(at, "d MMMM, HH:mm", tzinfo=zone, locale=complaint.client_language)
