"""What becomes of one letter: added, a new complaint, a bounce, or ignored with the reason.

Runs inside the transaction that also writes the fate down, so that nothing happens twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints import services
from complaints.files import FileRefused, is_attached
from complaints.mail.house import our_house
from complaints.mail.judge import Kind, kind_of, may_be_answered
from complaints.mail.letter import File, Letter
from complaints.mail.senders import Sender, sender_of
from complaints.mail.threads import addressed_to, answered_by, named_in
from complaints.mail.words import new_words
from complaints.models import Complaint, InboundMail, Message, Recipient
from complaints.replycheck.languages import language_of
from complaints.services.intake import FREE_BACKDATING
from complaints.services.recipient import CommentTooLong
from core.mail import note_return
from core.operations import SYSTEM

Outcome = InboundMail.Outcome
EMAIL: Final = Complaint.Channel.EMAIL
LIMITED, THIS_WEEK = 3, 3
MOST_NEW_PER_HOUR, MOST_ADDED_PER_HOUR = 10, 30
HOUR: Final = timedelta(hours=1)
LANGUAGE_SAMPLE: Final = 5_000
SEEN, FLOOD, TOO_MANY, NOTICE = "seen_before", "flood", "too_many", "notice"
NEVER_TAKEN: Final = (Kind.OWN, Kind.LOOP, Kind.RECEIPT, Kind.DELAYED)
SILENT: Final = "–"
"""Stands for the words of a letter that has none."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the letter; why is a stable word, see InboundMail."""

    outcome: str
    why: str = ""
    complaint: Complaint | None = None
    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A person's letter with what is known around it.

    proven   -- the complaint that it certainly answers.
    too_large -- only its head was read; the sentence for our people says where the rest is.
    """

    mail: InboundMail
    letter: Letter
    sender: Sender
    proven: Complaint | None
    too_large: str
    now: datetime

    @property
    def words(self) -> str:
        return self.letter.text or self.letter.head.subject or SILENT


def fate_of(mail: InboundMail, letter: Letter, now: datetime, *, too_large: str = "") -> Fate:
    """Do what the letter asks for and return what that was. Raises DomainError and ValueError."""
    house, head = our_house(), letter.head
    kind = kind_of(letter, house)
    ours = [UUID(each) for each in house.ids_in(" ".join(head.answers))]
    if kind == Kind.BOUNCE and mail.why != InboundMail.BY_HAND:
        return _returned(letter, ours, now)
    proven = addressed_to(head.recipients) or answered_by(ours)
    case = Case(
        mail=mail,
        letter=letter,
        sender=sender_of(head),
        proven=proven,
        too_large=too_large,
        now=now,
    )
    if kind in NEVER_TAKEN or (kind != Kind.PERSON and not _counts(kind, case)):
        return _ignore(kind, case)
    recipient = Recipient.objects.filter(mail_id__in=ours).first() if not proven else None
    if recipient is not None and (fate := _about_notice(case, recipient)):
        return fate
    complaint = proven or _named(case)
    return _add(case, complaint) if complaint else _open(case)


def _counts(kind: Kind, case: Case) -> bool:
    """Say whether a letter that looks like a machine's is taken all the same."""
    if case.mail.why == InboundMail.BY_HAND:
        return True
    if kind == Kind.AUTO_REPLY:
        return False
    return case.proven is not None or (kind == Kind.SPAM and case.sender.contact is not None)


def _ignore(kind: Kind, case: Case) -> Fate:
    """Leave the letter alone; what a machine answers to ours is noted, and no clock hears of it."""
    if kind != Kind.AUTO_REPLY or case.proven is None:
        return Fate(Outcome.IGNORED, kind.value)
    complaint = _present(case.proven)
    told = _("Automatic answer by mail:\n%(words)s") % {"words": new_words(case.words)}
    note = _note(complaint, told, case.now)
    return Fate(Outcome.IGNORED, kind.value, complaint, note)


def _returned(letter: Letter, ours: list[UUID], now: datetime) -> Fate:
    """Note which of our letters came back; its clocks run on, for the client has heard nothing."""
    house, report = our_house(), letter.report
    about = " ".join(report.about) if report else ""
    named = [UUID(each) for each in house.ids_in(f"{about} {letter.text}")]
    returned = next(iter([*named, *ours]), None)
    if returned is None:
        return Fate(Outcome.IGNORED, Kind.BOUNCE.value)
    why = report.why or report.status if report else letter.head.subject
    note_return(returned, why or letter.head.subject, now)
    message = Message.objects.filter(mail_id=returned).select_related("complaint").first()
    return Fate(Outcome.BOUNCE, "", message.complaint if message else None, message)


def _about_notice(case: Case, recipient: Recipient) -> Fate | None:
    """Give the answer to a notice to its named contact; None if there is no more room for it."""
    try:
        with transaction.atomic():
            services.comment_notice(
                actor=SYSTEM, recipient=recipient, body=new_words(case.words), now=case.now
            )
    except CommentTooLong:
        return None
    return Fate(Outcome.MATCHED, NOTICE)


def _named(case: Case) -> Complaint | None:
    """Return the complaint whose number is in the subject, if the sender has to do with it.

    Somebody who opens too many complaints within an hour adds to his last one instead.
    """
    named = named_in(case.letter.head.subject)
    if named is not None and case.sender.took_part_in(named):
        return named
    if not case.sender.address:
        return None
    opened = InboundMail.objects.filter(
        sender=case.sender.address, outcome=Outcome.NEW, at__gt=case.now - HOUR
    )
    last = opened.select_related("complaint").order_by("-at", "-id")[:MOST_NEW_PER_HOUR]
    return last[0].complaint if len(last) == MOST_NEW_PER_HOUR else None


def _add(case: Case, complaint: Complaint) -> Fate:
    """Add the letter to the complaint, or open one that follows it if it ended too long ago.

    An ended complaint is not taken up again by a letter: people often only say thanks. Those
    who lead it hear of the words and decide.
    """
    complaint = _present(complaint)
    if complaint.resolved_at and not complaint.may_reopen(case.now):
        return _open(case, follows=complaint)
    added = InboundMail.objects.filter(complaint=complaint, outcome=Outcome.MATCHED)
    if added.filter(at__gt=case.now - HOUR).count() >= MOST_ADDED_PER_HOUR:
        return Fate(Outcome.IGNORED, FLOOD, complaint)
    if case.sender.is_colleague:
        words = {"name": case.sender.name or case.sender.address, "words": new_words(case.words)}
        told = _("%(name)s, a colleague, by mail:\n%(words)s") % words
        message = _note(complaint, told, case.now)
    else:
        message = services.comment(
            actor=SYSTEM, complaint=complaint, body=new_words(case.words), channel=EMAIL,
            now=case.now,
        )  # fmt: skip
    _keep_rest(case, complaint)
    why = "" if case.proven or named_in(case.letter.head.subject) else TOO_MANY
    return Fate(Outcome.MATCHED, why, complaint, message)


def _present(complaint: Complaint) -> Complaint:
    """Return the complaint of which this one has become part, if it has."""
    while complaint.merged_into is not None:
        complaint = complaint.merged_into
    return complaint


def _open(case: Case, *, follows: Complaint | None = None) -> Fate:
    """Open a complaint: of the sender's account, or of nobody known yet. Its clocks run at once."""
    contact = case.sender.contact
    account = contact.account if contact else None
    if follows is not None:
        account = follows.account
        contact = contact if contact and contact.account_id == follows.account_id else None
    intake = replace(_intake(case, follows), contact=contact)
    complaint = services.log_complaint(actor=SYSTEM, account=account, intake=intake, now=case.now)
    _keep_rest(case, complaint)
    if (other := named_in(case.letter.head.subject)) and other != follows:
        told = _(
            "The subject names %(no)s, but the sender has no part in it: decide whether it belongs there."
        )
        _note(complaint, told % {"no": other.no}, case.now)
    if case.sender.is_forged:
        told = _("Our mail server could not confirm the sender; somebody may use his name.")
        _note(complaint, told, case.now)
    return Fate(Outcome.NEW, "", complaint)


def _intake(case: Case, follows: Complaint | None) -> services.Intake:
    head, sender = case.letter.head, case.sender
    received = min(case.mail.received_at, case.now)
    # A colleague passes on what a client wrote: he is not whom we would answer.
    address = "" if sender.is_colleague else sender.address
    answerable = bool(address) and may_be_answered(head) and case.mail.why != InboundMail.BY_HAND
    return services.Intake(
        client_words=case.words,
        impact=LIMITED,
        urgency=THIS_WEEK,
        channel=EMAIL,
        title=head.topic,
        received_at=received,
        reason=_("It lay in the mailbox.") if case.now - received > FREE_BACKDATING else "",
        client_name=sender.name,
        client_email=address,
        letter_id=head.header_id,
        language=language_of(case.letter.text[:LANGUAGE_SAMPLE], ""),
        acknowledge=answerable and sender.may_get_answer(case.now),
        follows=follows,
    )


def _keep_rest(case: Case, complaint: Complaint) -> None:
    """Attach the files, and say to our people what could not be taken over."""
    refused = [each for file in case.letter.files if (each := _refusal(complaint, file, case.now))]
    if refused:
        told = _("Files of the letter that were not taken over; they are in the mailbox:")
        _note(complaint, "\n".join([told, *refused]), case.now)
    if case.too_large:
        _note(complaint, case.too_large, case.now)


def _refusal(complaint: Complaint, file: File, now: datetime) -> str:
    """Attach the file; return why not, with its name, or "" if it is there."""
    if is_attached(complaint, file.content):
        return ""
    upload = SimpleUploadedFile(file.name, file.content)
    try:
        with transaction.atomic():
            services.attach_file(
                actor=SYSTEM, complaint=complaint, file=upload, channel=EMAIL, now=now
            )
    except FileRefused as refusal:
        return f"{file.name}: {refusal.sentence}"
    return ""


def _note(complaint: Complaint, text: str, now: datetime) -> Message:
    return services.add_note(actor=SYSTEM, complaint=complaint, body=text, channel=EMAIL, now=now)
