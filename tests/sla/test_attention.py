"""Equal attention: the comparison over rows, its page and its answer to programs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Touch
from complaints.models import Complaint
from core.ids import uuid7
from sla import clockwork
from sla.attention import attention
from sla.models import Clock
from tests.conftest import HTMX
from tests.examples import example
from tests.factories import NOON, AccountFactory, ContractFactory

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TARGET = timedelta(hours=10)


@pytest.fixture
def large(account, manager):
    """A key client; the calendar is shared, for reading one costs a query."""
    return AccountFactory(name="Borea", tier="key", owner=manager, calendar=account.calendar)


@pytest.fixture
def small(account):
    account.tier = "small"
    account.save()
    return account


@pytest.fixture
def clocks(db):
    """Return a function that makes closed clocks: so many met and so many counted of a client."""
    kind = ContentType.objects.get_for_model(Complaint)

    def make(account, met, counted, *, share=0.5, **given):
        due = given.pop("due_at", NOON - DAY)
        fields = {
            "account": account, "subject_type": kind, "metric": "first_response",
            "priority": "p2", "target": TARGET, "started_at": due - TARGET, "due_at": due,
            "calendar_version": account.calendar.current, "used": TARGET * share,
        } | given  # fmt: skip
        kept = {"state": "met", "stopped_at": due}
        missed = {"state": "missed", "stopped_at": due + HOUR, "breached_at": due}
        rows = [
            Clock(**{"subject_id": uuid7(), **(kept if number < met else missed), **fields})
            for number in range(counted)
        ]
        return Clock.objects.bulk_create(rows)

    return make


def kept_by(told, group):
    """Return (met, counted) by priority."""
    kept = getattr(told.compared, group).kept
    return {priority: (each.met, each.counted) for priority, each in kept.items()}


def test_e8_3_promises_kept_are_compared_as_if_the_mix_were_the_same(clocks, large, small, now):
    inputs, outputs = example("E8.3")
    for account, group in ((large, "large"), (small, "small")):
        share = inputs["median_share_of_response_target"][group]
        for priority, (met, counted) in inputs[f"{group}_met_counted"].items():
            half = counted // 2
            given = {"priority": priority.lower(), "share": share}
            clocks(account, min(met, half), half, **given)
            clocks(account, met - min(met, half), counted - half, metric="resolution", **given)

    told = attention(now)

    compared, difference = told.compared, told.compared.difference
    assert kept_by(told, "small")["p3"] == tuple(inputs["small_met_counted"]["P3"])
    assert {name.upper(): f"{weight:.4f}" for name, weight in compared.weights.items()} == (
        outputs["weights"]
    )
    assert (f"{compared.sla.large:.4f}", f"{compared.sla.small:.4f}") == (
        outputs["standardised_large"], outputs["standardised_small"],
    )  # fmt: skip
    assert f"{difference.value:.4f}" == outputs["difference"]
    assert [f"{bound:.4f}" for bound in difference.ci] == outputs["ci"]
    assert f"{compared.response.ratio:.4f}" == outputs["ratio_response"]
    assert (compared.sla.flag, compared.response.flag) == (
        outputs["flags"]["sla"], outputs["flags"]["response"],
    )  # fmt: skip
    assert told.counted == 360


@pytest.mark.parametrize("tier", ["strategic", "key", "standard", "small"])
def test_strategic_and_key_clients_are_the_large_ones(clocks, account, now, tier):
    account.tier = tier
    account.save()
    clocks(account, 1, 1)

    told = attention(now)

    group = "large" if tier in ("strategic", "key") else "small"
    assert kept_by(told, group) == {"p2": (1, 1)}


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        ({"due_at": NOON - 90 * DAY}, True),
        ({"due_at": NOON - 90 * DAY - HOUR}, False),
        ({"due_at": NOON}, False),
        ({"metric": "update"}, False),
        ({"metric": "resolution"}, True),
        ({"state": "cancelled"}, False),
    ],
)
def test_clocks_count_that_fell_due_in_90_days(clocks, small, now, given, counted):
    clocks(small, 1, 1, **given)

    assert attention(now).counted == counted


def test_what_the_contract_excuses_counts_neither_way(clocks, small, now):
    clocks(small, 0, 1, excluded_as="client_delay", excluded_because="They were away.")

    assert attention(now).counted == 0


@pytest.mark.parametrize("stage", ["lead", "former"])
def test_only_clients_are_compared(clocks, small, now, stage):
    clocks(small, 1, 1)
    small.stage = stage
    small.save()

    assert attention(now).counted == 0


def test_bought_targets_are_told(clocks, small, now):
    clocks(small, 1, 2)
    clocks(small, 1, 1, contract=ContractFactory(account=small))

    told = attention(now)

    assert (told.counted, told.bought) == (3, 1)


def test_an_answer_still_owed_has_used_the_hours_that_passed(start, small, now):
    start(at=datetime(2026, 2, 26, 14, tzinfo=UTC))  # Thursday 16:00: 2 h to closing, 9 h on Friday
    Clock.objects.filter(metric="resolution").update(metric="workaround")

    told = attention(now)

    assert [(served.account, served.share, served.count) for served in told.worst] == [
        (small, 7.0, 1)
    ]
    assert kept_by(told, "small") == {"p2": (0, 1)}


def test_the_ten_worst_served_come_slowest_first(clocks, account, now):
    for number in range(12):
        client = AccountFactory(name=f"Client {number:02}", calendar=account.calendar)
        clocks(client, 1, 1, share=number / 10)
        clocks(client, 2, 2, share=number / 10 + 0.05)

    worst = attention(now).worst

    assert [served.account.name for served in worst] == [f"Client {n:02}" for n in range(11, 1, -1)]
    assert (worst[0].share, worst[0].count) == (1.15, 3)


@pytest.fixture
def talks(manager):
    """Return a function that notes so many talks of ours with the client."""

    def make(account, times, **given):
        fields = {"direction": "out", "two_way": True, "summary": "Talked", "at": NOON - DAY}
        Touch.objects.bulk_create(
            Touch(account=account, by=manager, **(fields | given)) for _each in range(times)
        )

    return make


@pytest.mark.parametrize(
    ("tier", "times", "attained"),
    [
        ("strategic", 3, 3 * 14 / 90),
        ("key", 3, 3 * 21 / 90),
        ("standard", 1, 0.5),
        ("small", 1, 60 / 90),
        ("small", 9, 1.2),
        ("small", 0, 0),
    ],
)
def test_our_own_calls_are_measured_by_what_the_tier_is_promised(
    talks, account, now, tier, times, attained
):
    account.tier = tier
    account.save()
    talks(account, times)

    compared = attention(now).compared

    group = compared.large if tier in ("strategic", "key") else compared.small
    assert group.touches == pytest.approx(attained)


@pytest.mark.parametrize(
    "given",
    [{"direction": "in"}, {"two_way": False}, {"at": NOON - 91 * DAY}, {"at": NOON + DAY}],
    ids=["theirs", "only written", "long ago", "planned"],
)
def test_other_touches_are_no_attention_of_ours(talks, small, now, given):
    talks(small, 3, **given)

    assert attention(now).compared.small.touches == 0


def test_attention_is_the_mean_over_clients_and_a_new_one_waits_for_his_first_call(
    talks, small, account, now
):
    young = AccountFactory(calendar=account.calendar, client_since=date(2026, 2, 1))
    other = AccountFactory(calendar=account.calendar, tier="standard")
    talks(small, 9)
    talks(young, 9)
    talks(other, 1)

    assert attention(now).compared.small.touches == pytest.approx((1.2 + 0.5) / 2)


def test_it_costs_the_same_queries_whatever_there_is(clocks, talks, start, account, now):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            attention(now)
        return len(captured)

    def fill(client):
        clocks(client, 1, 2)
        talks(client, 2)
        start(at=NOON - 3 * DAY, on=client)

    fill(account)
    attention(now)
    one = cost()
    for _each in range(2):
        fill(AccountFactory(calendar=account.calendar))

    assert (one, cost()) == (5, 5)


@pytest.fixture
def unequal(clocks, talks, large, small):
    """Small clients are answered later, and called less often than planned."""
    clocks(large, 95, 100, share=0.4)
    clocks(small, 80, 100, share=0.9)
    talks(large, 4)
    talks(small, 1)


def page(name="attention", *args):
    return reverse(f"sla:{name}", args=args)


def test_the_page_tells_figures_flags_and_whom_they_favour(sign_in, head, unequal, now):
    told = sign_in(head).get(page()).content.decode()

    assert "95.00\u00a0% (95 of 100)" in told
    assert "Promises to small clients are kept 15.00 points less often than to large ones" in told
    assert "Speed differs by more than chance explains" in told
    assert told.count("Unequal") == 3
    assert told.count("large clients are better off") == 4
    assert "Lipa Bakery" in told
    assert "Too few to judge" not in told


def test_the_page_tells_when_small_clients_are_better_off(sign_in, head, clocks, large, small, now):
    clocks(large, 58, 60, share=0.5)
    clocks(small, 60, 60, share=0.5)

    told = sign_in(head).get(page()).content.decode()

    assert "Promises to small clients are kept 3.33 points more often than to large ones" in told
    assert "Chance alone may explain that." in told
    assert "Chance alone may explain the difference of speed" in told


def test_too_few_are_not_judged(sign_in, head, clocks, large, small, now):
    clocks(large, 19, 19)
    clocks(small, 1, 60)

    told = sign_in(head).get(page()).content.decode()

    assert "Too few to judge" in told
    assert "Unequal" not in told


def test_nothing_at_all_is_told_as_such(sign_in, executive, now):
    told = sign_in(executive).get(page()).content.decode()

    assert "Nothing fell due in 90 days." in told
    assert "Nobody was to be answered in 90 days." in told


def test_a_client_opens_the_answers_behind_his_figure(sign_in, head, start, small, clocks, now):
    owed = start(at=NOON - 3 * DAY)
    clocks(small, 1, 1, share=0.25, subject_id=start(at=NOON - DAY).pk, cycle=2)
    clockwork.cancel_clocks(owed, NOON - 3 * DAY)
    late = start(at=NOON - 4 * DAY)

    told = sign_in(head).get(page("served", small.pk), headers=HTMX).content.decode()

    assert late.no in told
    assert owed.no not in told
    assert "25.00\u00a0%" in told
    assert "Still owed" in told
    assert "<html" not in told


def test_answers_cost_the_same_queries_for_one_and_for_three(
    sign_in, head, start, small, query_count, now
):
    browser = sign_in(head)
    start(at=NOON - 3 * DAY)
    one = query_count(browser, page("served", small.pk))
    for _each in range(2):
        start(at=NOON - 3 * DAY)

    assert query_count(browser, page("served", small.pk)) == one


@pytest.mark.parametrize(("role", "status"), [("hk", 200), ("ex", 200), ("am", 403), ("fi", 403)])
def test_only_heads_and_executives_compare(sign_in, people, small, role, status, now):
    browser = sign_in(people[role])

    assert browser.get(page()).status_code == status
    assert browser.get(page("served", small.pk)).status_code == status


def test_programs_read_the_same_comparison(rest, executive, unequal, now):
    told = rest(executive).get("/api/v1/attention").json()

    assert (told["enough"], told["favours"]) == (True, "large")
    assert told["since"] == "2025-12-02T10:00:00Z"
    assert told["clocks"] == {"large": 100, "small": 100, "on_bought_targets": 0}
    assert told["sla"] == {
        "large": "0.9500", "small": "0.8000", "ratio": "0.8421", "favours": "large", "flag": "red",
    }  # fmt: skip
    assert (told["difference"]["value"], told["difference"]["is_significant"]) == ("-0.1500", True)
    assert told["priorities"] == [
        {
            "priority": "p2", "weight": "1.0000",
            "large": {"met": 95, "counted": 100}, "small": {"met": 80, "counted": 100},
        }
    ]  # fmt: skip
    assert [each["name"] for each in told["worst"]] == ["Lipa Bakery", "Borea"]
    assert told["worst"][0]["share"] == "0.9000"


@pytest.mark.parametrize("role", ["am", "sa", "te", "fi", "ad"])
def test_programs_of_others_are_refused(rest, people, role, now):
    assert rest(people[role]).get("/api/v1/attention").status_code == 403
