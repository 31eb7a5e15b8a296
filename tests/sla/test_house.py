"""What clients without a contract are promised, and what a contract leaves open."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sla.house import HOUSE_STANDARD, Promised
from sla.models import Metric
from sla.queries import contract_for, promised
from tests.sla.conftest import agreed
from tests.sla.test_clock import OFFICE, sofia

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NINE_HOURS = 9 * HOUR
MONDAY = sofia("2026-03-09T10:00")
TABLE = {
    "p1": (30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR),
    "p2": (2 * HOUR, 4 * HOUR, None, 8 * HOUR),
    "p3": (4 * HOUR, NINE_HOURS, None, 24 * HOUR),
    "p4": (8 * HOUR, 3 * NINE_HOURS, None, 40 * HOUR),
}
"""First response, update, workaround, resolution (4.3); a business day here is nine hours."""


def counted(priority, metric):
    target = promised(None, priority, metric)
    return target and target.counted(OFFICE, MONDAY)


@pytest.mark.parametrize("priority", TABLE)
def test_the_house_promises_what_the_table_says(priority):
    metrics = ("first_response", "update", "workaround", "resolution")

    assert tuple(counted(priority, metric) for metric in metrics) == TABLE[priority]


@pytest.mark.parametrize("priority", TABLE)
def test_a_further_message_is_answered_as_fast_as_the_first(priority):
    assert promised(None, priority, "next_response") == promised(None, priority, "first_response")


@pytest.mark.parametrize(
    ("at", "hours"),
    [("2026-03-09T10:00", 9), ("2026-03-07T11:00", 9), ("2026-03-09T23:00", 5)],
    ids=["on a working day", "on a Saturday", "after closing before a short day"],
)
def test_a_business_day_is_as_long_as_the_day_on_which_it_begins(at, hours):
    short_tuesday = {sofia("2026-03-10T00:00").date(): ((9 * 3600, 14 * 3600),)}
    calendar = replace(OFFICE, special=short_tuesday)

    assert Promised(days=2).counted(calendar, sofia(at)) == 2 * hours * HOUR


def test_only_p1_runs_around_the_clock_in_the_house():
    around = {
        priority for (priority, _metric), each in HOUSE_STANDARD.items() if each.around_the_clock
    }

    assert around == {"p1"}


def test_every_priority_has_a_promise_for_every_metric_but_the_workaround():
    missing = {
        (priority, metric.value)
        for priority in TABLE
        for metric in Metric
        if promised(None, priority, metric) is None
    }

    assert missing == {(priority, "workaround") for priority in ("p2", "p3", "p4")}


def test_a_target_for_the_category_wins_over_one_for_all(account):
    agreed(
        account,
        targets={("p2", "resolution"): 240},
        for_category={("p2", "billing", "resolution"): 60},
    )
    contract = contract_for(account, date(2026, 3, 2))

    billing, other = (promised(contract, "p2", "resolution", each) for each in ("billing", "other"))

    assert (billing.amount, other.amount) == (HOUR, 4 * HOUR)


def test_a_contract_leaves_to_the_house_what_it_does_not_say(account):
    agreed(account, targets={("p2", "resolution"): 90})
    contract = contract_for(account, date(2026, 3, 2))

    assert promised(contract, "p2", "resolution").amount == timedelta(minutes=90)
    assert promised(contract, "p2", "first_response") == HOUSE_STANDARD["p2", "first_response"]


def test_p1_runs_around_the_clock_whatever_the_contract_says(account):
    agreed(account, targets={("p1", "resolution"): 120})
    contract = contract_for(account, date(2026, 3, 2))

    target = promised(contract, "p1", "resolution")

    assert (target.amount, target.around_the_clock) == (timedelta(hours=2), True)


def test_p1_at_night_is_due_at_night(start, clock_of, now):
    night = now + timedelta(hours=11)

    assert clock_of(start("p1", at=night)).due_at == night + timedelta(hours=4)
