from datetime import date, timedelta

import pytest

from sla import clockwork
from sla.models import Clock, Contract, EscalationStep, Target
from tests.factories import (
    NOON,
    AccountFactory,
    CalendarFactory,
    ComplaintFactory,
    ContractFactory,
)


@pytest.fixture
def account(manager):
    """A client whose people work Mon–Fri 09:00–18:00 in Sofia, but not on 3 March 2026."""
    calendar = CalendarFactory(special={date(2026, 3, 3): ("Liberation Day", [])})
    return AccountFactory(name="Lipa Bakery", owner=manager, calendar=calendar)


@pytest.fixture
def start(account, agent, now):
    """Return a function that starts the clocks of a new complaint; P2 at Monday noon."""

    def start_one(priority="p2", at=now, on=None, about=None, **given):
        on = on or account
        about = about or ComplaintFactory(account=on, assignee=agent, priority=priority)
        clockwork.start_clocks(case_of(about, on, priority, **given), at)
        return about

    return start_one


def case_of(subject, account=None, priority=None, **given):
    """Return what decides which times the complaint is promised."""
    account, priority = account or subject.account, priority or subject.priority
    return clockwork.Case(subject=subject, account=account, priority=priority, **given)


def judge(subject, priority, at, **given):
    """Give the complaint another priority, as a triage does."""
    subject.priority = priority
    clockwork.reprioritise(case_of(subject, **given), at)


def agreed(account, *steps, targets=None, for_category=(), **fields):
    """Return a contract in force with these steps, each a dict of what it differs in.

    targets, for_category -- {(priority, metric): minutes}, {(priority, category, metric): minutes}.
    """
    contract = ContractFactory(account=account, state="draft", targets=targets, **fields)
    Target.objects.bulk_create(
        Target(
            contract=contract, priority=priority, category=category, metric=metric, minutes=minutes
        )
        for (priority, category, metric), minutes in dict(for_category).items()
    )
    EscalationStep.objects.bulk_create(
        EscalationStep(contract=contract, position=position, **{"action": "notify", **step})
        for position, step in enumerate(steps, start=1)
    )
    Contract.objects.filter(pk=contract.pk).update(state="active", sent_at=NOON)
    contract.refresh_from_db()
    return contract


@pytest.fixture
def clock_of():
    """Return a function that reads a clock of a complaint as it is now."""

    def read(subject, metric="resolution", cycle=1):
        return Clock.objects.get(subject_id=subject.pk, metric=metric, cycle=cycle)

    return read


@pytest.fixture
def pause(clock_of):
    """Return a function that lets the resolution clock stand still for a while."""

    def pause_for(subject, at, **length):
        clockwork.pause_clock(clock_of(subject), at)
        if length:
            clockwork.resume_clock(clock_of(subject), at + timedelta(**length))

    return pause_for
