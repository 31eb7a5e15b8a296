from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Promise
from complaints import services
from complaints.models import Complaint
from complaints.services.progress import AppointmentNotAhead
from core.errors import InvalidTransition
from core.models import AuditEntry, OutgoingMail
from core.timers import run_due, set_timers
from sla.models import Clock

SOFIA_18 = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)


def clock_of(complaint, metric, cycle=1):
    return Clock.objects.get(subject_id=complaint.pk, metric=metric, cycle=cycle)


def verbs():
    entries = AuditEntry.objects.exclude(verb="accounts.open_task").order_by("id")
    return list(entries.values_list("verb", flat=True))


def test_log_numbers_the_complaint_starts_clocks_and_acknowledges(complaint, now, manager):
    assert complaint.no == "CMP-2026-00001"
    assert complaint.priority == "p2"
    assert complaint.lead == manager
    assert clock_of(complaint, "first_response").due_at == now + timedelta(hours=2)
    assert clock_of(complaint, "resolution").due_at == now + timedelta(hours=23)
    assert complaint.next_due_at == now + timedelta(hours=2)
    [message] = complaint.messages.all()
    assert message.kind == "acknowledgement"
    assert complaint.no in message.body
    assert "до 2 март, 14:00" in message.body
    assert verbs() == ["complaints.log"]


def test_acknowledgement_stops_no_clock_but_a_human_reply_does(complaint, agent, now):
    assert clock_of(complaint, "first_response").state == "running"

    services.reply(actor=agent, complaint=complaint, body="On our way", now=now)

    assert clock_of(complaint, "first_response").state == "met"
    assert clock_of(complaint, "resolution").state == "running"
    assert complaint.next_due_at == clock_of(complaint, "update").due_at


@pytest.mark.parametrize(("late", "state"), [(0, "met"), (1, "missed")])
def test_a_reply_at_the_due_second_is_in_time_and_one_second_later_is_not(
    complaint, agent, now, late, state
):
    at = now + timedelta(hours=2, seconds=late)

    services.reply(actor=agent, complaint=complaint, body="Sorry", now=at)

    assert clock_of(complaint, "first_response").state == state


def test_waiting_for_the_client_stands_still_and_his_answer_runs_on(in_progress, agent, now):
    asked, answered = now + timedelta(hours=1), now + timedelta(hours=3)

    services.wait(
        actor=agent, complaint=in_progress, waiting_for="client", body="Which till?", now=asked
    )
    paused = clock_of(in_progress, "resolution")
    services.comment(actor=agent, complaint=in_progress, body="The left one", now=answered)

    assert (paused.state, paused.due_at, paused.remaining) == ("paused", None, timedelta(hours=7))
    assert in_progress.state == Complaint.State.IN_PROGRESS
    assert clock_of(in_progress, "resolution").due_at == now + timedelta(hours=25)


def test_waiting_for_a_supplier_never_stands_still(in_progress, agent, now):
    due = clock_of(in_progress, "resolution").due_at

    services.wait(
        actor=agent, complaint=in_progress, waiting_for="supplier", body="Case 77", now=now
    )

    clock = clock_of(in_progress, "resolution")
    assert (clock.state, clock.due_at) == ("running", due)


@pytest.fixture
def appointed(in_progress, agent, now):
    """The complaint, waiting for an appointment on Tuesday at noon."""
    services.wait(
        actor=agent, complaint=in_progress, waiting_for="appointment", body="Tuesday at noon, then.",
        appointment_at=now + timedelta(days=1), now=now,
    )  # fmt: skip
    return in_progress


@pytest.mark.parametrize("ahead", [None, timedelta(), timedelta(minutes=-1)])
def test_an_appointment_lies_ahead(in_progress, agent, now, ahead):
    with pytest.raises(AppointmentNotAhead):
        services.wait(
            actor=agent, complaint=in_progress, waiting_for="appointment", body="Now?",
            appointment_at=ahead if ahead is None else now + ahead, now=now,
        )  # fmt: skip

    in_progress.refresh_from_db()
    assert in_progress.state == Complaint.State.IN_PROGRESS


def test_at_the_appointment_work_goes_on_by_itself(appointed, now):
    run_due(now + timedelta(days=1, hours=2))

    appointed.refresh_from_db()
    assert (appointed.state, appointed.waiting_since) == (Complaint.State.IN_PROGRESS, None)
    entry = AuditEntry.objects.get(verb="complaints.meet")
    assert (entry.actor, entry.happened_at) == (None, now + timedelta(days=1))


def test_a_question_before_the_appointment_is_answered_and_the_rest_stands_still(
    appointed, agent, now
):
    services.comment(actor=agent, complaint=appointed, body="Which door?", now=now)
    asked = clock_of(appointed, "next_response")
    services.reply(actor=agent, complaint=appointed, body="The back door.", now=now)

    assert appointed.state == Complaint.State.WAITING_CLIENT
    assert (asked.state, clock_of(appointed, "next_response").state) == ("running", "met")
    assert set(appointed.clocks.live().values_list("state", flat=True)) == {"paused"}
    assert appointed.next_due_at is None


def test_who_resumes_before_the_appointment_is_not_held_by_it(appointed, agent, now):
    services.resume(actor=agent, complaint=appointed, now=now + timedelta(hours=1))
    due = clock_of(appointed, "resolution").due_at
    set_timers("complaints.appointment", appointed.pk, {"of before": now + timedelta(days=1)})

    run_due(now + timedelta(days=1))

    appointed.refresh_from_db()
    assert (appointed.state, appointed.appointment_at) == (Complaint.State.IN_PROGRESS, None)
    assert clock_of(appointed, "resolution").due_at == due
    assert "complaints.meet" not in verbs()


def test_an_answer_that_lets_them_work_again_meets_the_workaround(log, agent, now):
    complaint = log(impact=1, urgency=1)
    services.reply(actor=agent, complaint=complaint, body="We come.", now=now)
    before = clock_of(complaint, "workaround").state

    services.reply(
        actor=agent, complaint=complaint, body="Use the old till.", is_workaround=True, now=now
    )

    assert (before, clock_of(complaint, "workaround").state) == ("running", "met")


def test_resolve_promises_a_callback_whose_success_closes(ready, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=ready, resolution_type="fixed",
        resolution="Replaced the cutter.", now=now,
    )  # fmt: skip
    [callback] = Promise.objects.filter(kind="callback")

    services.record_callback(
        actor=manager, complaint=ready, outcome="satisfied", now=now + timedelta(days=1)
    )

    assert callback.due_at == SOFIA_18
    ready.refresh_from_db()
    callback.refresh_from_db()
    assert (ready.state, ready.is_confirmed) == ("closed", True)
    assert callback.state == "kept"
    assert clock_of(ready, "resolution").state == "met"
    assert verbs() == [
        "complaints.log", "complaints.triage", "complaints.reply", "complaints.record_findings",
        "complaints.skip_apology", "complaints.note_failed_ask", "complaints.note_failed_ask",
        "complaints.set_wants", "accounts.make_promise", "complaints.resolve",
        "accounts.keep_promise", "accounts.make_promise", "complaints.record_callback",
    ]  # fmt: skip


def test_dissatisfied_client_reopens_with_half_the_time(ready, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=ready, resolution_type="fixed", resolution="Done", now=now
    )

    services.record_callback(actor=manager, complaint=ready, outcome="not_satisfied", now=now)

    assert (ready.state, ready.reopen_count) == ("in_progress", 1)
    assert clock_of(ready, "resolution", cycle=2).due_at == now + timedelta(hours=4)
    assert not Clock.objects.filter(metric="first_response", cycle=2).exists()


def test_three_unanswered_calls_end_in_a_letter_and_silence_closes(ready, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=ready, resolution_type="fixed", resolution="Done", now=now
    )
    day = timedelta(days=1)

    for number in (2, 3, 4):
        services.record_callback(
            actor=manager, complaint=ready, outcome="no_answer", now=now + number * day
        )
    letters = OutgoingMail.objects.filter(to="rada.lipova@client.example").count()
    run_due(now + 30 * day)

    ready.refresh_from_db()
    assert (ready.state, ready.is_confirmed) == ("closed", False)
    assert letters == 4  # acknowledgement, reply, resolution, letter
    assert "complaints.close_silent" in verbs()


def test_warnings_and_breach_fire_in_order_and_the_breach_is_the_due_time(complaint, now):
    for minutes in (60, 90, 108, 121):
        run_due(now + timedelta(minutes=minutes))

    entries = AuditEntry.objects.filter(verb__startswith="sla.").order_by("id")
    assert [entry.details["step"] for entry in entries] == ["50", "75", "90", "breach"]
    assert {entry.label for entry in entries} == {complaint.no}
    assert clock_of(complaint, "first_response").breached_at == now + timedelta(hours=2)


def test_resolve_twice_names_what_is_possible(ready, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=ready, resolution_type="fixed", resolution="Done", now=now
    )

    with pytest.raises(InvalidTransition) as refusal:
        services.resolve_complaint(
            actor=manager, complaint=ready, resolution_type="fixed", resolution="x", now=now
        )

    assert refusal.value.facts["allowed"] == ["record_callback", "reopen", "reply"]


def test_a_strange_manager_resolves_nothing(ready, stranger, now):
    with pytest.raises(PermissionDenied):
        services.resolve_complaint(
            actor=stranger, complaint=ready, resolution_type="fixed", resolution="x", now=now
        )

    ready.refresh_from_db()
    assert ready.state == Complaint.State.IN_PROGRESS
