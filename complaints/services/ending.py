"""Complaints that end without being put right: one and the same, withdrawn, or none at all."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.models import Promise
from complaints import clockwork
from complaints.calling import promise_calls
from complaints.kinds import REQUEST
from complaints.models import Complaint, Message
from complaints.services.conversation import EmptyMessage
from complaints.transitions import allowed_now
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation

State = Complaint.State
MERGEABLE = (State.NEW, State.TRIAGED, State.IN_PROGRESS)


class NotTheSameEvent(DomainError):
    code = "not_the_same_event"


def merge(*, actor: User, complaint: Complaint, into: Complaint, now: datetime) -> Complaint:
    """Make it part of another complaint about the same event: one case, a call to each contact.

    Its clocks end without counting; what was missed before stays missed.
    """
    with operation("complaints.merge", actor=actor, on=complaint, at=now) as op:
        _require(complaint, *MERGEABLE)
        other = op.also(into)
        _check_the_other(complaint, other)
        op.details["into"] = other.no
        complaint.state, complaint.merged_into = State.MERGED, other
        _let_go(complaint, now)
        Complaint.objects.filter(merged_into=complaint).update(merged_into=other)
    return complaint


def withdraw(
    *, actor: User, complaint: Complaint, words: str, channel: str, now: datetime
) -> Complaint:
    """Record that the client takes it back, in his words; he is called all the same."""
    with operation("complaints.withdraw", actor=actor, on=complaint, at=now):
        _require(complaint, *Complaint.OPEN)
        said = _said(words)
        Message.objects.create(
            complaint=complaint, kind=Message.Kind.CLIENT, body=said, author=actor, at=now,
            channel=channel,
        )  # fmt: skip
        complaint.resolution_type = Complaint.ResolutionType.WITHDRAWN
        complaint.resolution, complaint.ended_reason = said, said[:500]
        complaint.state, complaint.resolved_at = State.RESOLVED, now
        complaint.resolved_by = actor
        complaint.waiting_since = complaint.appointment_at = None
        clockwork.finished(complaint, now)
        promise_calls(complaint, now)
    return complaint


def convert(
    *,
    actor: User,
    complaint: Complaint,
    reason: str,
    assignee: User,
    due_at: datetime,
    now: datetime,
) -> Complaint:
    """Turn what is no complaint into a request that somebody deals with by a moment."""
    with operation("complaints.convert", actor=actor, on=complaint, at=now, reason=reason):
        _require(complaint, State.NEW)
        complaint.ended_reason = _said(reason)[:500]
        complaint.state = State.CONVERTED
        _let_go(complaint, now)
        accounts.open_task(
            actor=SYSTEM, account=complaint.account, kind=REQUEST, assignee=assignee,
            due_at=due_at, subject=complaint, facts={"no": complaint.no}, now=now,
        )  # fmt: skip
    return complaint


def _check_the_other(complaint: Complaint, other: Complaint) -> None:
    if other.pk == complaint.pk:
        raise NotTheSameEvent(_("Choose another complaint: this one cannot become part of itself."))
    if other.account_id != complaint.account_id:
        raise NotTheSameEvent(_("Both must be complaints of the same account."))
    if not other.is_open:
        raise InvalidTransition(other.get_state_display(), allowed_now(other))


def _let_go(complaint: Complaint, at: datetime) -> None:
    """Stop what runs for it: clocks, reminders, the next contact that was promised."""
    clockwork.dropped(complaint, at)
    owed = Promise.objects.owed().about(complaint).filter(kind=Promise.Kind.NEXT_CONTACT)
    for promise in owed.order_by("due_at"):
        accounts.void_promise(actor=SYSTEM, promise=promise, reason=complaint.no, now=at)


def _said(words: str) -> str:
    if not words.strip():
        raise EmptyMessage(_("Write something first."))
    return words.strip()


def _require(complaint: Complaint, *states: State) -> None:
    if complaint.state not in states:
        raise InvalidTransition(complaint.get_state_display(), allowed_now(complaint))
