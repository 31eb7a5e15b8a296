"""Many sweeps at once, and sweeps that die: each clock is told of once, and none is forgotten."""

import os
import signal
import subprocess
import sys
import time
from copy import copy
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from complaints.models import Complaint
from core import tasks
from core.ids import uuid7
from core.models import AuditEntry, Notification, Timer
from core.timers import run_due
from sla import clockwork
from sla.models import Clock, ClockRun
from tests.architecture.sources import ROOT
from tests.factories import NOON, ComplaintFactory
from tests.races.processes import in_processes
from tests.races.test_broker import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
COMPLAINTS = 1_000
CLOCKS, STEPS = 2 * COMPLAINTS, 5
SWEEPERS, BEATS, KILLS = 4, 2, 5
PATIENCE_SECONDS = 60


@pytest.fixture
def overdue(account, agent):
    """2,000 clocks of P1 complaints, half a year overdue: all five steps of each are due."""
    person = {"account": account, "logged_by": agent, "assignee": agent, "lead": account.owner}
    first, *others = Complaint.objects.bulk_create(
        ComplaintFactory.build_batch(COMPLAINTS, priority="p1", **person)
    )
    clockwork.start_clocks(first, account, priority="p1", at=NOON - timedelta(days=1))
    for clock in Clock.objects.about(first):
        copies = _copies(Clock.objects.filter(pk=clock.pk), len(others))
        for twin, complaint in zip(copies, others, strict=True):
            twin.subject_id = complaint.pk
        Clock.objects.bulk_create(copies)
        for model, owner in ((ClockRun, "clock_id"), (Timer, "subject_id")):
            rows = _copies(model.objects.filter(**{owner: clock.pk}), len(copies))
            for number, row in enumerate(rows):
                setattr(row, owner, copies[number % len(copies)].pk)
            model.objects.bulk_create(rows)
    return Timer.objects.filter(fired_at=None)


def _copies(rows, times):
    """Return new rows like these, each as often as asked: a thousand services would take long."""
    copies = [copy(row) for row in rows for _each in range(times)]
    for each in copies:
        each.pk = uuid7()
    return copies


def sweep(number):
    """Sweep as one of the sweepers, or as a worker does whom one of two beats called."""
    if number < SWEEPERS:
        return run_due(datetime.fromisoformat(NOON.isoformat()))
    return tasks.run_timers()


def sweep_as_anyone():
    """Take part in the race: each process draws its own number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sweepers') - 1")
        (number,) = cursor.fetchone()
    return sweep(number)


def told():
    """Return how often people were told of each clock."""
    entries = AuditEntry.objects.filter(verb__startswith="sla.")
    return list(entries.values_list("details__clock", flat=True))


def check_each_was_told_of_once(people):
    clocks = told()
    assert (len(clocks), len(set(clocks))) == (CLOCKS, CLOCKS)
    assert set(
        AuditEntry.objects.filter(verb__startswith="sla.").values_list("verb", flat=True)
    ) == {"sla.breach"}
    assert Clock.objects.filter(breached_at=None).count() == 0
    assert Notification.objects.count() == CLOCKS * people
    assert Timer.objects.filter(fired_at__isnull=False).count() == CLOCKS * STEPS


def test_four_sweepers_and_two_beats_tell_of_2000_clocks_once_each(overdue, people):
    assert overdue.count() == CLOCKS * STEPS
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE sweepers")

    in_processes(SWEEPERS + BEATS, sweep_as_anyone)
    run_due(timezone.now() + timedelta(minutes=1))  # what two sweeps held back from each other

    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE sweepers")
    check_each_was_told_of_once(people=4)


def start_sweeping():
    environment = os.environ | {"DATABASE_URL": database_url()}
    environment.pop("PYTEST_CURRENT_TEST", None)
    command = [sys.executable, "manage.py", "run_timers"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def is_sweeping():
    """Say whether another connection has a transaction open in which it has locked timers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid)"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND relation = 'core_timer'::regclass AND mode = 'RowShareLock'"
        )
        (count,) = cursor.fetchone()
    return count > 0


def wait_until(condition):
    limit = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.001)


def test_sweeps_killed_midway_lose_nothing_and_double_nothing(overdue, people):
    killed_after = []

    for _each in range(KILLS):
        process = start_sweeping()
        wait_until(is_sweeping)
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed_after.append(len(told()))
    wait_until(lambda: not is_sweeping())
    run_due(timezone.now())

    assert killed_after[-1] < CLOCKS
    check_each_was_told_of_once(people=4)
