import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from core import health
from core.cache import absence
from core.context import timers_stopped_at
from core.models import Heartbeat, OutgoingMail, Timer, WebhookEndpoint
from tests.factories import UserFactory

ROOT = Path(__file__).parents[2]
DEAD = "redis://127.0.0.1:1/0"
TICKS = ["timers", "webhooks"]


@pytest.fixture
def dead_redis(settings):
    settings.CELERY_BROKER_URL = DEAD
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": DEAD}}
    absence.retry_at = absence.log_at = 0.0
    yield
    absence.retry_at = 0.0


def states(answer):
    return {name: check["state"] for name, check in answer.json()["checks"].items()}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_answer_whatever_host_they_are_called_by(client, path):
    assert client.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_healthz_touches_neither_database_nor_broker(client, dead_redis):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.django_db
def test_readyz_is_ok_while_everything_runs(client, now):
    for name in TICKS:
        Heartbeat.objects.create(name=name, at=now - timedelta(seconds=60))

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert states(answer).keys() >= {"database", "migrations", *TICKS, "broker"}
    assert set(states(answer).values()) == {"ok"}


@pytest.mark.django_db
def test_readyz_is_degraded_without_the_broker(client, now, dead_redis):
    Heartbeat.objects.create(name="timers", at=now)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert states(answer)["broker"] == "degraded"


@pytest.mark.django_db
@pytest.mark.parametrize("name", TICKS)
def test_readyz_is_degraded_when_the_timers_stand_still(client, clock, name):
    assert states(client.get("/readyz"))[name] == "degraded"
    Heartbeat.objects.create(name=name, at=clock.at)
    assert states(client.get("/readyz"))[name] == "ok"

    clock.forward(seconds=61)

    assert states(client.get("/readyz"))[name] == "degraded"


@pytest.mark.django_db
def test_readyz_waits_for_migrations(client, now):
    health._all_applied.cache_clear()
    MigrationRecorder.Migration.objects.filter(app="core").order_by("-id")[:1].get().delete()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["state"] == "down"


def test_readyz_is_down_without_the_database(client, transactional_db, monkeypatch):
    with monkeypatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "PORT", "1")
        answer = client.get("/readyz")
        connection.close()

    assert answer.status_code == 503
    assert states(answer) == {"database": "down", "broker": "ok"}


@pytest.mark.django_db
def test_metrics_do_not_exist_without_a_token(client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_metrics_are_for_those_who_know_the_token(client, settings, now):
    settings.METRICS_TOKEN = "scrape-me"
    Heartbeat.objects.create(name="timers", at=now - timedelta(seconds=7))
    for minutes in (-5, 5):
        moment = now + timedelta(minutes=minutes)
        Timer.objects.create(
            kind="k", subject_id=UserFactory().pk, step="s", due_at=moment, fire_at=moment
        )
    OutgoingMail.objects.create(to="a@b.test", subject="s", body="b", state="failed")
    failing = WebhookEndpoint.objects.create(url="https://a.test/", secret="s", state="failing")
    failing.deliveries.create(type="webhook.test", body={}, next_try_at=now)
    client.get("/healthz")

    answer = client.get("/metrics", headers={"Authorization": "Bearer scrape-me"})

    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 404
    lines = answer.text.splitlines()
    assert "kamerton_timers_pending 2.0" in lines
    assert "kamerton_timers_overdue 1.0" in lines
    assert "kamerton_mails_waiting 0.0" in lines
    assert "kamerton_mails_failed 1.0" in lines
    assert "kamerton_events_waiting 1.0" in lines
    assert "kamerton_events_failed 0.0" in lines
    assert "kamerton_webhooks_failing 1.0" in lines
    assert 'kamerton_heartbeat_age_seconds{name="timers"} 7.0' in lines
    counted = 'kamerton_requests_total{method="GET",route="/healthz",status="200"}'
    assert any(line.startswith(counted) for line in lines)


def test_metrics_of_several_processes_are_added(tmp_path):
    program = (
        "from prometheus_client import CollectorRegistry, generate_latest\n"
        "import django; django.setup()\n"
        "from core import metrics\n"
        "metrics.REQUESTS.labels('GET', '/', '200').inc()\n"
        "print(generate_latest(metrics._requests()).decode())"
    )
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    out = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, text=True,
            capture_output=True,
        ).stdout
        for _process in range(2)
    ]  # fmt: skip

    assert 'kamerton_requests_total{method="GET",route="/",status="200"} 2.0' in out[1]


@pytest.mark.django_db
def test_the_banner_appears_when_ticks_stop(now, django_assert_num_queries):
    assert timers_stopped_at(now) is None
    cache.delete("heartbeat:timers")
    Heartbeat.objects.create(name="timers", at=now - timedelta(seconds=61))

    with django_assert_num_queries(1):
        assert [timers_stopped_at(now) for _ in range(3)] == [now - timedelta(seconds=61)] * 3


def test_the_cache_forgives_a_dead_redis_and_keeps_counting(dead_redis, caplog):
    cache.set("a", 1)
    cache.set_many({"b": 2, "c": 3})

    assert cache.get("a") == 1
    assert cache.add("a", 5) is False
    assert cache.incr("a") == 2
    assert cache.get_many(["b", "c", "d"]) == {"b": 2, "c": 3}
    assert "b" in cache
    assert cache.touch("b", 10)
    assert cache.delete("b")
    cache.delete_many(["c"])
    assert cache.get("c", "gone") == "gone"
    assert len([r for r in caplog.records if "cache_unreachable" in str(r.msg)]) == 1


def test_a_dead_redis_is_left_alone_for_a_while(dead_redis):
    cache.get("a")
    begun = absence.retry_at

    cache.get("a")

    assert begun == absence.retry_at > time.monotonic()


@pytest.mark.django_db
def test_run_timers_once_needs_no_broker(dead_redis, capsys):
    call_command("run_timers")

    told = capsys.readouterr().out
    assert told.startswith("0 timers fired, 0 mails sent\n0 events sent\n")
    assert set(Heartbeat.objects.values_list("name", flat=True)) >= {*TICKS, "mail"}


@pytest.mark.django_db(transaction=True)
def test_run_timers_loops_until_it_is_stopped():
    usual = urlsplit(os.environ.get("DATABASE_URL", "postgresql:///kamerton"))
    database = urlunsplit(usual._replace(path=f"/{connection.settings_dict['NAME']}"))
    with subprocess.Popen(
        [sys.executable, "-m", "django", "run_timers", "--loop"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": database},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        awaited = {"0 timers fired, 0 mails sent\n", "0 events sent\n"}
        for line in process.stdout:
            awaited.discard(line)
            if not awaited:
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0

    assert awaited == set()
    assert Heartbeat.objects.filter(name="timers").exists()
