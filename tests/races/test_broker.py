"""The broker goes away and comes back: nothing that people do is refused, nothing due is lost."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.utils import timezone

from complaints.models import Complaint
from config.stack.broker import start_broker
from config.stack.folder import throwaway_folder
from core.models import AuditEntry, Timer
from tests.architecture.sources import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
PATIENCE_SECONDS = 90


def database_url():
    """Return the URL of the database that this test runs in."""
    one = connection.settings_dict
    place = {"host": one["HOST"]} | ({"port": one["PORT"]} if one["PORT"] else {})
    sign_in = quote(one["USER"]) + (f":{quote(one['PASSWORD'])}" if one["PASSWORD"] else "")
    return f"postgresql://{sign_in}@/{one['NAME']}?{urlencode(place)}"


@pytest.fixture
def broker():
    """Return (start, stop, url) of a broker of our own."""
    with throwaway_folder() as folder:
        folder.make()
        running = []

        def start():
            lock = os.open(folder.path / "lock", os.O_CREAT | os.O_RDWR)
            server, url = start_broker(folder, lock, fast=True)
            running.append(server)
            return url

        def stop():
            running.pop().stop()

        yield start, stop
        while running:
            stop()


@pytest.fixture
def worker():
    """Return a function that starts a worker with its beat, as production does."""
    started = []

    def start(redis_url):
        environment = os.environ | {"DATABASE_URL": database_url(), "REDIS_URL": redis_url}
        environment.pop("PYTEST_CURRENT_TEST", None)
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "--pool=solo"]
        started.append(subprocess.Popen([*command, "--loglevel=ERROR"], cwd=ROOT, env=environment))

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=30)


def eventually(condition):
    limit = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.2)


def test_complaints_are_taken_without_a_broker_and_every_timer_fires_after(
    broker, worker, account, agent, sign_in
):
    start, stop = broker
    worker(start())
    stop()
    browser = sign_in(agent)
    words = {
        "account": str(account.pk), "client_words": "Dark", "impact": 2, "urgency": 2,
        "received_at": (timezone.now() - timedelta(days=30)).isoformat(), "reason": "By letter",
    }  # fmt: skip

    answers = [
        browser.post("/api/v1/complaints", words, content_type="application/json").status_code
        for _ in range(10)
    ]
    start()

    assert answers == [201] * 10
    assert Complaint.objects.count() == 10
    eventually(lambda: not Timer.objects.filter(fired_at=None).exists())
    fired = AuditEntry.objects.filter(verb__startswith="sla.").values_list(
        "details__clock", flat=True
    )
    assert len(fired) == len(set(fired))
