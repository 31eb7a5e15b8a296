import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count

from core.models import AuditEntry, Notification, OutgoingMail, Timer
from core.models.calendar import work_calendar
from core.timers import run_due
from sla.models import Clock
from tests.benchmarks.conftest import add_complaints, add_timers
from tests.factories import NOON

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
EIGHT_HOURS = timedelta(hours=8)
PENDING = (
    "INSERT INTO core_timer (id, kind, subject_id, step, due_at, fire_at, attempts, last_error) "
    "SELECT gen_random_uuid(), 'sla.clock', gen_random_uuid(), '50', %s, %s, 0, '' "
    "FROM generate_series(1, %s)"
)


def pending(count):
    later = NOON + timedelta(days=30)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(PENDING, [later, later, count])
        cursor.execute("ANALYZE core_timer")


def test_an_empty_sweep_costs_the_same_whatever_is_pending(measure, report):
    pending(1_000)
    few = measure(lambda: run_due(NOON))
    pending(999_000)
    many = measure(lambda: run_due(NOON))

    report("empty sweep, 1,000 pending", f"{few * 1000:.2f} ms")
    report("empty sweep, 1,000,000 pending", f"{many * 1000:.2f} ms")
    assert many <= 0.005
    assert many <= few * 2


def drain(at):
    """Return the seconds that a sweep at the moment takes."""
    start = time.perf_counter()
    run_due(at)
    return time.perf_counter() - start


def test_one_worker_tells_of_a_thousand_clocks_a_second(crowd, report):
    """Each clock waits for one step: it is told of, and then waits for the next."""
    agent, accounts = crowd
    add_complaints(agent, accounts, 50_000)
    due = work_calendar(accounts[0].calendar.running_id).add(NOON, EIGHT_HOURS)
    Clock.objects.update(due_at=due)
    clocks = list(Clock.objects.all())
    half = NOON + EIGHT_HOURS / 2
    add_timers(clocks, half, step="50")

    warned = len(clocks) / drain(half)
    breached = len(clocks) / drain(due + timedelta(seconds=1))

    report("clocks warned of a second, with audit entries and notifications", f"{warned:.0f}")
    report("clocks told of as missed a second, with a mail to each", f"{breached:.0f}")
    entries = AuditEntry.objects.filter(details__steps__isnull=False)
    assert list(entries.values_list("verb").annotate(Count("pk")).order_by("verb")) == [
        ("sla.breach", len(clocks)), ("sla.warn", len(clocks)),
    ]  # fmt: skip
    assert not Timer.objects.filter(fired_at=None).exists()
    assert Notification.objects.count() == OutgoingMail.objects.count() == 3 * len(clocks)
    assert warned >= 1000
