"""A complaint on its way: waiting, resumed, resolved, reopened."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.clockwork import business_days_later
from accounts.models import Promise
from complaints import clockwork
from complaints.models import Complaint, Message
from complaints.queries import open_callback
from complaints.services.conversation import write_reply
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation

State = Complaint.State
CALLBACK_DAYS = {"p1": 1, "p2": 2, "p3": 3, "p4": 5}
CALLBACK_TIME = time(18)
WORKING = (State.TRIAGED, State.IN_PROGRESS)
WAITING = (State.WAITING_CLIENT, State.WAITING_SUPPLIER)


class TooLateToReopen(DomainError):
    code = "reopen_window_passed"


class SupplierCaseMissing(DomainError):
    code = "supplier_case_missing"


class AppointmentNotAhead(DomainError):
    code = "appointment_not_ahead"


def wait(
    *,
    actor: User,
    complaint: Complaint,
    waiting_for: str,
    body: str,
    appointment_at: datetime | None = None,
    now: datetime,
) -> Complaint:
    """Wait for the client, who is sent the question, or for a supplier, whose case is noted.

    waiting_for -- "client": the clocks stand still. "appointment": they do until appointment_at,
    a moment that the client asked for; body is sent to him as our confirmation. "supplier": every
    clock runs on, for toward the client a supplier's delay is ours.
    """
    with operation("complaints.wait", actor=actor, on=complaint, at=now) as op:
        _require(complaint, *WORKING)
        op.details["waiting_for"] = waiting_for
        if waiting_for == "client":
            write_reply(complaint, body, actor, now)
            clockwork.answered(complaint, now)
            complaint.state = State.WAITING_CLIENT
            clockwork.stand_still(complaint, now)
        elif waiting_for == "appointment":
            until = _ahead(appointment_at, now)
            write_reply(complaint, body, actor, now)
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
        _require(complaint, *WAITING)
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
    now: datetime,
) -> Complaint:
    """Tell the client how it was put right, stop the clocks, promise the follow-up call (C-12)."""
    with operation("complaints.resolve", actor=actor, on=complaint, at=now):
        _require(complaint, *WORKING, *WAITING)
        write_reply(complaint, resolution, actor, now)
        complaint.resolution_type, complaint.resolution = resolution_type, resolution.strip()
        complaint.state, complaint.resolved_at = State.RESOLVED, now
        complaint.waiting_since = complaint.appointment_at = None
        clockwork.finished(complaint, now)
        promise_callback(complaint, now)
    return complaint


def reopen(*, actor: User, complaint: Complaint, reason: str, now: datetime) -> Complaint:
    """Take it up again within 30 days; later it is a new complaint.

    Until the follow-up call has closed it, the resolution clock goes on without the time in
    between, as long as its month is not over; after that a new one gets half the time.
    """
    with operation("complaints.reopen", actor=actor, on=complaint, at=now, reason=reason):
        _require(complaint, State.RESOLVED, State.CLOSED)
        if not complaint.may_reopen(now):
            raise TooLateToReopen(
                _(
                    "It was resolved more than 30 days ago. Log a new complaint and mention this one."
                )
            )
        callback = open_callback(complaint)
        if callback is not None:
            accounts.void_promise(actor=SYSTEM, promise=callback, reason=reason, now=now)
        was_closed = complaint.state == State.CLOSED
        _take_up(complaint)
        (clockwork.start_again if was_closed else clockwork.go_on)(complaint, now)
    return complaint


def take_up_again(complaint: Complaint, at: datetime) -> None:
    """Start over inside an operation: half the time, nothing of the old closing (C-12)."""
    _take_up(complaint)
    clockwork.start_again(complaint, at)


def _take_up(complaint: Complaint) -> None:
    complaint.state = State.IN_PROGRESS
    complaint.reopen_count += 1
    complaint.resolved_at = complaint.closed_at = complaint.is_confirmed = None
    clockwork.break_silence(complaint)


def promise_callback(complaint: Complaint, at: datetime) -> Promise:
    """Promise the call that asks whether it is really fixed, even when we know it is."""
    days = CALLBACK_DAYS[complaint.priority]
    return accounts.make_promise(
        actor=SYSTEM,
        account=complaint.account,
        kind=Promise.Kind.CALLBACK,
        text=str(_("Call about %(no)s: is it really fixed?") % {"no": complaint.no}),
        due_at=business_days_later(complaint.account, at, days, at=CALLBACK_TIME),
        made_by=complaint.lead,
        contact=complaint.contact,
        source=Promise.Source.COMPLAINT,
        subject=complaint,
        now=at,
    )


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


def allowed_now(complaint: Complaint) -> list[str]:
    """Return the steps possible from the present state, as verbs without the app."""
    if complaint.state in WORKING:
        return ["triage", "reply", "wait", "resolve"]
    return {
        State.NEW: ["triage", "reply"],
        State.WAITING_CLIENT: ["comment", "resume", "reply", "resolve"],
        State.WAITING_SUPPLIER: ["resume", "reply", "resolve"],
        State.RESOLVED: ["record_callback", "reopen", "reply"],
        State.CLOSED: ["reopen"],
    }[State(complaint.state)]


def _require(complaint: Complaint, *states: State) -> None:
    if complaint.state not in states:
        raise InvalidTransition(complaint.get_state_display(), allowed_now(complaint))
