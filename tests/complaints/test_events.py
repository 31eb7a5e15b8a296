"""What programs hear while a complaint takes its course (11.2)."""

import pytest

from complaints import services
from complaints.models import Complaint
from tests.complaints.recovery import make_ready
from tests.hooks import bodies, everything_told, heard, listen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(admin, now):
    return listen(admin, now)


def test_a_complaint_is_heard_of_from_its_beginning_to_its_end(log, agent, manager, now):
    complaint = log()
    assert heard() == ["complaint.created"]
    services.triage(
        actor=agent, complaint=complaint, impact=1, urgency=1, category="quality", safety=False,
        assignee=agent, lead=manager, now=now,
    )  # fmt: skip
    assert heard()[1:] == ["complaint.priority_changed", "complaint.state_changed"]
    services.reply(actor=agent, complaint=complaint, body="We are on our way.", now=now)
    assert sorted(heard()[3:]) == ["complaint.state_changed", "message.sent"]
    make_ready(complaint, manager, now)
    before = len(heard())
    services.resolve_complaint(
        actor=manager, complaint=complaint, resolution_type="fixed", resolution="Replaced.",
        now=now,
    )  # fmt: skip
    assert sorted(heard()[before:]) == [
        "complaint.resolved", "complaint.state_changed", "message.sent",
    ]  # fmt: skip


def test_the_body_says_what_became_of_it_and_where_to_fetch_it(in_progress, settings):
    data = bodies("complaint.state_changed")[-1]

    assert data["id"] == str(in_progress.pk)
    assert data["no"] == in_progress.no
    assert data["url"] == f"{settings.BASE_URL}/api/v1/complaints/{in_progress.pk}"
    assert data["version"] == Complaint.objects.get(pk=in_progress.pk).version
    assert (data["state"], data["priority"]) == ("in_progress", "p2")
    assert data["changed"] == ["state"]


def test_a_client_who_is_satisfied_closes_it(resolved, agent, now):
    before = len(heard())

    services.record_callback(actor=agent, complaint=resolved, outcome="satisfied", now=now)

    told = heard()[before:]
    assert {"callback.done", "complaint.closed", "complaint.state_changed"} <= set(told)
    [call] = bodies("callback.done")
    assert call["subject"] == str(resolved.pk)


def test_a_client_who_is_not_satisfied_reopens_it(resolved, agent, now):
    before = len(heard())

    services.record_callback(actor=agent, complaint=resolved, outcome="not_satisfied", now=now)

    assert {"complaint.reopened", "complaint.state_changed"} <= set(heard()[before:])


def test_waiting_for_a_supplier_sends_no_message(in_progress, agent, now):
    before = len(heard())

    services.wait(
        actor=agent, complaint=in_progress, waiting_for="supplier", body="Case 17, Ivo", now=now
    )

    assert heard()[before:] == ["complaint.state_changed"]


@pytest.fixture
def our_fault(in_progress, manager, now):
    return make_ready(
        in_progress, manager, now, fault="ours", justified="yes", root_cause="defect",
        cause_text="Needle of a careless hand",
    )  # fmt: skip


def test_our_own_fault_is_internal_and_that_the_client_knows_it_is_not(
    in_progress, people, admin, manager, now
):
    program = listen(admin, now, owner=people["api"])

    make_ready(in_progress, manager, now, fault="ours", justified="yes")

    assert "complaint.fault_confirmed" in heard()
    assert "complaint.fault_confirmed" not in heard(program)
    assert "complaint.client_told" in heard(program)


def test_nothing_that_people_wrote_reaches_a_body(our_fault, log, agent, manager, now):
    log(client_words="Needle in the bread", title="Needle", scope="Needle")
    services.reply(actor=agent, complaint=our_fault, body="Needle, we are sorry.", now=now)
    services.add_note(actor=agent, complaint=our_fault, body="needle", now=now)
    services.resolve_complaint(
        actor=manager, complaint=our_fault, resolution_type="fixed", resolution="No needle.",
        now=now,
    )  # fmt: skip

    assert len(heard()) > 8
    assert "needle" not in everything_told()
    assert "ours" not in everything_told()
    for person in (agent, manager):
        assert person.name.lower() not in everything_told()
