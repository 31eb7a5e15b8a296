"""What clients without a contract are promised, and what a contract leaves open."""

from datetime import date, timedelta

import pytest

from sla.house import HOUSE_STANDARD
from sla.queries import contract_for, promised
from tests.factories import ContractFactory

TABLE = {
    "p1": (30, 4 * 60),
    "p2": (2 * 60, 8 * 60),
    "p3": (4 * 60, 24 * 60),
    "p4": (8 * 60, 40 * 60),
}


@pytest.mark.parametrize("priority", TABLE)
def test_the_house_promises_what_the_table_says(priority):
    response, resolution = TABLE[priority]

    assert promised(None, priority, "first_response").amount == timedelta(minutes=response)
    assert promised(None, priority, "resolution").amount == timedelta(minutes=resolution)


def test_only_p1_runs_around_the_clock_in_the_house():
    around = {
        priority for (priority, _metric), each in HOUSE_STANDARD.items() if each.around_the_clock
    }

    assert around == {"p1"}


def test_the_house_promises_no_other_metric():
    assert promised(None, "p2", "workaround") is None


def test_a_contract_leaves_to_the_house_what_it_does_not_say(account):
    ContractFactory(account=account, targets={("p2", "resolution"): 90})
    contract = contract_for(account, date(2026, 3, 2))

    assert promised(contract, "p2", "resolution").amount == timedelta(minutes=90)
    assert promised(contract, "p2", "first_response") == HOUSE_STANDARD["p2", "first_response"]


def test_p1_runs_around_the_clock_whatever_the_contract_says(account):
    ContractFactory(account=account, targets={("p1", "resolution"): 120})
    contract = contract_for(account, date(2026, 3, 2))

    target = promised(contract, "p1", "resolution")

    assert (target.amount, target.around_the_clock) == (timedelta(hours=2), True)


def test_p1_at_night_is_due_at_night(start, clock_of, now):
    night = now + timedelta(hours=11)

    assert clock_of(start("p1", at=night)).due_at == night + timedelta(hours=4)
