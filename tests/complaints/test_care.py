"""Second opinion, the phone, cooling down (C-8): who hears, who reads, what counts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Touch
from complaints import services
from complaints.models import Complaint, Message
from complaints.queries import messages_of
from complaints.services.care import CannotAskThem, NobodyStandsIn
from complaints.services.conversation import EmptyMessage
from core.errors import InvalidTransition
from core.models import Notification, OutgoingMail
from sla.models import Clock
from tests.factories import UserFactory

DAY = timedelta(days=1)


def text(response):
    return " ".join(response.content.decode().split())


def ask(complaint, actor, colleague, now, body="How would you handle it?"):
    return services.ask_opinion(
        actor=actor, complaint=complaint, colleague=colleague, body=body, now=now
    )


def bodies(complaint, user):
    return set(messages_of(complaint, user).values_list("body", flat=True))


def test_only_the_two_and_the_heads_read_a_second_opinion(
    people, stranger, complaint, manager, agent, now
):
    ask(complaint, manager, agent, now, "He shouts. What now?")

    readers = {
        role for role, user in people.items() if "He shouts. What now?" in bodies(complaint, user)
    }
    assert readers == {"am", "sa", "hk"}
    assert "He shouts. What now?" not in bodies(complaint, stranger)


def test_it_is_on_no_page_and_in_no_answer_for_others(
    sign_in, rest, program, stranger, complaint, manager, agent, now
):
    ask(complaint, manager, agent, now, "He shouts. What now?")

    assert "He shouts" in text(sign_in(agent).get(f"/complaints/{complaint.pk}/"))
    assert "He shouts" not in text(sign_in(stranger).get(f"/complaints/{complaint.pk}/"))
    for client in (program, rest(stranger)):
        answer = client.get(f"/api/v1/complaints/{complaint.pk}/messages")
        assert "He shouts" not in answer.content.decode()


def test_the_colleague_hears_of_it_and_answers_in_the_same_way(complaint, manager, agent, now):
    ask(complaint, manager, agent, now)
    ask(complaint, agent, manager, now, "Ring him up.")

    heard = Notification.objects.filter(entry__verb="complaints.ask_opinion")
    assert set(heard.values_list("recipient", flat=True)) == {agent.pk, manager.pk}
    assert "Ring him up." in bodies(complaint, manager)


def test_no_clock_hears_of_it(complaint, manager, agent, now):
    ask(complaint, manager, agent, now)

    clock = Clock.objects.get(subject_id=complaint.pk, metric="first_response")
    assert clock.state == "running"


def test_a_technician_who_is_asked_may_open_the_case(complaint, manager, technician, now):
    before = Complaint.objects.visible_to(technician).exists()

    ask(complaint, manager, technician, now)

    assert not before
    assert list(Complaint.objects.visible_to(technician)) == [complaint]


@pytest.mark.parametrize("role", ["am", "api", "ad"])
def test_one_asks_a_colleague_who_can_open_the_case(complaint, people, now, role):
    with pytest.raises(CannotAskThem):
        ask(complaint, people["am"], people[role], now)


def test_an_empty_question_is_none(complaint, manager, agent, now):
    with pytest.raises(EmptyMessage):
        ask(complaint, manager, agent, now, "  ")


def test_the_form_suggests_whom_to_answer(sign_in, complaint, manager, agent, now):
    ask(complaint, manager, agent, now)

    form = sign_in(agent).get(f"/complaints/{complaint.pk}/ask-opinion/").context["form"]

    assert form.initial["colleague"] == manager.pk


def test_a_call_answers_the_client_and_is_a_touch_with_his_mood(complaint, contact, manager, now):
    letters = OutgoingMail.objects.filter(to="rada.lipova@client.example").count()
    next_contact = now + DAY

    message = services.log_call(
        actor=manager, complaint=complaint, body="She is calmer now.", sentiment=-1,
        next_contact_at=next_contact, now=now,
    )  # fmt: skip

    clock = Clock.objects.get(subject_id=complaint.pk, metric="first_response")
    touch = Touch.objects.get()
    assert (message.kind, message.channel, clock.state) == ("reply", "phone", "met")
    assert (touch.kind, touch.sentiment, list(touch.contacts.all())) == ("call", -1, [contact])
    assert complaint.promises.get(kind="next_contact").due_at == next_contact
    assert OutgoingMail.objects.filter(to="rada.lipova@client.example").count() == letters


def test_notes_of_a_call_are_ours_and_no_reply_check_stops_them(complaint, manager, now):
    words = "I said that our supplier let us down and that it is the courier's fault."

    assert services.log_call(actor=manager, complaint=complaint, body=words, now=now).pk


def test_a_call_moves_a_triaged_case_on_and_none_is_logged_on_a_closed_one(
    resolved, agent, manager, now
):
    services.record_callback(actor=agent, complaint=resolved, outcome="satisfied", now=now)

    with pytest.raises(InvalidTransition):
        services.log_call(actor=manager, complaint=resolved, body="Hello", now=now)
    assert not Touch.objects.exists()


def test_a_stranger_logs_no_call(complaint, stranger, now):
    with pytest.raises(PermissionDenied):
        services.log_call(actor=stranger, complaint=complaint, body="Hello", now=now)


def test_the_phone_form_shows_the_number_and_records_the_call(sign_in, manager, complaint):
    client, path = sign_in(manager), f"/complaints/{complaint.pk}/log-call/"
    page = text(client.get(path))
    answer = client.post(
        path,
        {"version": complaint.version, "body": "Calmer.", "sentiment": "-2", "next_contact_at": ""},
    )

    assert 'href="tel:+3592000000"' in page
    assert answer.status_code == 302
    assert Touch.objects.get().sentiment == -2


def test_cooling_down_hands_the_client_to_the_deputy_with_what_was_promised(
    in_progress, account, manager, now
):
    account.deputy = UserFactory(name="Deputy")
    account.save()
    services.reply(
        actor=manager, complaint=in_progress, body="I call.", next_contact_at=now + DAY, now=now
    )

    services.hand_over(actor=manager, complaint=in_progress, now=now)

    promise = in_progress.promises.get(kind="next_contact", state="open")
    assert in_progress.lead.name == "Deputy"
    assert promise.made_by == in_progress.lead
    heard = Notification.objects.filter(entry__verb="complaints.hand_over")
    assert in_progress.lead.pk in heard.values_list("recipient", flat=True)


def test_without_a_deputy_a_head_takes_over_and_without_a_head_nobody(
    in_progress, manager, head, now
):
    services.hand_over(actor=manager, complaint=in_progress, now=now)
    took_over = in_progress.lead
    head.is_active = False
    head.save()

    assert took_over == head
    with pytest.raises(NobodyStandsIn):
        services.hand_over(actor=manager, complaint=in_progress, now=now)


def test_the_form_says_a_calm_line_and_who_takes_over(sign_in, manager, head, in_progress):
    client, path = sign_in(manager), f"/complaints/{in_progress.pk}/hand-over/"

    page = text(client.get(path))
    client.post(path, {"version": in_progress.version})

    assert "Anger is steam: it is about the failure, not about you." in page
    assert head.name in page
    in_progress.refresh_from_db()
    assert in_progress.lead == head


def test_opinions_never_count_as_an_answer(complaint, manager, agent, now):
    ask(complaint, manager, agent, now)

    assert not Message.objects.filter(complaint=complaint, kind="reply").exists()
