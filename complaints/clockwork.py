"""What a complaint keeps beside its own columns: clocks, deadlines, reminders while waiting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts.clockwork import business_days_later
from complaints.models import Complaint
from core.models import Timer
from core.operations import SYSTEM, operation, record, system_entry
from core.timers import clear_timers, set_timers
from sla import clockwork as clocks
from sla.models import Metric
from sla.subjects import SubjectFacts

WAITING, SILENCE = "complaints.waiting", "complaints.silence"
REMIND_AFTER_DAYS = {"1": 1, "3": 3}
HEAD_DECIDES = "10"
HEAD_DECIDES_AFTER_DAYS = 10
SILENCE_DAYS = 5


def start(complaint: Complaint, at: datetime, *, share: int = 100) -> None:
    """Start the clocks of a new or reopened complaint."""
    clocks.start_clocks(
        complaint, complaint.account, priority=complaint.priority, at=at, share=share
    )
    refresh_due(complaint)


def answered(complaint: Complaint, at: datetime) -> None:
    """Stop the first-response clock: a human has answered."""
    clocks.stop_clock(complaint, Metric.FIRST_RESPONSE, at)
    refresh_due(complaint)


def finished(complaint: Complaint, at: datetime) -> None:
    """Stop every clock: the complaint is resolved."""
    for clock in clocks.live_clocks(complaint):
        clocks.stop_clock(complaint, clock.metric, at)
    clear_timers(WAITING, [complaint.pk])
    refresh_due(complaint)


def stand_still(complaint: Complaint, at: datetime) -> None:
    """Pause the resolution clock while the client is asked, and remind us of the question."""
    for clock in clocks.live_clocks(complaint):
        if clock.metric == Metric.RESOLUTION:
            clocks.pause_clock(clock, at)
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
    refresh_due(complaint)


def run_on(complaint: Complaint, at: datetime) -> None:
    """Let the paused clocks run again."""
    for clock in clocks.live_clocks(complaint):
        clocks.resume_clock(clock, at)
    clear_timers(WAITING, [complaint.pk])
    refresh_due(complaint)


def reprioritise(complaint: Complaint, at: datetime) -> None:
    clocks.reprioritise(complaint, complaint.priority, at)
    refresh_due(complaint)


def refresh_due(complaint: Complaint) -> None:
    complaint.next_due_at = clocks.next_due(complaint)


def await_silence(complaint: Complaint, at: datetime) -> None:
    """Close the complaint by itself if nobody answers the letter within five business days."""
    until = business_days_later(complaint.account, at, SILENCE_DAYS)
    set_timers(SILENCE, complaint.pk, {f"{at:%Y%m%d%H%M%S}": until})


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
            with operation("complaints.close_silent", actor=SYSTEM, on=complaint, at=now):
                complaint.state, complaint.closed_at = Complaint.State.CLOSED, now
                complaint.is_confirmed = False
    return [timer.pk for timer in timers if timer.subject_id in complaints]


def _held_free(timers: Sequence[Timer]) -> dict[UUID, Complaint]:
    """Lock the timers' complaints that nobody else holds."""
    rows = Complaint.objects.filter(pk__in={timer.subject_id for timer in timers}).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True, skip_locked=True)}


def subject_facts(ids: set[UUID]) -> dict[UUID, SubjectFacts]:
    """Tell `sla` what a warning needs to know of complaints."""
    rows = Complaint.objects.filter(pk__in=ids).values_list("pk", "no", "assignee_id")
    return {pk: SubjectFacts(label=no, assignee_id=assignee) for pk, no, assignee in rows}
