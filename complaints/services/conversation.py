"""What is written on a complaint: answers, questions, notes, the client's words, files."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.models import Promise
from complaints import clockwork, outbox
from complaints.files import keep_file
from complaints.models import Attachment, Complaint, Message
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation


class EmptyMessage(DomainError):
    code = "empty_message"


def reply(
    *,
    actor: User,
    complaint: Complaint,
    body: str,
    next_contact_at: datetime | None = None,
    is_workaround: bool = False,
    now: datetime,
) -> Message:
    """Answer the client: stops the clocks of an answer, keeps the promised contact.

    next_contact_at -- when the client hears from us next; becomes a promise of the writer (C-2).
    is_workaround   -- with this answer the client can work again, though it is not solved yet.
    """
    with operation("complaints.reply", actor=actor, on=complaint, at=now):
        if complaint.state == Complaint.State.CLOSED:
            raise InvalidTransition(complaint.get_state_display(), ["reopen"])
        message = write_reply(complaint, body, actor, now, next_contact_at=next_contact_at)
        if complaint.is_open:
            clockwork.answered(complaint, now, with_workaround=is_workaround)
        if complaint.state == Complaint.State.TRIAGED:
            complaint.state = Complaint.State.IN_PROGRESS
    return message


def add_note(*, actor: User, complaint: Complaint, body: str, now: datetime) -> Message:
    """Add an internal note; no client ever sees it and no clock hears of it."""
    with operation("complaints.add_note", actor=actor, on=complaint, at=now):
        return _write(complaint, Message.Kind.NOTE, body, actor, now)


def comment(*, actor: User, complaint: Complaint, body: str, now: datetime) -> Message:
    """Record what the client wrote or said; work that waited for it goes on."""
    with operation("complaints.comment", actor=actor, on=complaint, at=now):
        message = _write(complaint, Message.Kind.CLIENT, body, actor, now)
        is_asked = complaint.state == Complaint.State.WAITING_CLIENT
        if is_asked and complaint.appointment_at is None:
            complaint.state, complaint.waiting_since = Complaint.State.IN_PROGRESS, None
            clockwork.run_on(complaint, now)
        if complaint.is_open:
            clockwork.heard(complaint, now)
        clockwork.break_silence(complaint)
    return message


def attach_file(
    *, actor: User, complaint: Complaint, file: UploadedFile[bytes], now: datetime
) -> Attachment:
    """Add a file to the complaint."""
    with operation("complaints.attach", actor=actor, on=complaint, at=now):
        return keep_file(complaint, file, by=actor, at=now)


def write_reply(
    complaint: Complaint,
    body: str,
    author: User,
    at: datetime,
    *,
    next_contact_at: datetime | None = None,
) -> Message:
    """Write a human answer inside an operation: letter and promises; its clocks are the caller's."""
    message = _write(complaint, Message.Kind.REPLY, body, author, at, next_contact_at)
    outbox.write_to_client(complaint, body, at)
    _keep_promised_contact(complaint, at)
    if next_contact_at is not None:
        accounts.make_promise(
            actor=SYSTEM,
            account=complaint.account,
            kind=Promise.Kind.NEXT_CONTACT,
            text=str(_("Contact the client about %(no)s") % {"no": complaint.no}),
            due_at=next_contact_at,
            made_by=author,
            contact=complaint.contact,
            source=Promise.Source.COMPLAINT,
            subject=complaint,
            now=at,
        )
    return message


def _keep_promised_contact(complaint: Complaint, at: datetime) -> None:
    owed = Promise.objects.owed().about(complaint).filter(kind=Promise.Kind.NEXT_CONTACT)
    for promise in owed.order_by("due_at"):
        accounts.keep_promise(actor=SYSTEM, promise=promise, now=at)


def _write(
    complaint: Complaint,
    kind: Message.Kind,
    body: str,
    author: User,
    at: datetime,
    next_contact_at: datetime | None = None,
) -> Message:
    if not body.strip():
        raise EmptyMessage(_("Write something first."))
    return Message.objects.create(
        complaint=complaint, kind=kind, body=body.strip(), author=author, at=at,
        next_contact_at=next_contact_at,
    )  # fmt: skip
