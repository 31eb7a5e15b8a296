"""Pages of service levels."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from sla import clockwork
from sla.models import Contract
from tests.conftest import HTMX
from tests.factories import AccountFactory, ContractFactory

TERMS = {"starts_on": "2026-03-01", "ends_on": "", "version": "1"}
NUMBERS = {"p2_first_response_number": "1", "p2_first_response_unit": "hours"}


@pytest.fixture
def terms(account):
    return TERMS | NUMBERS | {"calendar": str(account.calendar_id)}


def page(name, *args):
    return reverse(f"sla:{name}", args=args)


def text_of(response):
    return response.content.decode()


def test_index_lists_and_filters(sign_in, manager, account):
    ContractFactory(account=account)
    ContractFactory(account=AccountFactory(name="Balkan Freight"), state="draft")
    browser = sign_in(manager)

    everything = text_of(browser.get(page("index")))
    drafts = text_of(browser.get(page("index"), {"state": "draft"}, headers=HTMX))
    own = text_of(browser.get(page("index"), {"account": str(account.pk)}, headers=HTMX))

    assert "Lipa Bakery" in everything
    assert "Balkan Freight" in everything
    assert "Lipa Bakery" not in drafts
    assert "Balkan Freight" not in own
    assert "<html" not in own


def test_index_costs_the_same_for_one_contract_and_for_three(
    sign_in, manager, account, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(manager)
    ContractFactory(account=account)
    browser.get(page("index"))
    with django_assert_max_num_queries(14) as one:
        browser.get(page("index"))
    for _each in range(2):
        ContractFactory()
    with django_assert_num_queries(len(one)):
        browser.get(page("index"))


def test_administrators_as_such_see_no_contract(sign_in, admin, account):
    contract = ContractFactory(account=account)
    browser = sign_in(admin)

    assert "Lipa Bakery" not in text_of(browser.get(page("index")))
    assert browser.get(page("detail", contract.pk)).status_code == 404


def test_detail_says_who_does_what_by_when(sign_in, agent, account):
    contract = ContractFactory(account=account)

    told = text_of(sign_in(agent).get(page("detail", contract.pk)))

    assert "within 1 working hour" in told
    assert "You call, we answer within 1 working hour; we solve it within 4 working hours." in told
    assert "as in the house standard" in told


def test_house_is_open_to_everybody(sign_in, technician):
    told = text_of(sign_in(technician).get(page("house")))

    assert "within 30 minutes, day and night" in told
    assert "within 40 working hours" in told


def test_choosing_an_account_leads_to_its_draft(sign_in, manager, account):
    other = AccountFactory(name="Balkan Freight")
    browser = sign_in(manager)

    answer = browser.get(page("choose_account"), {"account": str(account.pk)})

    assert answer["Location"] == page("draft", account.pk)
    assert other.name not in text_of(browser.get(page("choose_account")))


def test_draft_reaches_the_service(sign_in, manager, account, now, terms):
    answer = sign_in(manager).post(page("draft", account.pk), terms)

    contract = Contract.objects.get()
    assert answer["Location"] == page("detail", contract.pk)
    assert [str(target) for target in contract.targets.all()] == ["p2 first_response 60"]
    assert (contract.starts_on, contract.ends_on) == (date(2026, 3, 1), None)


def test_draft_for_a_foreign_client_is_forbidden_and_for_none_not_found(sign_in, stranger, account):
    browser = sign_in(stranger)

    assert browser.get(page("draft", account.pk)).status_code == 403
    assert browser.get(page("draft", account.owner_id)).status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (
            {"p2_resolution_number": "30", "p2_resolution_unit": "minutes"},
            409,
            "longer than the resolution",
        ),
        ({"p2_resolution_number": "-1"}, 422, "greater than or equal to 1"),
        ({"starts_on": "yesterday"}, 422, "Enter a valid date"),
        ({"ends_on": "2026-02-01"}, 409, "ends before it starts"),
    ],
)
def test_a_refused_draft_says_why_and_loses_nothing(
    sign_in, manager, account, now, terms, change, status, words
):
    answer = sign_in(manager).post(page("draft", account.pk), terms | change, headers=HTMX)

    assert answer.status_code == status
    assert words in text_of(answer)
    assert 'name="p2_first_response_number" value="1"' in text_of(answer)
    assert not Contract.objects.exists()


def test_edit_shows_and_changes_the_draft(sign_in, manager, account, now, terms):
    contract = ContractFactory(account=account, state="draft")
    browser = sign_in(manager)

    shown = text_of(browser.get(page("edit", contract.pk)))
    browser.post(page("edit", contract.pk), terms | {"p2_first_response_number": "2"})

    assert 'name="p2_resolution_number" value="4"' in shown
    assert [str(target) for target in contract.targets.all()] == ["p2 first_response 120"]


def test_edit_of_a_contract_in_force_is_refused(sign_in, manager, account, terms):
    contract = ContractFactory(account=account)

    answer = sign_in(manager).post(page("edit", contract.pk), terms)

    assert answer.status_code == 409
    assert "Not possible while it is “Active”." in text_of(answer)


def test_edit_of_what_somebody_else_changed_meanwhile_is_refused(sign_in, manager, account, terms):
    contract = ContractFactory(account=account, state="draft", version=2)

    answer = sign_in(manager).post(page("edit", contract.pk), terms)

    assert answer.status_code == 412
    assert "Somebody else changed this" in text_of(answer)


def test_activate_and_end_reach_the_services(sign_in, head, account, now):
    contract = ContractFactory(account=account, state="draft")
    browser = sign_in(head)

    browser.post(page("activate", contract.pk))
    contract.refresh_from_db()
    in_force = contract.state
    browser.post(page("end", contract.pk), {"version": contract.version, "reason": "Sold"})

    contract.refresh_from_db()
    assert (in_force, contract.state) == ("active", "ended")


def test_activate_is_forbidden_to_account_managers(sign_in, manager, account):
    contract = ContractFactory(account=account, state="draft")

    assert sign_in(manager).post(page("activate", contract.pk)).status_code == 403


def test_explain_adds_up(sign_in, agent, start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + timedelta(hours=1), hours=2)

    told = text_of(sign_in(agent).get(page("explain", clock_of(complaint).pk)))

    assert "within 8 working hours" in told
    assert "Stood still from Mon, 2 Mar 2026, 13:00 to Mon, 2 Mar 2026, 15:00" in told
    assert "Liberation Day" in told
    assert "12:00–13:00" in told
    assert "15:00–18:00" in told
    assert "8:00:00" in told


def test_explain_of_a_clock_that_stands_still_says_what_is_left(
    sign_in, agent, start, clock_of, pause, now
):
    complaint = start()
    pause(complaint, now + timedelta(hours=1))

    told = text_of(sign_in(agent).get(page("explain", clock_of(complaint).pk)))

    assert "not while it stands still; 7:00:00 left" in told
    assert "Stands still since Mon, 2 Mar 2026, 13:00" in told


def test_a_clock_is_as_visible_as_its_complaint(sign_in, technician, people, start, clock_of):
    complaint = start()
    address = page("explain", clock_of(complaint).pk)
    browser = sign_in(technician)

    before = browser.get(address).status_code
    complaint.assignee = technician
    complaint.save()

    assert (before, browser.get(address).status_code) == (404, 200)
    assert sign_in(people["ad"]).get(address).status_code == 404


def test_explain_costs_the_same_however_many_pauses_there_were(
    sign_in, agent, start, clock_of, pause, now, django_assert_max_num_queries
):
    complaint = start()
    browser = sign_in(agent)
    browser.get(page("explain", clock_of(complaint).pk))
    with django_assert_max_num_queries(12) as one:
        browser.get(page("explain", clock_of(complaint).pk))
    for hour in range(1, 4):
        pause(complaint, now + timedelta(hours=hour), minutes=10)
    with django_assert_max_num_queries(len(one)):
        browser.get(page("explain", clock_of(complaint).pk))


def test_the_account_page_shows_the_levels_and_how_they_were_kept(
    sign_in, manager, account, start, clock
):
    complaint = start()
    clockwork.stop_clock(complaint, "first_response", clock.at)
    clock.forward(hours=3)
    browser = sign_in(manager)

    house = text_of(browser.get(reverse("accounts:detail", args=[account.pk])))
    ContractFactory(account=account, no="SLA-2026-00077")
    written = text_of(browser.get(reverse("accounts:detail", args=[account.pk])))

    assert "House standard" in house
    assert "1 of 1 in time" in house
    assert "nothing fell due" in house
    assert "SLA-2026-00077" in written
