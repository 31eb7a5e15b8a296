"""Many sweeps at once, and sweeps that die: each clock is told of once, and none is forgotten."""

import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager
from copy import copy
from datetime import datetime, timedelta
from io import StringIO
from random import Random

import psycopg2
import pytest
from django.core.management import load_command_class
from django.db import connection, transaction
from django.utils import timezone

from complaints import services
from complaints.models import Complaint
from core import tasks
from core.ids import uuid7
from core.models import AuditEntry, Notification, OutgoingMail, Timer, User
from core.timers import run_due
from sla import clockwork
from sla.models import Clock, ClockRun
from tests.architecture.sources import ROOT
from tests.factories import NOON, AccountFactory, ComplaintFactory, UserFactory
from tests.races.processes import in_processes, start_process
from tests.races.test_broker import database_url
from tests.sla.conftest import agreed, case_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SWEEPERS, BEATS = 4, 2
KILLS, KILLED_CLOCKS, BATCH = 25, 10_000, 100
PATIENCE_SECONDS = 60
STEPS = ["50", "75", "90", "breach"]


@pytest.fixture
def overdue():
    """Return a function that makes so many clocks of P2 complaints, long overdue and never told of."""

    def make(count, account):
        person = {"account": account, "logged_by": account.owner, "lead": account.owner}
        first, *others = Complaint.objects.bulk_create(
            ComplaintFactory.build_batch(count // 2, **person)
        )
        clockwork.start_clocks(case_of(first), NOON - timedelta(days=14))
        for clock in Clock.objects.about(first):
            _repeat(clock, others)

    return make


def _repeat(clock, complaints):
    """Give each complaint a clock like this: thousands of services would take long."""
    clocks = [_like(clock, subject_id=complaint.pk) for complaint in complaints]
    Clock.objects.bulk_create(clocks)
    for model, owner in ((ClockRun, "clock_id"), (Timer, "subject_id")):
        [row] = model.objects.filter(**{owner: clock.pk})
        model.objects.bulk_create(_like(row, **{owner: each.pk}) for each in clocks)


def _like(row, **changed):
    twin = copy(row)
    twin.pk = uuid7()
    for name, value in changed.items():
        setattr(twin, name, value)
    return twin


def told():
    """Return how often people were told of each clock."""
    entries = AuditEntry.objects.filter(verb__startswith="sla.")
    return Counter(entries.values_list("details__clock", flat=True))


def check_each_was_told_of_once(count, people):
    clocks = told()
    assert (len(clocks), set(clocks.values())) == (count, {1})
    entries = AuditEntry.objects.filter(verb__startswith="sla.")
    assert entries.filter(verb="sla.breach", details__steps=STEPS).count() == count
    assert Clock.objects.filter(told=STEPS, breached_at__isnull=False).count() == count
    assert Notification.objects.count() == OutgoingMail.objects.count() == count * people
    assert Notification.objects.values("entry", "recipient").distinct().count() == count * people
    assert not Timer.objects.filter(fired_at=None).exists()
    assert Timer.objects.count() == count


def wait_until(condition):
    limit = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.01)


def sweeping():
    """Return the other connections that have a transaction open in which they have locked timers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity JOIN pg_locks USING (pid)"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND relation = 'core_timer'::regclass AND mode = 'RowShareLock'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def sweep_as_anyone():
    """Take part in the race: each draws a number, the beats' workers after the sweepers.

    The hosts of the sweepers do not agree what time it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sweepers') - 1")
        (number,) = cursor.fetchone()
    return run_due(NOON - number * HOUR) if number < SWEEPERS else tasks.run_timers()


def test_four_sweepers_and_two_beats_tell_of_1000_clocks_once_each(overdue, account, people):
    overdue(1_000, account)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE sweepers")

    in_processes(SWEEPERS + BEATS, sweep_as_anyone)
    run_due(timezone.now() + timedelta(minutes=1))  # what two sweeps held back from each other

    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE sweepers")
    check_each_was_told_of_once(1_000, people=2)


def sweep_in_small_batches():
    run_due(timezone.now(), batch=BATCH)


def test_25_sweeps_killed_amid_10000_clocks_lose_nothing_and_double_nothing(overdue, db):
    overdue(KILLED_CLOCKS, AccountFactory(owner=UserFactory()))
    chance, killed_after = Random(4), []  # noqa: S311 -- a sweep may die at any moment

    for _each in range(KILLS):
        process = start_process(sweep_in_small_batches)
        wait_until(sweeping)
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        process.join()
        wait_until(lambda: not sweeping())
        killed_after.append(AuditEntry.objects.filter(verb="sla.breach").count())
    run_due(timezone.now())

    assert killed_after[-1] < KILLED_CLOCKS
    assert [count % BATCH for count in killed_after] == [0] * KILLS
    check_each_was_told_of_once(KILLED_CLOCKS, people=1)


def sweep_like_the_loop():
    """Tick as `run_timers --loop` does, without the ten seconds between."""
    command = load_command_class("core", "run_timers")
    command.stdout = StringIO()
    for _each in range(10):
        command._try(command._run_due)


def test_a_database_that_breaks_off_sweeps_loses_nothing_and_doubles_nothing(overdue, db):
    overdue(1_000, AccountFactory(owner=UserFactory()))
    broken_off = []

    process = start_process(sweep_like_the_loop)
    for _each in range(3):
        wait_until(sweeping)
        with connection.cursor() as cursor:
            for pid in sweeping():
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
                broken_off.append(pid)
        wait_until(lambda: not set(broken_off) & set(sweeping()))
    process.join(PATIENCE_SECONDS)

    assert (process.exitcode, len(set(broken_off))) == (0, 3)
    check_each_was_told_of_once(1_000, people=1)


def test_a_worker_that_stood_still_for_six_hours_tells_of_each_clock_once_with_the_lag(
    account, people
):
    due = timezone.now() - 6 * HOUR
    complaints = [ComplaintFactory(account=account, priority="p1") for _each in range(5)]
    with transaction.atomic():
        for complaint in complaints:
            clockwork.start_clocks(case_of(complaint), due - HOUR / 2)
            clockwork.stop_clocks(complaint, ["workaround", "resolution"], due - HOUR / 2)
    environment = os.environ | {"DATABASE_URL": database_url()}
    environment.pop("PYTEST_CURRENT_TEST", None)

    subprocess.run(
        [sys.executable, "manage.py", "run_timers"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip

    entries = AuditEntry.objects.filter(verb__startswith="sla.")
    assert sorted(entry.target_id for entry in entries) == sorted(each.pk for each in complaints)
    for entry in entries:
        assert entry.details["steps"] == [*STEPS, "executive"]
        assert entry.happened_at == datetime.fromisoformat(entry.details["due"]) == due
        late = timedelta(seconds=entry.details["lag_seconds"])
        assert timedelta() <= late - 5.5 * HOUR <= timezone.now() - due - 6 * HOUR


def answer_all(user_id, at):
    manager = User.objects.get(pk=user_id)
    for complaint in Complaint.objects.order_by("pk"):
        services.reply(actor=manager, complaint=complaint, body="Here we are.", now=at)


def sweep_for_a_while(at):
    for _each in range(20):
        run_due(at)


def answer_or_sweep(user_id, at):
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('roles')")
        (number,) = cursor.fetchone()
    answer_all(user_id, at) if number == 1 else sweep_for_a_while(at + SECOND)


def test_replies_that_race_the_sweep_are_met_or_missed_and_never_both(account, manager):
    complaints = [ComplaintFactory(account=account) for _each in range(20)]
    for complaint in complaints:
        clockwork.start_clocks(case_of(complaint), NOON)
    due = Clock.objects.get(subject_id=complaints[0].pk, metric="first_response").due_at
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE roles")

    in_processes(3, answer_or_sweep, manager.pk, due)
    run_due(due + 5 * SECOND)

    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE roles")
    breaches = AuditEntry.objects.filter(
        verb="sla.breach", details__metric="first_response"
    ).values_list("target_id", flat=True)
    answered = Clock.objects.filter(metric="first_response")
    assert set(answered.values_list("state", flat=True)) <= {"met", "missed"}
    assert sorted(breaches) == sorted(
        answered.filter(state="missed").values_list("subject_id", flat=True)
    )


@contextmanager
def held_elsewhere(row):
    """Hold the row as a service does that takes its time."""
    with closing(psycopg2.connect(database_url())) as other, other, other.cursor() as cursor:
        table = row._meta.db_table
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR NO KEY UPDATE", [str(row.pk)])  # noqa: S608 -- our own table
        yield cursor


@pytest.mark.parametrize("held", ["complaint", "one of its clocks"])
def test_a_step_waits_for_who_holds_the_complaint_and_the_sweep_does_not(
    account, people, technician, held
):
    agreed(
        account,
        {
            "percent": 50,
            "action": "reassign",
            "person": technician,
            "metric": "first_response",
        },
    )
    complaint = ComplaintFactory(account=account, assignee=people["sa"])
    clockwork.start_clocks(case_of(complaint), NOON)
    half = NOON + HOUR / 2
    row = complaint if held == "complaint" else complaint.clocks.get(metric="resolution")

    with held_elsewhere(row):
        run_due(half)
        complaint.refresh_from_db()
        before = complaint.assignee
    run_due(half + 2 * SECOND)

    complaint.refresh_from_db()
    assert (before, complaint.assignee) == (people["sa"], technician)
    assert AuditEntry.objects.filter(verb="complaints.assign").count() == 1
