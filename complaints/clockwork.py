"""What a complaint keeps beside its own columns: clocks, deadlines, reminders while waiting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts.clockwork import business_days_later
from complaints.closing import close
from complaints.models import Complaint
from core.models import Timer
from core.operations import SYSTEM, operation, record, system_entry
from core.timers import clear_timers, set_timers
from sla import clockwork as clocks
from sla.models import Metric

WAITING, SILENCE = "complaints.waiting", "complaints.silence"
APPOINTMENT = "complaints.appointment"
REOPENED_SHARE = 50
REMIND_AFTER_DAYS = {"1": 1, "3": 3}
HEAD_DECIDES = "10"
HEAD_DECIDES_AFTER_DAYS = 10
SILENCE_DAYS = 5


def case_of(complaint: Complaint) -> clocks.Case:
    """Return what decides which times are promised."""
    return clocks.Case(
        subject=complaint,
        account=complaint.account,
        priority=complaint.priority,
        category=complaint.category,
        scope=complaint.scope,
    )


def start(complaint: Complaint, at: datetime) -> None:
    """Start the clocks of a new complaint."""
    clocks.start_clocks(case_of(complaint), at)
    refresh_due(complaint)


def start_again(complaint: Complaint, at: datetime) -> None:
    """Start another cycle of a complaint that was closed: half the time (C-12)."""
    clocks.restart_clocks(case_of(complaint), at, share=REOPENED_SHARE)
    refresh_due(complaint)


def go_on(complaint: Complaint, at: datetime) -> None:
    """Let the clock of a reopened complaint continue, or start another cycle if it is final."""
    if not clocks.continue_clocks(case_of(complaint), at):
        clocks.restart_clocks(case_of(complaint), at, share=REOPENED_SHARE)
    refresh_due(complaint)


def answered(complaint: Complaint, at: datetime, *, with_workaround: bool = False) -> None:
    """Stop what a human answer stops; the next regular update is due from now on.

    While the complaint waits for the client, that stands still as well.
    """
    clocks.answer_clocks(case_of(complaint), at, with_workaround=with_workaround)
    if complaint.state == Complaint.State.WAITING_CLIENT:
        _pause(complaint, at)
    refresh_due(complaint)


def heard(complaint: Complaint, at: datetime) -> None:
    """Start the time for our next answer: the client wrote."""
    clocks.hear_client(case_of(complaint), at)
    refresh_due(complaint)


def finished(complaint: Complaint, at: datetime) -> None:
    """Stop every clock: the complaint is resolved."""
    clocks.stop_clocks(complaint, Metric.values, at)
    clear_timers(WAITING, [complaint.pk])
    clear_timers(APPOINTMENT, [complaint.pk])
    refresh_due(complaint)


def dropped(complaint: Complaint, at: datetime) -> None:
    """End every clock without counting it: there is nothing to be put right here."""
    clocks.cancel_clocks(complaint, at)
    clear_timers(WAITING, [complaint.pk])
    clear_timers(APPOINTMENT, [complaint.pk])
    refresh_due(complaint)


def stand_still(complaint: Complaint, at: datetime) -> None:
    """Pause the clocks while the client is asked, and remind us of the question."""
    _pause(complaint, at)
    days = REMIND_AFTER_DAYS | {HEAD_DECIDES: HEAD_DECIDES_AFTER_DAYS}
    asked = f"{at:%Y%m%d%H%M%S}"
    set_timers(
        WAITING,
        complaint.pk,
        {
            f"{asked}:{step}": business_days_later(complaint.account, at, count)
            for step, count in days.items()
        },
    )


def await_appointment(complaint: Complaint, at: datetime, until: datetime) -> None:
    """Pause the clocks until the moment the client asked for; then they run by themselves."""
    _pause(complaint, at)
    set_timers(APPOINTMENT, complaint.pk, {f"{at:%Y%m%d%H%M%S}": until})


def _pause(complaint: Complaint, at: datetime) -> None:
    for clock in clocks.live_clocks(complaint):
        clocks.pause_clock(clock, at)
    refresh_due(complaint)


def run_on(complaint: Complaint, at: datetime) -> None:
    """Let the paused clocks run again."""
    for clock in clocks.live_clocks(complaint):
        clocks.resume_clock(clock, at)
    clear_timers(WAITING, [complaint.pk])
    clear_timers(APPOINTMENT, [complaint.pk])
    refresh_due(complaint)


def reprioritise(complaint: Complaint, at: datetime) -> None:
    clocks.reprioritise(case_of(complaint), at)
    refresh_due(complaint)


def rehome(complaint: Complaint, at: datetime) -> None:
    """Let the clocks follow the complaint to the account to which it belongs."""
    clocks.rehome(case_of(complaint), at)
    refresh_due(complaint)


def refresh_due(complaint: Complaint) -> None:
    complaint.next_due_at = clocks.next_due(complaint)


def await_silence(complaint: Complaint, at: datetime) -> None:
    """Close the complaint by itself if nobody answers the letter within five business days."""
    until = business_days_later(complaint.account, at, SILENCE_DAYS)
    set_timers(SILENCE, complaint.pk, {f"{at:%Y%m%d%H%M%S}": until})


def awaits_silence(complaint: Complaint) -> bool:
    """Say whether a letter is out because somebody could not be reached by phone."""
    pending = Timer.objects.filter(kind=SILENCE, subject_id=complaint.pk, fired_at=None)
    return pending.exists()


def break_silence(complaint: Complaint) -> None:
    clear_timers(SILENCE, [complaint.pk])


def fire_waiting(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Remind the lead that the client has not answered; after ten business days the heads."""
    complaints = _held_free(timers)
    latest = {timer.subject_id: timer for timer in sorted(timers, key=lambda each: each.due_at)}
    record(
        [
            system_entry(
                "complaints.remind_waiting",
                target=complaint,
                at=now,
                details={
                    "days": latest[pk].step.partition(":")[2],
                    "lag_seconds": int((now - latest[pk].due_at).total_seconds()),
                },
            )
            for pk, complaint in complaints.items()
            if complaint.state == Complaint.State.WAITING_CLIENT
        ]
    )
    return [timer.pk for timer in timers if timer.subject_id in complaints]


def fire_silence(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Close what stayed unanswered, marked as not confirmed (C-12)."""
    complaints = _held_free(timers)
    for complaint in complaints.values():
        if complaint.state == Complaint.State.RESOLVED:
            with operation("complaints.close_silent", actor=SYSTEM, on=complaint, at=now) as op:
                close(op, complaint, now, is_confirmed=False)
    return [timer.pk for timer in timers if timer.subject_id in complaints]


def _held_free(timers: Sequence[Timer]) -> dict[UUID, Complaint]:
    """Lock the timers' complaints that nobody else holds."""
    rows = Complaint.objects.filter(pk__in={timer.subject_id for timer in timers}).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True, skip_locked=True)}


def fire_appointments(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Go on at the moment of the appointment, however late this runs."""
    complaints = _held_free(timers)
    for timer in timers:
        complaint = complaints.get(timer.subject_id)
        if complaint is not None and complaint.appointment_at == timer.due_at:
            with operation("complaints.meet", actor=SYSTEM, on=complaint, at=now) as op:
                op.happened_at = timer.due_at
                complaint.state = Complaint.State.IN_PROGRESS
                complaint.waiting_since = complaint.appointment_at = None
                run_on(complaint, timer.due_at)
    return [timer.pk for timer in timers if timer.subject_id in complaints]
