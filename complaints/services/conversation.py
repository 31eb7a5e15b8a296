"""What is written on a complaint: answers, questions, notes, the client's words, files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.models import Promise
from complaints import clockwork, outbox
from complaints.checking import SPOKEN, let_through
from complaints.closing import require_open_thread
from complaints.files import keep_file
from complaints.links import without_secrets
from complaints.models import Apology, Attachment, Complaint, Message
from complaints.transitions import require
from core.errors import DomainError
from core.models import User
from core.operations import SYSTEM, Actor, Outcome, operation

EMAIL = Complaint.Channel.EMAIL


class EmptyMessage(DomainError):
    code = "empty_message"


def reply(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    body: str,
    next_contact_at: datetime | None = None,
    is_workaround: bool = False,
    apology: str = "",
    channel: str = EMAIL,
    override_reason: str = "",
    now: datetime,
) -> Message:
    """Answer the client: stops the clocks of an answer, keeps the promised contact.

    next_contact_at -- when the client hears from us next; becomes a promise of the writer (C-2).
    is_workaround   -- with this answer the client can work again, though it is not solved yet.
    apology -- its form, if the answer says that we are sorry; "" if it does not (C-4).
    channel -- a letter goes out by mail; of any other it is only recorded what was said.
    override_reason -- why it goes out although the reply check stops it.
    """
    with operation("complaints.reply", actor=actor, on=complaint, at=now):
        require_open_thread(complaint)
        require(complaint, "reply")
        message = write_answer(
            complaint, body, actor, now, next_contact_at=next_contact_at, channel=channel,
            override_reason=override_reason, is_workaround=is_workaround,
        )  # fmt: skip
        if apology:
            keep_apology(message, apology)
    return message


def add_note(
    *, actor: Actor, complaint: Complaint, body: str, channel: str = "", now: datetime
) -> Message:
    """Add an internal note; no client ever sees it and no clock hears of it.

    actor -- SYSTEM for what came by mail and is nobody's answer, by the channel.
    """
    with operation("complaints.add_note", actor=actor, on=complaint, at=now):
        author = person_of(actor)
        if author is not None:
            require_open_thread(complaint)
        return _write(complaint, Message.Kind.NOTE, body, author, now, channel=channel)


def comment(
    *, actor: Actor, complaint: Complaint, body: str, channel: str = "", now: datetime
) -> Message:
    """Record what the client wrote or said; work that waited for it goes on.

    actor -- SYSTEM for what the client does himself, by the channel.
    """
    with operation("complaints.comment", actor=actor, on=complaint, at=now) as op:
        tell_client_did_it(op, actor, channel)
        return hear(complaint, body, actor, now, channel=channel)


def attach_file(
    *,
    actor: Actor,
    complaint: Complaint,
    file: UploadedFile[bytes],
    channel: str = "",
    is_restricted: bool = False,
    now: datetime,
) -> Attachment:
    """Add a file to the complaint. actor -- SYSTEM if the client sends it, by the channel.

    is_restricted -- only those who work on the case open it, for it tells of health or the like.
    """
    with operation("complaints.attach", actor=actor, on=complaint, at=now) as op:
        tell_client_did_it(op, actor, channel)
        by = person_of(actor)
        return keep_file(complaint, file, by=by, at=now, is_restricted=is_restricted)


def hear(
    complaint: Complaint, body: str, actor: Actor, at: datetime, *, channel: str = ""
) -> Message:
    """Keep the client's words inside an operation; work that waited for them goes on."""
    message = _write(complaint, Message.Kind.CLIENT, body, person_of(actor), at, channel=channel)
    is_asked = complaint.state == Complaint.State.WAITING_CLIENT
    if is_asked and complaint.appointment_at is None:
        complaint.state, complaint.waiting_since = Complaint.State.IN_PROGRESS, None
        clockwork.run_on(complaint, at)
    if complaint.is_open:
        clockwork.heard(complaint, at)
    clockwork.break_silence(complaint)
    return message


def person_of(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None


def tell_client_did_it(op: Outcome, actor: Actor, channel: str) -> None:
    """Let the history say that the client did it himself, by mail or on his page."""
    if not isinstance(actor, User):
        op.details |= {"by": "client", "via": "mail" if channel == EMAIL else "page"}


def write_answer(
    complaint: Complaint,
    body: str,
    author: User,
    at: datetime,
    *,
    is_workaround: bool = False,
    **how: Any,
) -> Message:
    """Write a human answer inside an operation: as `write_reply`, and stop the clocks it answers."""
    message = write_reply(complaint, body, author, at, **how)
    if complaint.is_open:
        clockwork.answered(complaint, at, with_workaround=is_workaround)
    if complaint.state == Complaint.State.TRIAGED:
        complaint.state = Complaint.State.IN_PROGRESS
    return message


def keep_apology(message: Message, form: str, *, admission_of_liability: bool = False) -> Apology:
    """Record, inside an operation, that an answer says that we are sorry (C-4)."""
    assert message.author is not None  # noqa: S101 -- people sign their answers
    return Apology.objects.create(
        complaint=message.complaint, form=form, text=message.body, by=message.author,
        channel=message.channel, to=message.complaint.contact, at=message.at,
        admission_of_liability=admission_of_liability,
    )  # fmt: skip


def write_reply(  # noqa: PLR0913 -- a letter and all that comes with it
    complaint: Complaint,
    body: str,
    author: User,
    at: datetime,
    *,
    next_contact_at: datetime | None = None,
    channel: str = EMAIL,
    override_reason: str = "",
) -> Message:
    """Write a human answer inside an operation: letter and promises; its clocks are the caller's.

    channel -- a letter goes out by mail; of any other it is only recorded what was said.
    override_reason -- why it goes out although the reply check stops it; else ReplyCheckStop.
    """
    # What was said aloud cannot be rewritten, and our note of it is not read by the client.
    checked = {} if channel in SPOKEN else let_through(complaint, body, author, override_reason)
    goes_out = channel == EMAIL
    mail_id = outbox.write_to_client(complaint, body, at, by_person=True) if goes_out else None
    message = _write(
        complaint, Message.Kind.REPLY, body, author, at, next_contact_at, channel,
        mail_id=mail_id, **checked,
    )  # fmt: skip
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


def _write(  # noqa: PLR0913, PLR0917 -- the columns of a message
    complaint: Complaint,
    kind: Message.Kind,
    body: str,
    author: User | None,
    at: datetime,
    next_contact_at: datetime | None = None,
    channel: str = "",
    **checked: Any,
) -> Message:
    if not body.strip():
        raise EmptyMessage(_("Write something first."))
    return Message.objects.create(
        complaint=complaint, kind=kind, body=without_secrets(body.strip()), author=author, at=at,
        next_contact_at=next_contact_at, channel=channel, **checked,
    )  # fmt: skip
