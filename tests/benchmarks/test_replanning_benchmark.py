"""100,000 open deadlines follow a calendar that was edited; each batch is committed, as at work."""

import time
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from complaints.models import Complaint
from core.services.calendar import edit_calendar
from core.timers import run_due
from sla import services
from sla.models import Clock, ClockRun
from tests.benchmarks.conftest import add_timers
from tests.factories import NOON, UserFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]
NINE_TO_TWO = {str(day): [[9 * 3600, 14 * 3600]] for day in range(5)}
CLOCKS = 100_000
WITHIN_SECONDS = 30


def add_open_clocks(agent, accounts, count):
    kind = ContentType.objects.get_for_model(Complaint)
    rows = [
        Complaint(
            no=f"CMP-2026-{n:06d}", account=accounts[n % len(accounts)], title="till", client_words="…",
            received_at=NOON, first_known_at=NOON, impact=2, urgency=2, priority="p2",
            logged_by=agent, lead=agent, state="in_progress", search_text="till",
            next_due_at=NOON + timedelta(days=2),
        )
        for n in range(count)
    ]  # fmt: skip
    Complaint.objects.bulk_create(rows, batch_size=5000)
    clocks = [
        Clock(
            account=row.account, subject_type=kind, subject_id=row.pk, metric="resolution",
            priority="p2", target=timedelta(hours=8), started_at=NOON,
            calendar_version_id=row.account.calendar.current_id, due_at=NOON + timedelta(days=2),
        )
        for row in rows
    ]  # fmt: skip
    Clock.objects.bulk_create(clocks, batch_size=5000)
    runs = (ClockRun(clock=clock, starts_at=NOON) for clock in clocks)
    ClockRun.objects.bulk_create(runs, batch_size=5000)
    add_timers(clocks, NOON + timedelta(days=1), step="50")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_a_calendar_edit_moves_100_000_open_deadlines_within_half_a_minute(crowd, report):
    agent, accounts = crowd
    head = UserFactory(roles=["hk"])
    add_open_clocks(agent, accounts, CLOCKS)
    calendar = edit_calendar(
        actor=UserFactory(roles=["ad"]), calendar=accounts[0].calendar, name="Short days",
        country="BG", zone="Europe/Sofia", week=NINE_TO_TWO, now=NOON,
    )  # fmt: skip
    order = services.recompute(actor=head, cause=calendar, now=NOON)

    start = time.perf_counter()
    run_due(NOON)
    spent = time.perf_counter() - start

    order.refresh_from_db()
    report(f"{CLOCKS:,} open clocks re-planned", f"{spent:.1f} s in {order.done // 5000} batches")
    assert (order.done, order.moved, order.is_finished) == (CLOCKS, CLOCKS, True)
    assert spent <= WITHIN_SECONDS
