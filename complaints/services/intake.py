"""A complaint comes in: logged, judged, given to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.models import Account, Contact
from complaints import clockwork, outbox
from complaints.files import keep_file
from complaints.links import without_secrets
from complaints.models import Complaint, Message
from complaints.models.complaint import TITLE_LENGTH
from complaints.placing import check_contact, lead_of
from complaints.queries import present_priority
from complaints.services.conversation import person_of, tell_client_did_it
from complaints.services.findings import watch_own_report
from complaints.services.pressure import GRAVE_IMPACT, urge_meeting
from core.errors import DomainError
from core.models import User
from core.operations import SYSTEM, Actor, operation
from core.reference import next_reference
from sla.models import Metric

FREE_BACKDATING = timedelta(minutes=15)


class ReceivedInFuture(DomainError):
    code = "received_in_future"


class BackdatingNeedsReason(DomainError):
    code = "backdating_needs_reason"


@dataclass(frozen=True, slots=True)
class Intake:
    """What the client told us and how bad it is, as the person at the phone enters it.

    received_at -- None is now; more than 15 minutes ago needs a reason.
    scope -- which of the account's contracts, where it has several; empty is everything.
    disputed_value -- what it is about in money, in the account's currency.
    about -- the colleague complained of; somebody else then speaks with the client.
    follows -- the older complaint that came back too late to be taken up again.
    client_name, client_email, letter_id -- who wrote by mail, and the Message-ID of his letter.
    language -- in which it was written; "" is the account's.
    acknowledge -- False where a machine had better not answer.
    """

    client_words: str
    impact: int
    urgency: int
    channel: str = Complaint.Channel.PHONE
    contact: Contact | None = None
    title: str = ""
    category: str = Complaint.Category.OTHER
    safety: bool = False
    scope: str = ""
    received_at: datetime | None = None
    reason: str = ""
    order_ref: str = ""
    item: str = ""
    batch: str = ""
    disputed_value: Decimal | None = None
    about: User | None = None
    follows: Complaint | None = None
    client_name: str = ""
    client_email: str = ""
    letter_id: str = ""
    language: str = ""
    acknowledge: bool = True


def log_complaint(
    *,
    actor: Actor,
    account: Account | None,
    intake: Intake,
    files: Iterable[UploadedFile[bytes]] = (),
    now: datetime,
) -> Complaint:
    """Open a complaint: number, priority, clocks from the moment it was received, acknowledgement.

    actor   -- SYSTEM for what the client writes himself, by the channel of the intake.
    account -- None while nobody knows who it is; the clocks run all the same.

    What we have found ourselves is not acknowledged: the client is told in time instead (C-5).
    """
    received = intake.received_at or now
    _check_received(received, intake.reason, now)
    account = account or accounts.hold_unknown(actor=SYSTEM, now=now)
    with operation("complaints.log", actor=actor, on=account, at=now, reason=intake.reason) as op:
        complaint = _from_intake(account, intake, actor, received)
        check_contact(account, intake.contact)
        complaint.no = next_reference("CMP", now.year)
        complaint.refresh_texts()
        op.happened_at = received
        clockwork.start(complaint, received)
        op.create(complaint)
        tell_client_did_it(op, actor, intake.channel)
        if complaint.channel == Complaint.Channel.SELF_REPORTED:
            watch_own_report(complaint)
        elif intake.acknowledge:
            _acknowledge(complaint, intake.letter_id, now)
        if complaint.impact <= GRAVE_IMPACT:
            urge_meeting(complaint, now)
        for file in files:
            keep_file(complaint, file, by=person_of(actor), at=now)
    return complaint


def _from_intake(account: Account, intake: Intake, actor: Actor, received: datetime) -> Complaint:
    words, person = without_secrets(intake.client_words.strip()), person_of(actor)
    first_line = words.splitlines()[0] if words else ""
    complaint = Complaint(
        account=account, contact=intake.contact, channel=intake.channel, received_at=received,
        first_known_at=received, title=(intake.title or first_line)[:TITLE_LENGTH],
        client_words=words, language=intake.language or account.language, category=intake.category,
        impact=intake.impact, urgency=intake.urgency, safety=intake.safety, scope=intake.scope,
        order_ref=intake.order_ref, item=intake.item, batch=intake.batch,
        client_name=intake.client_name, client_email=intake.client_email,
        disputed_value=intake.disputed_value, about=intake.about, logged_by=person,
        assignee=person if person and person.has_role("sa") else None,
        lead=lead_of(account, intake.about), follows=intake.follows,
    )  # fmt: skip
    complaint.priority = present_priority(complaint, received)
    return complaint


def _check_received(received: datetime, reason: str, now: datetime) -> None:
    if received > now:
        raise ReceivedInFuture(_("A complaint cannot be received in the future."))
    if now - received > FREE_BACKDATING and not reason.strip():
        raise BackdatingNeedsReason(
            _("It was received more than 15 minutes ago: say why it is logged only now.")
        )


def _acknowledge(complaint: Complaint, letter_id: str, now: datetime) -> None:
    """Write the automatic acknowledgement; it stops no clock (C-1)."""
    first = complaint.clocks.filter(metric=Metric.FIRST_RESPONSE).first()
    until = first.due_at if first else None
    if until is None:
        return
    body = outbox.acknowledgement(complaint, until)
    mail_id = outbox.write_to_client(complaint, body, now, answers=letter_id)
    Message.objects.create(
        complaint=complaint, kind=Message.Kind.ACKNOWLEDGEMENT, body=body, at=now,
        next_contact_at=until, mail_id=mail_id,
    )  # fmt: skip
