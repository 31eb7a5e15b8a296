"""A complaint on its way: waiting, resumed, resolved, reopened."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints import clockwork, outbox
from complaints.calling import promise_calls, void_calls
from complaints.guards import RecoveryIncomplete, is_asked_now, missing_for_resolving
from complaints.models import Complaint, Message
from complaints.recovery import recovery_of
from complaints.services.asking import mark_asked
from complaints.services.conversation import write_reply
from complaints.transitions import require
from core.errors import DomainError
from core.models import User
from core.operations import operation

State = Complaint.State


class TooLateToReopen(DomainError):
    code = "reopen_window_passed"


class SupplierCaseMissing(DomainError):
    code = "supplier_case_missing"


class AppointmentNotAhead(DomainError):
    code = "appointment_not_ahead"


def wait(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    waiting_for: str,
    body: str,
    appointment_at: datetime | None = None,
    override_reason: str = "",
    now: datetime,
) -> Complaint:
    """Wait for the client, who is sent the question, or for a supplier, whose case is noted.

    waiting_for -- "client": the clocks stand still. "appointment": they do until appointment_at,
    a moment that the client asked for; body is sent to him as our confirmation. "supplier": every
    clock runs on, for toward the client a supplier's delay is ours.
    """
    with operation("complaints.wait", actor=actor, on=complaint, at=now) as op:
        require(complaint, "wait")
        op.details["waiting_for"] = waiting_for
        if waiting_for == "client":
            write_reply(complaint, body, actor, now, override_reason=override_reason)
            clockwork.answered(complaint, now)
            complaint.state = State.WAITING_CLIENT
            clockwork.stand_still(complaint, now)
        elif waiting_for == "appointment":
            until = _ahead(appointment_at, now)
            write_reply(complaint, body, actor, now, override_reason=override_reason)
            clockwork.answered(complaint, now)
            complaint.state, complaint.appointment_at = State.WAITING_CLIENT, until
            clockwork.await_appointment(complaint, now, until)
        else:
            _note_supplier_case(complaint, body, actor, now)
            complaint.state = State.WAITING_SUPPLIER
        complaint.waiting_since = now
    return complaint


def resume(*, actor: User, complaint: Complaint, now: datetime) -> Complaint:
    """Go on working; a clock that stood still runs on with what was left."""
    with operation("complaints.resume", actor=actor, on=complaint, at=now):
        require(complaint, "resume")
        complaint.state = State.IN_PROGRESS
        complaint.waiting_since = complaint.appointment_at = None
        clockwork.run_on(complaint, now)
    return complaint


def resolve_complaint(
    *,
    actor: User,
    complaint: Complaint,
    resolution_type: str,
    resolution: str,
    override_reason: str = "",
    now: datetime,
) -> Complaint:
    """Tell the client how it was put right, stop the clocks, promise the follow-up call (C-12).

    Raises RecoveryIncomplete, which names all that is missing: nobody closes without recovery.
    Where all stands still the client may be asked only now what would put it right (C-9).
    """
    with operation("complaints.resolve", actor=actor, on=complaint, at=now) as op:
        require(complaint, "resolve")
        recovery = recovery_of(complaint)
        if missing := missing_for_resolving(recovery):
            raise RecoveryIncomplete(missing)
        letter = resolution.strip()
        if letter and is_asked_now(recovery):
            mark_asked(op.also(recovery.remedy), actor, now)
            letter = f"{letter}\n\n{outbox.question(complaint)}"
        write_reply(complaint, letter, actor, now, override_reason=override_reason)
        complaint.resolution_type, complaint.resolution = resolution_type, resolution.strip()
        complaint.state, complaint.resolved_at = State.RESOLVED, now
        complaint.resolved_by = actor
        complaint.waiting_since = complaint.appointment_at = None
        clockwork.finished(complaint, now)
        promise_calls(complaint, now)
    return complaint


def reopen(*, actor: User, complaint: Complaint, reason: str, now: datetime) -> Complaint:
    """Take it up again within 30 days; later it is a new complaint.

    Until the follow-up call has closed it, the resolution clock goes on without the time in
    between, as long as its month is not over; after that a new one gets half the time.
    """
    with operation("complaints.reopen", actor=actor, on=complaint, at=now, reason=reason):
        require(complaint, "reopen")
        if not complaint.may_reopen(now):
            raise TooLateToReopen(
                _(
                    "It was resolved more than 30 days ago. Log a new complaint and mention this one."
                )
            )
        was_closed = complaint.state == State.CLOSED
        _take_up(complaint, reason, now)
        (clockwork.start_again if was_closed else clockwork.go_on)(complaint, now)
    return complaint


def take_up_again(complaint: Complaint, at: datetime) -> None:
    """Start over inside an operation: half the time, nothing of the old closing (C-12)."""
    _take_up(complaint, complaint.no, at)
    clockwork.start_again(complaint, at)


def _take_up(complaint: Complaint, reason: str, at: datetime) -> None:
    void_calls(complaint, reason, at)
    complaint.state = State.IN_PROGRESS
    complaint.reopen_count += 1
    complaint.resolved_at = complaint.closed_at = complaint.is_confirmed = None
    complaint.resolved_by = None
    clockwork.break_silence(complaint)


def _ahead(appointment_at: datetime | None, now: datetime) -> datetime:
    if appointment_at is None or appointment_at <= now:
        raise AppointmentNotAhead(
            _("Enter the moment of the appointment; it can only lie ahead of now.")
        )
    return appointment_at


def _note_supplier_case(complaint: Complaint, body: str, author: User, at: datetime) -> None:
    if not body.strip():
        raise SupplierCaseMissing(_("Note the supplier's case: number, person, what was asked."))
    Message.objects.create(
        complaint=complaint, kind=Message.Kind.NOTE, body=body.strip(), author=author, at=at
    )
