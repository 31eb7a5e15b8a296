from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Promise, Task
from complaints import services
from complaints.models import Complaint, Message
from complaints.queries import contacts_of, messages_of
from complaints.services.ending import NotTheSameEvent
from core.errors import InvalidTransition
from sla.models import Clock
from tests.factories import AccountFactory, ContactFactory

pytestmark = pytest.mark.django_db
State = Complaint.State


def live(complaint):
    return [clock for clock in Clock.objects.filter(subject_id=complaint.pk) if clock.is_live]


@pytest.fixture
def double(log, account):
    """A second complaint about the same event, from a colleague of the first contact."""
    other = ContactFactory(account=account, name="Bilyana Lipova")
    return log(contact=other, client_words="No receipts here either.")


def test_a_merged_complaint_is_part_of_the_other_and_its_clocks_end_uncounted(
    complaint, double, agent, now
):
    services.merge(actor=agent, complaint=double, into=complaint, now=now)

    double.refresh_from_db()
    assert (double.state, double.merged_into) == (State.MERGED, complaint)
    assert live(double) == []
    assert set(double.clocks.values_list("state", flat=True)) == {Clock.State.CANCELLED}
    assert len(live(complaint)) == 2


def test_what_was_missed_before_the_merge_stays_missed(complaint, double, agent, now):
    later = now + timedelta(days=1)

    services.merge(actor=agent, complaint=double, into=complaint, now=later)

    first = double.clocks.get(metric="first_response")
    assert first.state == Clock.State.MISSED


def test_the_conversation_of_the_other_shows_both_and_both_contacts_count(
    complaint, double, contact, agent, now
):
    services.comment(actor=agent, complaint=double, body="It is the till at the door.", now=now)
    services.merge(actor=agent, complaint=double, into=complaint, now=now)

    shown = messages_of(complaint, agent).filter(kind=Message.Kind.CLIENT)
    assert [message.body for message in shown] == ["It is the till at the door."]
    assert contacts_of(complaint) == [contact, double.contact]


def test_a_chain_of_merges_leads_to_the_last(complaint, double, log, agent, now):
    third = log()
    services.merge(actor=agent, complaint=third, into=double, now=now)
    services.merge(actor=agent, complaint=double, into=complaint, now=now)

    third.refresh_from_db()
    assert third.merged_into == complaint


def test_what_happened_elsewhere_is_not_the_same_event(complaint, log, manager, agent, now):
    elsewhere = log(account=AccountFactory(owner=manager))

    with pytest.raises(NotTheSameEvent):
        services.merge(actor=agent, complaint=elsewhere, into=complaint, now=now)
    with pytest.raises(NotTheSameEvent):
        services.merge(actor=agent, complaint=complaint, into=complaint, now=now)

    elsewhere.refresh_from_db()
    assert elsewhere.state == State.NEW


def test_nothing_becomes_part_of_what_is_over(complaint, double, agent, now):
    services.merge(actor=agent, complaint=double, into=complaint, now=now)

    with pytest.raises(InvalidTransition):
        services.merge(actor=agent, complaint=complaint, into=double, now=now)


def test_a_withdrawn_complaint_still_gets_its_call(in_progress, manager, now):
    services.withdraw(
        actor=manager, complaint=in_progress, words="It works again.", channel="phone", now=now
    )

    in_progress.refresh_from_db()
    [call] = Promise.objects.filter(subject_id=in_progress.pk, kind=Promise.Kind.CALLBACK)
    assert (in_progress.state, in_progress.resolution_type) == (State.RESOLVED, "withdrawn")
    assert in_progress.resolution == "It works again."
    assert call.is_owed
    assert live(in_progress) == []


def test_a_request_becomes_a_task_with_a_date(complaint, agent, manager, now):
    due = now + timedelta(days=2)
    services.convert(
        actor=agent, complaint=complaint, reason="Asks for a brochure.", assignee=manager,
        due_at=due, now=now,
    )  # fmt: skip

    complaint.refresh_from_db()
    task = Task.objects.get(subject_id=complaint.pk)
    assert (complaint.state, complaint.next_due_at) == (State.CONVERTED, None)
    assert (task.kind, task.assignee, task.due_at) == ("request", manager, due)
    assert task.facts == {"no": complaint.no}


def test_only_a_new_complaint_turns_out_to_be_a_request(in_progress, agent, manager, now):
    with pytest.raises(InvalidTransition) as refusal:
        services.convert(
            actor=agent, complaint=in_progress, reason="No fault at all.", assignee=manager,
            due_at=now + timedelta(days=2), now=now,
        )  # fmt: skip

    assert "convert" not in refusal.value.facts["allowed"]


@pytest.mark.parametrize("verb", ["merge", "withdraw", "convert"])
def test_a_technician_ends_nothing(verb, complaint, double, technician, manager, now):
    given = {
        "merge": {"into": double},
        "withdraw": {"words": "No.", "channel": "phone"},
        "convert": {"reason": "No.", "assignee": manager, "due_at": now + timedelta(days=1)},
    }[verb]

    with pytest.raises(PermissionDenied):
        getattr(services, verb)(actor=technician, complaint=complaint, now=now, **given)


def test_the_page_merges_and_offers_only_open_complaints_of_the_account(
    client, agent, complaint, double, log, manager
):
    log(account=AccountFactory(owner=manager))
    client.force_login(agent)
    page = reverse("complaints:merge", args=[double.pk])

    shown = client.get(page)
    answer = client.post(page, {"version": double.version, "into": complaint.pk})

    assert list(shown.context["form"].fields["into"].queryset) == [complaint]
    assert answer.status_code == 302
    double.refresh_from_db()
    assert double.merged_into == complaint
