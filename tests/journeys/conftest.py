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
from sla import services as sla
from sla.services import TargetRow
from tests.factories import AccountFactory, ContactFactory

PATIENCE_SECONDS = 20
TARGETS = [
    TargetRow("p2", "first_response", 120),
    TargetRow("p2", "resolution", 480),
]


@pytest.fixture
def account(manager, head, now):
    """Lipa Bakery with an SLA contract in force."""
    account = AccountFactory(name="Lipa Bakery", owner=manager)
    contract = sla.draft_contract(
        actor=head, account=account, calendar=account.calendar,
        starts_on=now.date() - timedelta(days=30), targets=TARGETS, now=now,
    )  # fmt: skip
    sla.activate_contract(actor=head, contract=contract, now=now)
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
    "sla.breach",
    "complaints.resolve",
    "complaints.record_callback",
]
"""What both journeys leave in the audit of the complaint, in order."""
