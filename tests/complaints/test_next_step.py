from datetime import timedelta

import pytest

from complaints import services
from complaints.next_step import NextStep, next_step
from core.timers import run_due
from sla import clockwork
from sla.queries import clocks_of


def step_of(complaint):
    complaint.refresh_from_db()
    clocks = clocks_of([complaint.pk])[complaint.pk]
    return next_step(complaint, clocks, list(complaint.promises.all()))


def test_new_and_unassigned_wants_somebody(complaint, manager):
    complaint.assignee = None
    complaint.save()

    step = step_of(complaint)

    assert (step.verb, step.who) == ("triage", manager.name)
    assert step.due == complaint.next_due_at


def test_new_wants_an_answer(complaint, manager):
    assert (step_of(complaint).verb, step_of(complaint).who) == ("reply", manager.name)


def test_answered_wants_to_be_put_right_by_its_worker(in_progress, agent, now):
    clockwork.stop_clocks(in_progress, ["update"], now)

    step = step_of(in_progress)

    resolution = in_progress.clocks.get(metric="resolution")
    assert (step.verb, step.who, step.due) == ("resolve", agent.name, resolution.due_at)


def test_the_regular_update_comes_first_when_it_is_due_first(in_progress, manager):
    step = step_of(in_progress)

    assert (step.verb, step.who, step.due) == ("reply", manager.name, in_progress.next_due_at)
    assert step.text == "Tell the client how it stands."


def test_a_client_who_writes_again_wants_an_answer(in_progress, agent, manager, now):
    services.comment(actor=agent, complaint=in_progress, body="And now?", now=now)

    step = step_of(in_progress)

    assert (step.verb, step.who) == ("reply", manager.name)
    assert step.text == "The client wrote again: answer."


def test_an_appointment_is_waited_for(in_progress, agent, manager, now):
    tomorrow = now + timedelta(days=1)
    services.wait(
        actor=agent, complaint=in_progress, waiting_for="appointment", body="See you then.",
        appointment_at=tomorrow, now=now,
    )  # fmt: skip

    step = step_of(in_progress)

    assert (step.verb, step.due) == ("resume", tomorrow)


def test_promised_contact_comes_first_when_it_is_nearer(in_progress, head, now):
    soon = now + timedelta(hours=3)

    services.reply(actor=head, complaint=in_progress, body="Soon.", next_contact_at=soon, now=now)

    assert step_of(in_progress) == NextStep(
        text="Contact the client, as promised.", who=head.name, due=soon, verb="reply"
    )


@pytest.mark.parametrize(
    ("waiting_for", "who", "verb"),
    [("client", "Rada Lipova", ""), ("supplier", "Support agent", "resume")],
)
def test_waiting_names_whom_it_is_for(in_progress, agent, now, waiting_for, who, verb):
    services.wait(actor=agent, complaint=in_progress, waiting_for=waiting_for, body="77", now=now)
    clockwork.stop_clocks(in_progress, ["update"], now)

    step = step_of(in_progress)

    assert (step.who, step.verb) == (who, verb)
    assert (step.due is None) is (waiting_for == "client")


def test_resolved_owes_a_call(resolved, manager):
    step = step_of(resolved)

    assert (step.verb, step.who) == ("record_callback", manager.name)
    assert step.is_late(step.due + timedelta(seconds=1))
    assert not step.is_late(step.due)


def test_after_three_calls_in_vain_nothing_is_late_and_silence_closes(resolved, manager, now):
    for day in (2, 3, 4):
        services.record_callback(
            actor=manager, complaint=resolved, outcome="no_answer", now=now + timedelta(days=day)
        )
    waiting = step_of(resolved)
    run_due(now + timedelta(days=30))

    assert waiting.text.startswith("Three calls were in vain")
    assert not waiting.is_late(now + timedelta(days=30))
    assert step_of(resolved).text.startswith("Closed, not confirmed")


def test_satisfied_is_the_end(resolved, manager, now):
    services.record_callback(actor=manager, complaint=resolved, outcome="satisfied", now=now)
    resolved.promises.filter(kind="pulse").delete()

    assert step_of(resolved).text == "Closed: the client confirmed that it is fixed."


def test_a_grave_case_is_asked_about_once_more(resolved, manager, now):
    services.record_callback(actor=manager, complaint=resolved, outcome="satisfied", now=now)

    step = step_of(resolved)
    assert step.text == "Closed. Call the client again: has it stayed fixed?"
    assert (step.who, step.due) == (manager.name, resolved.promises.get(kind="pulse").due_at)
