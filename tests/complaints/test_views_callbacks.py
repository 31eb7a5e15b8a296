import re

import pytest
from django.urls import reverse

from accounts.models import Promise
from complaints import services
from complaints.calls import recordable_by
from complaints.models import Complaint
from core.models import User
from tests.complaints.recovery import make_ready
from tests.conftest import HTMX
from tests.factories import AccountFactory, UserFactory

CALLS = "/complaints/callbacks/"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def window(sign_in, agent):
    return sign_in(agent)


def lines(page):
    return [line for part in page.context["parts"] for line in part["lines"]]


def record(client, complaint, outcome, **told):
    call = complaint.promises.filter(kind="callback").latest("made_at")
    told |= {"outcome": outcome, "callback": call.pk, "callback_version": call.version}
    return client.post(f"/complaints/{complaint.pk}/record-callback/?back=callbacks", told)


def test_list_tells_whom_to_ring_and_what_to_say_in_the_clients_language(
    window, agent, resolved, clock
):
    agent.phone = "+359 2 900"
    agent.save()
    clock.forward(days=1)

    page = text(window.get(CALLS))

    assert 'href="tel:+3592000000"' in page
    assert "Rada Lipova" in page
    assert "Здравейте, обажда се Support agent. Преди 1 дни приключихме CMP-2026-00001." in page
    assert "обадете се направо на мен: +359 2 900." in page


def test_list_tells_what_was_promised_and_never_what_is_only_planned(
    window, ready, manager, head, now
):
    services.offer_make_good(
        actor=manager, complaint=ready, base="New cutter", base_cost=0, plus="A free check",
        plus_cost=10, now=now,
    )  # fmt: skip
    before = text(window.get(CALLS))
    services.resolve_complaint(
        actor=manager, complaint=ready, resolution_type="fixed", resolution="New cutter.", now=now
    )
    [line] = lines(window.get(CALLS))

    assert "A free check" not in before
    told = {(pledge.what, pledge.text) for pledge in line.call.pledges}
    assert ("Resolution", "New cutter.") in told


@pytest.mark.parametrize(("days", "is_marked"), [(1, False), (3, True)])
def test_overdue_calls_are_marked(sign_in, agent, resolved, clock, days, is_marked):
    clock.forward(days=days)

    [line] = lines(sign_in(agent).get(CALLS))

    assert line.call.is_overdue is is_marked


def test_calls_stand_under_overdue_today_and_later(window, log, manager, now, clock):
    for priority in ("p1", "p2", "p4"):
        complaint = log()
        Complaint.objects.filter(pk=complaint.pk).update(priority=priority, state="in_progress")
        complaint.refresh_from_db()
        make_ready(complaint, manager, now)
        services.resolve_complaint(
            actor=manager, complaint=complaint, resolution_type="fixed", resolution="Done", now=now
        )
    clock.forward(days=2)

    page = window.get(CALLS)

    assert [str(part["heading"]) for part in page.context["parts"]] == ["Overdue", "Today", "Later"]
    assert page.context["numbers"] == {"overdue": 1, "today": 1, "later": 1}
    only = window.get(CALLS, {"due": "today"})
    assert [str(part["heading"]) for part in only.context["parts"]] == ["Today"]


@pytest.mark.parametrize(
    ("caller", "seen"), [("", 1), ("me", 0), ("others", 1), ("manager", 1), ("agent", 0)]
)
def test_calls_of_others_can_be_left_out(window, resolved, agent, manager, caller, seen):
    who = {"manager": manager.pk, "agent": agent.pk}.get(caller, caller)

    assert len(lines(window.get(CALLS, {"caller": who}))) == (1 if caller == "agent" else seen)


def test_counts_are_live_and_a_change_is_said_without_touching_what_is_being_typed(
    window, resolved, agent, now
):
    polled = window.get(CALLS).context["poll_url"]
    quiet = window.get(polled, headers={**HTMX, "HX-Target": "numbers"})
    services.record_callback(actor=agent, complaint=resolved, outcome="no_answer", now=now)
    news = window.get(polled, headers={**HTMX, "HX-Target": "numbers"})

    assert 'id="numbers"' in text(quiet)
    assert "<form" not in text(quiet)
    assert "Load the list again" not in text(quiet)
    assert "Load the list again" in text(news)


@pytest.mark.parametrize(
    ("outcome", "state", "left"),
    [
        ("satisfied", "closed", 0),
        ("not_satisfied", "in_progress", 0),
        ("no_answer", "resolved", 1),
        ("call_later", "resolved", 1),
    ],
)
def test_four_buttons_record_the_call(window, resolved, clock, outcome, state, left):
    clock.forward(days=1)

    answer = record(window, resolved, outcome, note="She sounded well.", call_at="2026-03-05T10:00")

    assert answer.headers["Location"] == CALLS
    assert Complaint.objects.get().state == state
    owed = [line for line in lines(window.get(CALLS)) if not line.call.is_pulse]
    assert len(owed) == left
    assert resolved.messages.filter(kind="note", body="She sounded well.").count() == 1


def test_the_buttons_send_what_the_form_offers(window, resolved, clock):
    page = text(window.get(CALLS))

    for outcome in ("satisfied", "not_satisfied", "no_answer", "call_later"):
        assert f'name="outcome" value="{outcome}"' in page
    assert re.search(r'name="call_at" value="2026-03-03T10:00"', page)


def test_a_rating_given_on_the_phone_is_kept(window, resolved, clock):
    record(window, resolved, "satisfied", csat="5")

    resolved.refresh_from_db()
    assert (resolved.csat, resolved.rated_at) == (5, clock.at)


def test_two_who_record_the_same_call_are_told_and_the_note_is_not_lost(window, resolved, clock):
    call = Promise.objects.get(kind="callback")
    stale = {"outcome": "no_answer", "callback": call.pk, "callback_version": call.version}
    path = f"/complaints/{resolved.pk}/record-callback/"
    window.post(path, stale)

    second = window.post(path, stale | {"note": "Nobody there"})

    call.refresh_from_db()
    assert second.status_code == 412
    assert "Nobody there" in text(second)
    assert f'name="callback_version" value="{call.version}"' in text(second)
    assert call.tries == 1


def test_case_page_has_the_call_too_and_leads_back_to_itself(window, resolved, clock):
    page = window.get(f"/complaints/{resolved.pk}/")
    answer = window.post(f"/complaints/{resolved.pk}/record-callback/", {"outcome": "satisfied"})

    [line] = page.context["call_lines"]
    assert line.call.opening in text(page)
    assert answer.headers["Location"] == f"/complaints/{resolved.pk}/"


def test_the_page_of_one_call_shows_the_one_that_is_asked_for(window, resolved):
    call = Promise.objects.get(kind="callback")

    page = window.get(f"/complaints/{resolved.pk}/record-callback/", {"callback": call.pk})

    assert page.context["line"].promise == call
    assert "Rada Lipova" in text(page)


def test_who_may_not_record_sees_the_call_without_buttons(sign_in, stranger, resolved):
    page = sign_in(stranger).get(CALLS)

    assert [line.form for line in lines(page)] == [None]
    assert "records this call" in text(page)
    assert record(sign_in(stranger), resolved, "satisfied").status_code == 403


def test_the_rule_for_a_whole_list_is_that_of_the_permission(
    people, stranger, technician, resolved, log
):
    other = log(account=AccountFactory(name="Kobza"))
    Complaint.objects.filter(pk=other.pk).update(lead=technician)
    complaints = list(Complaint.objects.select_related("account"))

    for user in User.objects.all():
        permitted = {
            each.pk for each in complaints if user.has_perm("complaints.record_callback", each)
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
        make_ready(complaint, manager, now)
        services.resolve_complaint(
            actor=manager, complaint=complaint, resolution_type="fixed", resolution="Done", now=now
        )
    client = sign_in(manager)
    client.get(CALLS)

    with django_assert_max_num_queries(16):
        assert len(lines(client.get(CALLS))) == count


def test_list_costs_the_same_for_one_and_three(sign_in, manager, log, now, query_count):
    def resolve_one():
        complaint = log()
        complaint.state = "in_progress"
        complaint.save()
        make_ready(complaint, manager, now)
        services.resolve_complaint(
            actor=manager, complaint=complaint, resolution_type="fixed", resolution="Done", now=now
        )

    resolve_one()
    client = sign_in(manager)
    for_one = query_count(client, CALLS)
    resolve_one()
    resolve_one()

    assert query_count(client, CALLS) == for_one


def test_my_day_leads_to_the_very_call(sign_in, manager, resolved, clock):
    clock.forward(days=1)
    call = Promise.objects.get(kind="callback")

    page = text(sign_in(manager).get(reverse("desk:my_day")))

    assert f"/complaints/{resolved.pk}/record-callback/?callback={call.pk}" in page


def test_a_colleague_who_is_not_in_the_list_is_no_choice(window, resolved):
    stray = UserFactory(name="Stray")

    assert len(lines(window.get(CALLS, {"caller": stray.pk}))) == 1
