"""Contracts of one account that come into force at once, and sweeps that meet."""

import os
from datetime import timedelta

import pytest
from django.db import DatabaseError

from core.errors import DomainError
from core.models import AuditEntry, User
from core.timers import run_due
from sla import services
from sla.models import Contract
from tests.factories import NOON, AccountFactory
from tests.races.processes import in_processes
from tests.sla.contracts import agreed, in_force

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
CONTRACTS = 20


@pytest.fixture
def two(account, manager, now):
    """The numbers of two contracts for the same days; only our signature is missing."""
    contracts = [agreed(account, manager, now) for _each in range(2)]
    Contract.objects.update(signed_by_client="Rada", signed_by_client_on=now.date())
    return [contract.no for contract in contracts]


def in_some_order(numbers):
    return sorted(numbers, reverse=bool(os.getpid() % 2))


def sign_both(head_id, numbers):
    """Sign both for us, in an order of one's own; return what became of it."""
    head = User.objects.get(pk=head_id)
    answers = set()
    for number in in_some_order(numbers):
        contract = Contract.objects.get(no=number)
        try:
            services.sign_contract(actor=head, contract=contract, signed_on=NOON.date(), now=NOON)
        except DomainError as refusal:
            answers.add(refusal.code)
        else:
            answers.add("signed")
    return answers


def test_of_two_contracts_signed_at_once_one_comes_into_force(two, head):
    answers = in_processes(4, sign_both, head.pk, two)

    assert set().union(*answers) <= {"signed", "contracts_overlap", "illegal_transition"}
    assert sorted(Contract.objects.values_list("state", flat=True)) == ["active", "agreed"]
    assert Contract.objects.filter(signed_by_us_on__isnull=False).count() == 1
    assert AuditEntry.objects.filter(verb="sla.activate").count() == 1


def put_into_force(numbers):
    """Do it as a careless hand would, past the service; return how often that was refused."""
    refused = 0
    for number in in_some_order(numbers):
        try:
            Contract.objects.filter(no=number).update(state="active")
        except DatabaseError:
            refused += 1
    return refused


def test_past_the_service_too_the_database_lets_one_of_two_into_force(two):
    refusals = in_processes(4, put_into_force, two)

    assert min(refusals) >= 1
    assert Contract.objects.filter(state="active").count() == 1


def sweep(days):
    return run_due(NOON + timedelta(days=days))


def test_sweeps_at_once_renew_each_contract_once(account, manager, head, now):
    others = [AccountFactory(owner=manager) for _each in range(CONTRACTS - 1)]
    last_day = now.date() + timedelta(days=100)
    for each in (account, *others):
        in_force(each, head, now, ends_on=last_day, auto_renew=True)

    in_processes(4, sweep, 110)
    run_due(NOON + timedelta(days=111))  # what two sweeps held back from each other

    states = Contract.objects.order_by("revision").values_list("revision", "state")
    assert list(states) == [(1, "renewed")] * CONTRACTS + [(2, "active")] * CONTRACTS
    assert AuditEntry.objects.filter(verb="sla.roll_over").count() == CONTRACTS
