import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from complaints import services
from tests.conftest import HTMX
from tests.factories import AccountFactory, DeputyshipFactory, UserFactory

QUEUE = "/complaints/"


def numbers(response):
    """Return the complaints of the page in the order in which they stand."""
    return re.findall(r'id="open-CMP-2026-(\d+)"', response.content.decode())


@pytest.fixture
def window(sign_in, agent):
    return sign_in(agent)


def test_worst_deadline_stands_first_and_what_waits_for_the_client_last(
    window, log, in_progress, agent, now
):
    log(impact=4, urgency=4)
    log(impact=1, urgency=1)
    services.wait(
        actor=agent, complaint=in_progress, waiting_for="client", body="Which till?", now=now
    )

    page = window.get(QUEUE)

    assert numbers(page) == ["00003", "00002", "00001"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["00001", "00002"]),
        ("q=RECEIPTS", ["00001"]),
        ("q=00002", ["00002"]),
        ("state=triaged", []),
        ("priority=p4", ["00002"]),
        ("assigned=me", ["00001", "00002"]),
        ("assigned=nobody", []),
        ("due=overdue", ["00001"]),
        ("due=hour", []),
        ("account=lipa", ["00001"]),
        ("state=nonsense", ["00001", "00002"]),
    ],
)
def test_filters_of_the_address(window, log, clock, query, found):
    log()
    log(account=AccountFactory(name="Kobza"), client_words="Wrong VAT", impact=4, urgency=4)
    clock.forward(hours=3)

    assert numbers(window.get(f"{QUEUE}?{query}")) == found


def test_closed_complaints_are_found_by_their_state(window, resolved):
    assert numbers(window.get(QUEUE)) == []
    assert numbers(window.get(f"{QUEUE}?state=resolved")) == ["00001"]


def test_counters_open_their_rows(window, log, clock, resolved, agent):
    for minutes in (0, 30):
        complaint = log(at=clock.at - timedelta(minutes=minutes), reason="x")
        complaint.assignee = None
        complaint.save()
    clock.forward(hours=1, minutes=45)

    page = window.get(QUEUE)

    assert page.context["numbers"] == {"overdue": 1, "hour": 1, "unassigned": 2, "calls": 0}
    assert numbers(window.get(f"{QUEUE}?due=hour")) == ["00002"]


def test_poll_answers_nothing_until_something_is_new(window, complaint, clock, agent):
    poll = window.get(QUEUE).context["poll_url"]
    clock.forward(minutes=5)

    assert window.get(poll, headers=HTMX).status_code == 204
    assert window.get(poll).status_code == 200

    services.add_note(actor=agent, complaint=complaint, body="Looks bad.", now=clock.at)
    assert window.get(poll, headers=HTMX).status_code == 204
    clock.forward(hours=2)
    late = window.get(poll, headers=HTMX)
    assert late.status_code == 200
    assert 'hx-swap-oob="true"' in late.content.decode()
    assert "<html" not in late.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_few_questions_however_long_it_is(
    window, log, count, django_assert_max_num_queries
):
    for _number in range(count):
        log()
    window.get(QUEUE)

    with django_assert_max_num_queries(9):
        assert len(numbers(window.get(QUEUE))) == count


def test_pages_are_cut_by_cursors(window, log):
    for _number in range(3):
        log()

    first = window.get(f"{QUEUE}?limit=2")
    second = window.get(first.context["page"].older_url)

    assert numbers(first) + numbers(second) == ["00001", "00002", "00003"]
    assert window.get(f"{QUEUE}?cursor=forged").status_code == 404


def test_several_are_assigned_at_once(window, log, manager, technician):
    rows = [log(), log()]
    picked = {"pick": [str(row.pk) for row in rows]}

    asked = window.get("/complaints/assign/", picked)
    answer = window.post("/complaints/assign/", picked | {"assignee": technician.pk}, follow=True)

    assert [row.no for row in asked.context["rows"]] == [row.no for row in rows]
    assert "Assigned: CMP-2026-00001, CMP-2026-00002." in answer.content.decode()
    for row in rows:
        row.refresh_from_db()
        assert (row.assignee, row.lead) == (technician, manager)


def test_what_may_not_be_assigned_is_said_and_the_rest_is_done(sign_in, manager, log, technician):
    own, foreign = log(), log(account=AccountFactory(name="Kobza"))
    picked = {"pick": [own.pk, foreign.pk], "assignee": technician.pk}

    answer = sign_in(manager).post("/complaints/assign/", picked, follow=True)

    assert f"{foreign.no}: You may not assign it." in answer.content.decode()
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert own.assignee == technician
    assert foreign.assignee != technician


def test_a_closed_complaint_is_refused_with_its_reason(window, resolved, manager, technician, now):
    services.record_callback(actor=manager, complaint=resolved, outcome="satisfied", now=now)
    form = {"pick": [resolved.pk], "assignee": technician.pk}

    page = window.post("/complaints/assign/", form, follow=True).content.decode()

    assert f"{resolved.no}: Not possible while it is “Closed”." in page
    assert "Assigned:" not in page


@pytest.mark.parametrize("pick", [[], ["nonsense"], ["018f0000-0000-7000-8000-000000000000"]])
def test_nothing_ticked_says_so(window, pick):
    page = window.get("/complaints/assign/", {"pick": pick})

    assert page.status_code == 200
    assert "Nothing is ticked" in page.content.decode()


@pytest.mark.parametrize("name", ["index", "log", "callbacks", "preview", "assign_many"])
def test_administrators_stay_outside(sign_in, admin, name):
    assert sign_in(admin).get(reverse(f"complaints:{name}")).status_code == 403


def test_technicians_see_only_what_they_work_on(sign_in, technician, log):
    log()
    mine = log()
    mine.assignee = technician
    mine.save()

    page = sign_in(technician).get(QUEUE)

    assert numbers(page) == ["00002"]
    assert page.context["numbers"]["unassigned"] == 0


def test_deputies_find_the_absent_persons_work_as_theirs(sign_in, complaint, manager):
    deputy = UserFactory()
    DeputyshipFactory(
        person=manager, deputy=deputy, starts_on=date(2020, 1, 1), ends_on=date(2120, 1, 1)
    )

    assert numbers(sign_in(deputy).get(f"{QUEUE}?assigned=me")) == ["00001"]
