"""A complaint is judged and given to people; its clocks follow (3.2)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints import clockwork, disclosure
from complaints.models import Complaint, Finding
from complaints.priority import MATRIX
from complaints.queries import present_priority
from complaints.services.problem import notice_cause
from complaints.transitions import require, require_reason
from core.errors import DomainError
from core.models import User
from core.operations import Actor, Outcome, operation


class NotAWorker(DomainError):
    code = "not_a_worker"


class AboutTheLead(DomainError):
    code = "about_the_lead"


class NotLower(DomainError):
    code = "not_lower"


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
    with operation("complaints.triage", actor=actor, on=complaint, at=now) as op:
        require(complaint, "triage")
        complaint.impact, complaint.urgency = impact, urgency
        complaint.category, complaint.safety = category, safety
        complaint.root_cause = root_cause
        if trivial_reason is not None:
            complaint.trivial_reason = trivial_reason.strip()
            complaint.trivial = bool(complaint.trivial_reason)
        complaint.assignee, complaint.lead = _workers(complaint, assignee, lead)
        notice_cause(complaint, now)
        complaint.priority = present_priority(complaint, now)
        if complaint.state == Complaint.State.NEW:
            complaint.state = Complaint.State.TRIAGED
        _follow_priority(op, complaint, now)
    return complaint


def assign(
    *, actor: Actor, complaint: Complaint, assignee: User, lead: User, now: datetime
) -> Complaint:
    """Give the complaint to others; they hear of it."""
    with operation("complaints.assign", actor=actor, on=complaint, at=now):
        require(complaint, "assign")
        complaint.assignee, complaint.lead = _workers(complaint, assignee, lead)
    return complaint


def raise_priority(*, actor: Actor, complaint: Complaint, now: datetime) -> Complaint:
    """Raise the priority by one because its promised time runs out; the clocks follow."""
    with operation("complaints.raise_priority", actor=actor, on=complaint, at=now) as op:
        require(complaint, "triage")
        graver = max(1, int(complaint.priority[1]) - 1)
        complaint.priority = f"p{graver}"
        _follow_priority(op, complaint, now)
    return complaint


def lower_priority(
    *, actor: User, complaint: Complaint, impact: int, urgency: int, reason: str, now: datetime
) -> Complaint:
    """Lower the priority by hand, which only a head does; what raised it before does not count."""
    with operation(
        "complaints.lower_priority", actor=actor, on=complaint, at=now, reason=reason
    ) as op:
        require(complaint, "lower_priority")
        require_reason(reason)
        lower = MATRIX[impact][urgency - 1]
        if complaint.safety or lower <= complaint.priority:
            raise NotLower(
                _(
                    "Choose an impact and an urgency that lower it. Where somebody could get hurt it stays P1."
                )
            )
        complaint.impact, complaint.urgency, complaint.priority = impact, urgency, lower
        _follow_priority(op, complaint, now)
    return complaint


def _workers(complaint: Complaint, assignee: User, lead: User) -> tuple[User, User]:
    for person in (assignee, lead):
        if not person.is_active or person.has_role("api"):
            raise NotAWorker(_("Only an active colleague can work on a complaint."))
    if lead.pk == complaint.about_id:
        raise AboutTheLead(
            _("The complaint is about this person: somebody else must speak with the client.")
        )
    return assignee, lead


def _follow_priority(op: Outcome, complaint: Complaint, at: datetime) -> None:
    """Let the clocks, and the time to tell the client of our mistake, follow from the start."""
    clockwork.reprioritise(complaint, at)
    owed = Finding.objects.filter(complaint=complaint, disclosed_at=None)
    if finding := owed.exclude(disclose_by=None).first():
        disclosure.watch(complaint, op.also(finding))
