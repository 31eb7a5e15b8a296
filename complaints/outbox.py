"""Letters to clients: rows of the mail outbox, in the client's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from complaints.models import Complaint
from complaints.texts import client_text
from core.models import OutgoingMail


def address_of(complaint: Complaint) -> str:
    """Return where letters about the complaint go; "" if nobody may be written to."""
    contact = complaint.contact
    return contact.email if contact and contact.may_be_contacted else ""


def write_to_client(complaint: Complaint, body: str, at: datetime) -> bool:
    """Queue a letter to the contact; False if there is nobody who may be written to."""
    address = address_of(complaint)
    if not address:
        return False
    OutgoingMail.objects.create(
        to=address,
        subject=f"[{complaint.no}] {complaint.title}",
        body=body,
        account_id=complaint.account_id,
        next_try_at=at,
    )
    return True


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


def _for_client(complaint: Complaint, at: datetime) -> str:
    zone = ZoneInfo(complaint.account.time_zone)
    return format_datetime(at, "d MMMM, HH:mm", tzinfo=zone, locale=complaint.client_language)
