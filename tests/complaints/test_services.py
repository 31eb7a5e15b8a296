from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Promise
from complaints import services
from complaints.models import Complaint
from core.errors import InvalidTransition
from core.models import AuditEntry, OutgoingMail
from core.timers import run_due
from sla.models import Clock

SOFIA_18 = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)


def clock_of(complaint, metric, cycle=1):
    return Clock.objects.get(subject_id=complaint.pk, metric=metric, cycle=cycle)


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


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
    assert complaint.next_due_at == clock_of(complaint, "resolution").due_at


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


def test_resolve_promises_a_callback_whose_success_closes(in_progress, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=in_progress, resolution_type="fixed",
        resolution="Replaced the cutter.", now=now,
    )  # fmt: skip
    [callback] = Promise.objects.filter(kind="callback")

    services.record_callback(
        actor=manager, complaint=in_progress, outcome="satisfied", now=now + timedelta(days=1)
    )

    assert callback.due_at == SOFIA_18
    in_progress.refresh_from_db()
    callback.refresh_from_db()
    assert (in_progress.state, in_progress.is_confirmed) == ("closed", True)
    assert callback.state == "kept"
    assert clock_of(in_progress, "resolution").state == "met"
    assert verbs() == [
        "complaints.log", "complaints.triage", "complaints.reply", "accounts.make_promise",
        "complaints.resolve", "accounts.keep_promise", "complaints.record_callback",
    ]  # fmt: skip


def test_dissatisfied_client_reopens_with_half_the_time(in_progress, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=in_progress, resolution_type="fixed", resolution="Done", now=now
    )

    services.record_callback(actor=manager, complaint=in_progress, outcome="not_satisfied", now=now)

    assert (in_progress.state, in_progress.reopen_count) == ("in_progress", 1)
    assert clock_of(in_progress, "resolution", cycle=2).due_at == now + timedelta(hours=4)
    assert not Clock.objects.filter(metric="first_response", cycle=2).exists()


def test_three_unanswered_calls_end_in_a_letter_and_silence_closes(in_progress, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=in_progress, resolution_type="fixed", resolution="Done", now=now
    )
    day = timedelta(days=1)

    for number in (2, 3, 4):
        services.record_callback(
            actor=manager, complaint=in_progress, outcome="no_answer", now=now + number * day
        )
    letters = OutgoingMail.objects.filter(to="rada.lipova@client.example").count()
    run_due(now + 30 * day)

    in_progress.refresh_from_db()
    assert (in_progress.state, in_progress.is_confirmed) == ("closed", False)
    assert letters == 4  # acknowledgement, reply, resolution, letter
    assert "complaints.close_silent" in verbs()


def test_warnings_and_breach_fire_in_order_and_the_breach_is_the_due_time(complaint, now):
    for minutes in (60, 90, 108, 121):
        run_due(now + timedelta(minutes=minutes))

    entries = AuditEntry.objects.filter(verb__startswith="sla.").order_by("id")
    assert [entry.details["step"] for entry in entries] == ["50", "75", "90", "breach"]
    assert {entry.label for entry in entries} == {complaint.no}
    assert clock_of(complaint, "first_response").breached_at == now + timedelta(hours=2)


def test_resolve_twice_names_what_is_possible(in_progress, manager, now):
    services.resolve_complaint(
        actor=manager, complaint=in_progress, resolution_type="fixed", resolution="Done", now=now
    )

    with pytest.raises(InvalidTransition) as refusal:
        services.resolve_complaint(
            actor=manager, complaint=in_progress, resolution_type="fixed", resolution="x", now=now
        )

    assert refusal.value.facts["allowed"] == ["record_callback", "reopen", "reply"]


def test_a_strange_manager_resolves_nothing(in_progress, stranger, now):
    with pytest.raises(PermissionDenied):
        services.resolve_complaint(
            actor=stranger, complaint=in_progress, resolution_type="fixed", resolution="x", now=now
        )

    in_progress.refresh_from_db()
    assert in_progress.state == Complaint.State.IN_PROGRESS
