import pytest

from complaints import services
from complaints.calls import recordable_by
from complaints.models import Complaint
from core.models import User
from tests.factories import AccountFactory

CALLS = "/complaints/callbacks/"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def window(sign_in, agent):
    return sign_in(agent)


def record(client, complaint, outcome, **told):
    told |= {"version": complaint.version, "outcome": outcome}
    return client.post(f"/complaints/{complaint.pk}/record-callback/?back=callbacks", told)


def test_list_tells_whom_to_ring_and_what_to_say_in_the_clients_language(window, resolved, clock):
    clock.forward(days=1)

    page = text(window.get(CALLS))

    assert 'href="tel:+3592000000"' in page
    assert "Rada Lipova" in page
    assert "Здравейте, обажда се Support agent. Преди 1 дни приключихме CMP-2026-00001." in page


@pytest.mark.parametrize(("days", "is_marked"), [(1, False), (3, True)])
def test_overdue_calls_are_marked(sign_in, agent, resolved, clock, days, is_marked):
    clock.forward(days=days)

    assert ("Overdue" in text(sign_in(agent).get(CALLS))) is is_marked


@pytest.mark.parametrize(
    ("outcome", "state", "left"),
    [("satisfied", "closed", 0), ("not_satisfied", "in_progress", 0), ("no_answer", "resolved", 1)],
)
def test_three_buttons_record_the_call(window, resolved, clock, outcome, state, left):
    clock.forward(days=1)

    answer = record(window, resolved, outcome, note="She sounded well.")

    assert answer.headers["Location"] == CALLS
    assert Complaint.objects.get().state == state
    assert len(window.get(CALLS).context["lines"]) == left
    assert resolved.messages.filter(kind="note", body="She sounded well.").count() == 1


def test_case_page_has_the_call_too_and_leads_back_to_itself(window, resolved, clock):
    page = window.get(f"/complaints/{resolved.pk}/")
    answer = window.post(
        f"/complaints/{resolved.pk}/record-callback/",
        {"version": resolved.version, "outcome": "satisfied"},
    )

    assert page.context["step"].text == "Call the client: is it really fixed?"
    assert page.context["call"].script in text(page)
    assert answer.headers["Location"] == f"/complaints/{resolved.pk}/"


def test_who_may_not_record_sees_the_call_without_buttons(sign_in, stranger, resolved):
    page = sign_in(stranger).get(CALLS)

    assert page.context["lines"][0]["form"] is None
    assert "records this call" in text(page)
    assert record(sign_in(stranger), resolved, "satisfied").status_code == 403


def test_the_rule_for_a_whole_list_is_that_of_the_permission(people, stranger, resolved, log):
    log(account=AccountFactory(name="Kobza"))
    complaints = list(Complaint.objects.select_related("account"))

    for user in User.objects.all():
        permitted = {
            each.account_id
            for each in complaints
            if user.has_perm("complaints.record_callback", each)
        }
        assert recordable_by(user, complaints) == permitted, user.name


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_few_questions_however_long_it_is(
    sign_in, manager, log, now, count, django_assert_max_num_queries
):
    for _number in range(count):
        complaint = log()
        complaint.state = "in_progress"
        complaint.save()
        services.resolve_complaint(
            actor=manager, complaint=complaint, resolution_type="fixed", resolution="Done", now=now
        )
    client = sign_in(manager)
    client.get(CALLS)

    with django_assert_max_num_queries(8):
        assert len(client.get(CALLS).context["lines"]) == count
