"""What stops it from happening again: planned, told to the client, done."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Message, Prevention
from complaints.recovery import prevention_of
from complaints.services.conversation import EMAIL, EmptyMessage, write_answer
from complaints.services.renewal import renew
from complaints.transitions import require
from core.errors import DomainError
from core.models import User
from core.operations import operation


class PreventionMissing(DomainError):
    code = "prevention_missing"


class PreventionDone(DomainError):
    code = "prevention_done"


def plan_prevention(
    *,
    actor: User,
    complaint: Complaint,
    text: str,
    owner: User,
    due_date: date,
    now: datetime,
) -> Prevention:
    """Say what stops it from happening again, who does it and by when.

    Another text than the client was told must be told to him again.
    """
    with operation("complaints.plan_prevention", actor=actor, on=complaint, at=now) as op:
        require(complaint, "plan_prevention")
        prevention = op.also(prevention_of(complaint))
        if not text.strip():
            raise EmptyMessage(_("Write something first."))
        if text.strip() != prevention.text:
            prevention.told_at = None
        prevention.text, prevention.owner, prevention.due_date = text.strip(), owner, due_date
        renew(complaint)
    return prevention


def tell_prevention(
    *,
    actor: User,
    complaint: Complaint,
    body: str,
    channel: str = EMAIL,
    override_reason: str = "",
    now: datetime,
) -> Message:
    """Tell the client what stops it from happening again: the eighth want is given."""
    with operation("complaints.tell_prevention", actor=actor, on=complaint, at=now) as op:
        require(complaint, "tell_prevention")
        prevention = op.also(_planned(complaint))
        message = write_answer(
            complaint, body, actor, now, channel=channel, override_reason=override_reason
        )
        prevention.told_at = now
    return message


def finish_prevention(*, actor: User, complaint: Complaint, now: datetime) -> Prevention:
    """Record that it is done, and cannot happen again in this way."""
    with operation("complaints.finish_prevention", actor=actor, on=complaint, at=now) as op:
        require(complaint, "finish_prevention")
        prevention = op.also(_planned(complaint))
        if prevention.done_at is not None:
            raise PreventionDone(_("This is done already."))
        prevention.done_at = now
    return prevention


def _planned(complaint: Complaint) -> Prevention:
    prevention = prevention_of(complaint)
    if not prevention.text:
        raise PreventionMissing(_("Plan what stops it from happening again first."))
    return prevention
