import re
from datetime import timedelta
from itertools import cycle

import pytest
from django.urls import reverse

from accounts import services as accounts
from accounts.models import Account
from complaints import services as complaints
from core.operations import SYSTEM
from core.timers import run_due
from sla import clockwork
from tests.complaints.recovery import make_ready
from tests.conftest import HTMX
from tests.factories import AccountFactory, ContactFactory

DAY, SEARCH = "/day/", "/search/"


def text(response):
    return response.content.decode()


def links(response):
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', text(response))


def headings(response):
    return [str(part["heading"]) for part in response.context["parts"]]


@pytest.fixture
def window(sign_in, manager):
    return sign_in(manager)


def test_day_puts_burning_first_then_overdue_then_today_then_ahead(window, log, promise_to, clock):
    promise_to("Overdue", due_at=clock.at + timedelta(minutes=5))
    promise_to("Today", due_at=clock.at + timedelta(hours=5))
    promise_to("Ahead", due_at=clock.at + timedelta(days=3))
    promise_to("Far away", due_at=clock.at + timedelta(days=30))
    log("Everything stands still.", impact=1, urgency=1)
    clock.forward(minutes=10)

    page = window.get(DAY)

    assert links(page) == [
        "Answer the client: Everything stands still.",
        "Overdue",
        "Today",
        "Urgent meeting with Kobza Media, formal and informal",
        "Ahead",
    ]
    assert headings(page) == ["Burning", "Overdue to a client", "Due today", "The next seven days"]


def test_day_leads_to_the_form_that_does_it(window, log, promise_to, manager, agent, now):
    new, answered = log("New"), log("Answered")
    complaints.triage(
        actor=manager, complaint=answered, impact=4, urgency=4, category="quality", safety=False,
        assignee=agent, lead=manager, now=now,
    )  # fmt: skip
    complaints.reply(actor=manager, complaint=answered, body="We look at it.", now=now)
    promise = promise_to()

    page = text(window.get(DAY))

    for url in (
        reverse("complaints:triage", args=[new.pk]),
        reverse("complaints:reply", args=[answered.pk]),
        reverse("accounts:keep_promise", args=[promise.pk]),
    ):
        assert url in page


def test_who_does_not_lead_opens_the_case_and_late_promises_say_what_they_are(
    sign_in, log, promise_to, manager, agent, clock
):
    complaint = log()
    complaints.triage(
        actor=manager, complaint=complaint, impact=4, urgency=4, category="quality", safety=False,
        assignee=agent, lead=manager, now=clock.at,
    )  # fmt: skip
    clockwork.stop_clocks(complaint, ["first_response"], clock.at)
    retried, broken = promise_to("Call again", made_by=agent), promise_to("Broken", made_by=agent)
    accounts.retry_promise(
        actor=SYSTEM, promise=retried, due_at=clock.at + timedelta(days=3), now=clock.at
    )
    clock.forward(days=2)
    run_due(clock.at)

    page = text(sign_in(agent).get(DAY))

    assert f'class="btn btn-sm" href="{reverse("complaints:detail", args=[complaint.pk])}"' in page
    assert "try 2 of 3" in page
    assert f"{broken.no} · Delivery · broken, still to be done" in page


def test_follow_up_call_is_a_duty_with_a_number_to_ring(
    window, log, contact, manager, agent, clock
):
    complaint = log(impact=3, urgency=3)
    complaint.contact = contact
    complaint.save()
    complaints.triage(
        actor=manager, complaint=complaint, impact=3, urgency=3, category="quality", safety=False,
        assignee=agent, lead=manager, now=clock.at,
    )  # fmt: skip
    make_ready(complaint, manager, clock.at)
    complaints.resolve_complaint(
        actor=manager, complaint=complaint, resolution_type="fixed", resolution="Swapped it.",
        now=clock.at,
    )  # fmt: skip

    page = window.get(DAY)

    assert links(page) == ["Call Kobza Media: is it really fixed?"]
    assert reverse("complaints:record_callback", args=[complaint.pk]) in text(page)
    assert 'href="tel:+3592000000"' in text(page)


def test_planned_talk_stands_in_the_coming_days(window, account, manager, now):
    accounts.log_touch(
        actor=manager, account=account, summary="Talk about the new stores",
        at=now + timedelta(days=2), fields={}, now=now,
    )  # fmt: skip

    assert links(window.get(DAY)) == ["Talk about the new stores"]


def test_what_waits_for_the_client_is_nobodys_duty(window, log, manager, agent, now):
    complaint = log()
    complaints.triage(
        actor=manager, complaint=complaint, impact=4, urgency=4, category="quality", safety=False,
        assignee=agent, lead=manager, now=now,
    )  # fmt: skip
    complaints.wait(
        actor=manager, complaint=complaint, waiting_for="client", body="Which till?", now=now
    )

    assert not any("The till is slow" in link for link in links(window.get(DAY)))


def test_empty_day_suggests_whom_to_call_by_the_longest_overdue(window, manager, now):
    for tier, days in (
        ("strategic", 20),
        ("small", 70),
        ("key", 20),
        ("standard", 100),
        ("small", 5),
    ):
        AccountFactory(
            name=f"{tier} {days}",
            owner=manager,
            tier=tier,
            last_touch_at=now - timedelta(days=days),
        )
    never = AccountFactory(name="never", owner=manager)
    AccountFactory(name="foreign")

    page = window.get(DAY)

    assert "Nothing owed to anyone today" in text(page)
    suggested = [account.name for account in page.context["suggested"]()]
    assert suggested == [never.name, "standard 100", "small 70"]


def test_tier_changes_no_order(window, log, promise_to, manager):
    for number in range(4):
        on = AccountFactory(name=f"Client {number}", owner=manager)
        log(f"Words {number}", on=on)
        promise_to(f"Promise {number}", account=on)
    before = links(window.get(DAY))
    assert len(before) == 8

    for tiers in (Account.Tier.values, Account.Tier.values[::-1]):
        for account, tier in zip(Account.objects.order_by("name"), cycle(tiers), strict=False):
            Account.objects.filter(pk=account.pk).update(tier=tier)
        assert links(window.get(DAY)) == before


def test_head_opens_the_day_of_the_team_and_others_their_own(sign_in, head, stranger, promise_to):
    promise_to()

    assert links(sign_in(head).get(DAY)) == []
    team = sign_in(head).get(f"{DAY}?whose=team")
    assert links(team) == ["Send the offer"]
    assert "Account manager" in text(team)
    assert links(sign_in(stranger).get(f"{DAY}?whose=team")) == []


def test_day_costs_the_same_for_one_row_and_for_three(window, log, promise_to, query_count):
    log()
    promise_to()
    one = query_count(window, DAY)
    for _time in range(2):
        log()
        promise_to()

    assert query_count(window, DAY) == one


def test_day_is_where_an_account_manager_starts(window, sign_in, admin):
    assert window.get("/").url == DAY
    assert sign_in(admin).get("/").url != DAY


@pytest.mark.parametrize("words", ["кобза", "kobza", "КОБЗА", "Kobzza"])
def test_search_finds_in_any_case_and_alphabet_with_a_slip(window, account, contact, words):
    assert links(window.get(f"{SEARCH}?q={words}"))[0] == "Kobza Media"


def test_search_finds_clients_people_and_complaints(window, account, contact, log):
    complaint = log("Кобзар не друкує чеки")

    page = window.get(f"{SEARCH}?q=коб")

    assert [str(group.label) for group in page.context["groups"]] == [
        "Accounts", "People", "Complaints",
    ]  # fmt: skip
    assert links(page) == ["Kobza Media", "Тарас Кобилко", complaint.title]
    assert links(window.get(f"{SEARCH}?q=друкує", headers=HTMX)) == [complaint.title]


def test_numbers_go_straight_there(window, account, log, promise_to):
    complaint, promise = log(), promise_to()

    for number, url in (
        (complaint.no.lower(), reverse("complaints:detail", args=[complaint.pk])),
        (promise.no, reverse("accounts:promise", args=[promise.pk])),
        (account.no, reverse("accounts:detail", args=[account.pk])),
    ):
        assert window.get(SEARCH, {"q": f" {number} "}).url == url
        assert window.get(SEARCH, {"q": number}, headers=HTMX).headers["HX-Redirect"] == url
    assert window.get(SEARCH, {"q": "CMP-2026-99999"}).status_code == 200


def test_nobody_finds_what_he_may_not_read(sign_in, technician, admin, account, contact, log):
    complaint = log("Kobza words")

    assert links(sign_in(technician).get(f"{SEARCH}?q=kobza"))[0] == "Kobza Media"
    for person in (technician, admin):
        window = sign_in(person)
        assert complaint.title not in links(window.get(f"{SEARCH}?q=kobza"))
        assert window.get(SEARCH, {"q": complaint.no}).status_code == 200
    assert links(sign_in(admin).get(f"{SEARCH}?q=кобилко")) == []


@pytest.mark.parametrize("words", ["", "%", "_", "a", "\\", "'", "🙂", "x" * 300])
def test_odd_words_find_nothing_and_break_nothing(window, account, log, words):
    log()

    assert links(window.get(SEARCH, {"q": words})) == []


def test_many_hits_are_cut_and_lead_to_the_list(window, manager):
    for number in range(9):
        AccountFactory(name=f"Kobza {number}", owner=manager)

    page = window.get(f"{SEARCH}?q=kobza")

    assert len(links(page)) == 8
    assert "/accounts/?q=kobza" in text(page)


def test_search_costs_the_same_for_one_hit_and_for_three(window, account, log, query_count):
    def grow():
        ContactFactory(account=AccountFactory(name="Kobza"), name="Kobzar")
        log("Kobza words")

    grow()
    one = query_count(window, f"{SEARCH}?q=kobza")
    grow()
    grow()
    assert query_count(window, f"{SEARCH}?q=kobza") == one
