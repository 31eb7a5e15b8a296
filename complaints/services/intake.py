"""A complaint comes in: logged, judged, given to people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from accounts.queries import has_churn_risk
from complaints import clockwork, outbox
from complaints.files import keep_file
from complaints.models import Complaint, Message
from complaints.models.complaint import TITLE_LENGTH
from complaints.priority import priority_of
from complaints.queries import has_repeated_cause
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import Actor, operation
from core.reference import next_reference
from sla.models import Metric

FREE_BACKDATING = timedelta(minutes=15)


class NotTheirContact(DomainError):
    code = "not_their_contact"


class ReceivedInFuture(DomainError):
    code = "received_in_future"


class BackdatingNeedsReason(DomainError):
    code = "backdating_needs_reason"


@dataclass(frozen=True, slots=True)
class Intake:
    """What the client told us and how bad it is, as the person at the phone enters it.

    received_at -- None is now; more than 15 minutes ago needs a reason.
    scope -- which of the account's contracts, where it has several; empty is everything.
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


def log_complaint(
    *,
    actor: User,
    account: Account,
    intake: Intake,
    files: Iterable[UploadedFile[bytes]] = (),
    now: datetime,
) -> Complaint:
    """Open a complaint: number, priority, clocks from the moment it was received, acknowledgement."""
    received = intake.received_at or now
    _check_received(received, intake.reason, now)
    with operation("complaints.log", actor=actor, on=account, at=now, reason=intake.reason) as op:
        complaint = _from_intake(account, intake, actor, received)
        _check_contact(account, intake.contact)
        complaint.no = next_reference("CMP", now.year)
        complaint.refresh_texts()
        op.happened_at = received
        clockwork.start(complaint, received)
        op.create(complaint)
        _acknowledge(complaint, now)
        for file in files:
            keep_file(complaint, file, by=actor, at=now)
    return complaint


def triage(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    impact: int,
    urgency: int,
    category: str,
    safety: bool,
    root_cause: str = "",
    trivial_reason: str | None = None,
    assignee: User,
    lead: User,
    now: datetime,
) -> Complaint:
    """Judge the complaint and give it to people; the clocks follow the priority from the start.

    trivial_reason -- why it is a claim over a trifle, "" if it is none, None to leave it; internal,
    it changes neither priority nor speed.
    """
    with operation("complaints.triage", actor=actor, on=complaint, at=now):
        if not complaint.is_open:
            raise InvalidTransition(complaint.get_state_display(), ["reopen"])
        complaint.impact, complaint.urgency = impact, urgency
        complaint.category, complaint.safety = category, safety
        complaint.root_cause = root_cause
        if trivial_reason is not None:
            complaint.trivial_reason = trivial_reason.strip()
            complaint.trivial = bool(complaint.trivial_reason)
        complaint.assignee, complaint.lead = _workers(assignee, lead)
        complaint.priority = _priority(complaint, now)
        if complaint.state == Complaint.State.NEW:
            complaint.state = Complaint.State.TRIAGED
        clockwork.reprioritise(complaint, now)
    return complaint


def assign(
    *, actor: Actor, complaint: Complaint, assignee: User, lead: User, now: datetime
) -> Complaint:
    """Give the complaint to others; they hear of it."""
    with operation("complaints.assign", actor=actor, on=complaint, at=now):
        if complaint.state == Complaint.State.CLOSED:
            raise InvalidTransition(complaint.get_state_display(), ["reopen"])
        complaint.assignee, complaint.lead = _workers(assignee, lead)
    return complaint


def raise_priority(*, actor: Actor, complaint: Complaint, now: datetime) -> Complaint:
    """Raise the priority by one because its promised time runs out; the clocks follow."""
    with operation("complaints.raise_priority", actor=actor, on=complaint, at=now):
        if not complaint.is_open:
            raise InvalidTransition(complaint.get_state_display(), ["reopen"])
        graver = max(1, int(complaint.priority[1]) - 1)
        complaint.priority = f"p{graver}"
        clockwork.reprioritise(complaint, now)
    return complaint


def _from_intake(account: Account, intake: Intake, actor: User, received: datetime) -> Complaint:
    words = intake.client_words.strip()
    first_line = words.splitlines()[0] if words else ""
    complaint = Complaint(
        account=account, contact=intake.contact, channel=intake.channel, received_at=received,
        first_known_at=received, title=(intake.title or first_line)[:TITLE_LENGTH],
        client_words=words, language=account.language, category=intake.category,
        impact=intake.impact, urgency=intake.urgency, safety=intake.safety, scope=intake.scope,
        logged_by=actor,
        assignee=actor if actor.has_role("sa") else None, lead=account.owner,
    )  # fmt: skip
    complaint.priority = _priority(complaint, received)
    return complaint


def _priority(complaint: Complaint, now: datetime) -> str:
    repeated = has_repeated_cause(
        complaint.account, complaint.root_cause, now, other_than=complaint
    )
    return priority_of(
        complaint.impact,
        complaint.urgency,
        safety=complaint.safety,
        repeated_cause=repeated,
        churn_risk=has_churn_risk(complaint.account),
    )


def _check_received(received: datetime, reason: str, now: datetime) -> None:
    if received > now:
        raise ReceivedInFuture(_("A complaint cannot be received in the future."))
    if now - received > FREE_BACKDATING and not reason.strip():
        raise BackdatingNeedsReason(
            _("It was received more than 15 minutes ago: say why it is logged only now.")
        )


def _check_contact(account: Account, contact: Contact | None) -> None:
    if contact and not Contact.objects.of(account).filter(pk=contact.pk).exists():
        raise NotTheirContact(_("This person does not work for the account."))


def _workers(assignee: User, lead: User) -> tuple[User, User]:
    for person in (assignee, lead):
        if not person.is_active or person.has_role("api"):
            raise DomainError(_("Only an active colleague can work on a complaint."))
    return assignee, lead


def _acknowledge(complaint: Complaint, now: datetime) -> None:
    """Write the automatic acknowledgement; it stops no clock (C-1)."""
    first = complaint.clocks.filter(metric=Metric.FIRST_RESPONSE).first()
    until = first.due_at if first else None
    if until is None:
        return
    body = outbox.acknowledgement(complaint, until)
    Message.objects.create(
        complaint=complaint, kind=Message.Kind.ACKNOWLEDGEMENT, body=body, at=now,
        next_contact_at=until,
    )  # fmt: skip
    outbox.write_to_client(complaint, body, now)
