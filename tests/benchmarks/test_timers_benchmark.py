import time
from datetime import timedelta

import pytest
from django.db import connection

from core.models import AuditEntry, Notification
from core.timers import run_due
from sla.models import Clock
from tests.benchmarks.conftest import add_complaints, add_timers
from tests.factories import NOON

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
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


def test_one_worker_drains_a_thousand_timers_a_second(crowd, report):
    agent, accounts = crowd
    add_complaints(agent, accounts, 50_000)
    clocks = list(Clock.objects.all())
    add_timers(clocks, NOON)

    start = time.perf_counter()
    run_due(NOON)
    seconds = time.perf_counter() - start

    rate = len(clocks) / seconds
    report("timers drained a second, with audit entries and notifications", f"{rate:.0f}")
    assert AuditEntry.objects.filter(verb="sla.warn").count() == len(clocks)
    assert Notification.objects.count() == len(clocks) * 2
    assert rate >= 1000
