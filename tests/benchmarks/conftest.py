"""Worlds large enough to measure; rows are written in bulk, as nothing here is about writing."""

import statistics
import time
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from complaints.models import Complaint
from core.models import Timer
from core.models.row import uuid7
from sla.models import Clock, ClockRun
from tests.factories import NOON, AccountFactory, UserFactory

ACCOUNTS = 500
RARE = 100
"""Every so many complaints are about a scanner, and open."""
STATES = ["closed"] * 9 + ["in_progress"]


@pytest.fixture
def measure():
    """Return a function that gives the median seconds of a call over some repetitions."""

    def median_seconds(function, times=15):
        function()
        spent = []
        for _ in range(times):
            start = time.perf_counter()
            function()
            spent.append(time.perf_counter() - start)
        return statistics.median(spent)

    return median_seconds


@pytest.fixture
def report(request):
    """Return a function that prints a figure whatever pytest captures."""
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")

    def write(what, value):
        terminal.write_line(f"  {what}: {value}")

    return write


@pytest.fixture
def crowd(db):
    """Return one support agent and the accounts, with five managers.

    Statements may take their time: what is deferred to the end is checked for the whole world.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    managers = [UserFactory() for _ in range(5)]
    agent = UserFactory(roles=["sa"])
    first = AccountFactory(owner=managers[0])
    others = [
        AccountFactory(owner=managers[n % 5], calendar=first.calendar) for n in range(1, ACCOUNTS)
    ]
    return agent, [first, *others]


def add_complaints(agent, accounts, count, start=0):
    """Write complaints, every tenth of them open with a clock running."""
    rows = [_complaint(agent, accounts[n % ACCOUNTS], n) for n in range(start, start + count)]
    Complaint.objects.bulk_create(rows, batch_size=5000)
    open_rows = [row for row in rows if row.state == "in_progress"]
    clocks = Clock.objects.bulk_create((_clock(row) for row in open_rows), batch_size=5000)
    ClockRun.objects.bulk_create(
        (ClockRun(clock=clock, starts_at=NOON) for clock in clocks), batch_size=5000
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return open_rows


def _complaint(agent, account, number):
    state = STATES[number % 10]
    ended = NOON if state == "closed" else None
    what = "scanner" if number % RARE == 9 else "till"
    return Complaint(
        no=f"CMP-2026-{number:06d}", account=account, title=f"{what} restarts", client_words="…",
        received_at=NOON - timedelta(minutes=number), first_known_at=NOON, impact=2, urgency=2,
        priority="p2", logged_by=agent, assignee=agent, lead=account.owner, state=state,
        resolution_type="fixed" if ended else "", resolution="Done" if ended else "",
        resolved_at=ended, closed_at=ended, is_confirmed=True if ended else None,
        next_due_at=None if ended else NOON + timedelta(minutes=number % 5000),
        search_text=f"cmp-2026-{number:06d} {what} restarts",
    )  # fmt: skip


def _clock(complaint):
    return Clock(
        account=complaint.account, subject_type=ContentType.objects.get_for_model(Complaint),
        subject_id=complaint.pk, metric="resolution", priority="p2", target=timedelta(hours=8),
        calendar_version_id=complaint.account.calendar.current_id, started_at=NOON,
        due_at=complaint.next_due_at,
    )  # fmt: skip


def add_timers(clocks, at, step="75"):
    Timer.objects.bulk_create(
        (
            Timer(
                id=uuid7(), kind="sla.clock", subject_id=clock.pk, step=step, due_at=at, fire_at=at
            )
            for clock in clocks
        ),
        batch_size=5000,
    )
