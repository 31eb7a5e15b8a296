"""The main job, end to end: a client with a contract, a real worker, time that is moved."""

import time
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connections

from config.celery import app
from core.models import Timer
from core.services.token import create_token
from core.tasks import run_timers
from tests.factories import AccountFactory, ContactFactory
from tests.sla.contracts import in_force

PATIENCE_SECONDS = 20


@pytest.fixture
def account(manager, head, now):
    """Lipa Bakery with an SLA contract in force."""
    account = AccountFactory(name="Lipa Bakery", owner=manager)
    in_force(account, head, now, starts_on=now.date() - timedelta(days=30))
    return account


@pytest.fixture
def contact(account):
    return ContactFactory(account=account, name="Rada Lipova")


@pytest.fixture
def worker(transactional_db, settings):
    """A real Celery worker on the real broker, in a thread, so that it sees the moved clock."""
    queue = f"journey-{time.monotonic_ns()}"
    app.conf.task_default_queue = queue
    with start_worker(app, pool="solo", perform_ping_check=False, queues=[queue]):
        yield
    app.conf.task_default_queue = "celery"
    connections.close_all()


@pytest.fixture
def tick(worker, clock):
    """Return a function that moves the time and lets the worker fire what is due then."""

    def move_and_fire(**span):
        clock.forward(**span)
        run_timers.delay()
        overdue = Timer.objects.filter(fired_at=None, fire_at__lte=clock.at)
        limit = time.monotonic() + PATIENCE_SECONDS
        while overdue.exists():
            assert time.monotonic() < limit, "the worker did not fire what was due"
            time.sleep(0.05)  # gives the worker's thread the processor; no deadline is waited for

    return move_and_fire


@pytest.fixture
def token_of(now):
    """Return a function that gives a person's REST token for complaints and accounts."""

    def make(user):
        scopes = ["complaints:read", "complaints:write", "accounts:read", "sla:read"]
        _token, key = create_token(
            actor=user, user=user, name="journey", scopes=scopes, expires_at=None, now=now
        )
        return key

    return make


STORY = [
    "complaints.log",
    "sla.warn",
    "complaints.triage",
    "complaints.reply",
    "complaints.wait",
    "complaints.comment",
    "sla.warn",
    "sla.warn",
    "sla.breach",
    "sla.breach",
    "sla.breach",
    "complaints.record_findings",
    "complaints.skip_apology",
    "complaints.note_failed_ask",
    "complaints.note_failed_ask",
    "complaints.set_wants",
    "complaints.resolve",
    "complaints.record_callback",
]
"""What both journeys leave in the audit of the complaint, in order.

After the client's second message: half of the time to solve it is gone, most of the time for the
regular update; then the answer, the solution and the update are overdue.
"""
