from datetime import timedelta

import pytest
from django.db import connection

from core import timers
from core.ids import uuid7
from core.models import Heartbeat, Timer
from core.tasks import deliver_mail, run_timers, tidy_up
from tests.factories import NOON

pytestmark = pytest.mark.django_db
KIND = "test.bell"


@pytest.fixture
def rung():
    """Let timers of the kind ring; "broken" ones raise, "held" ones are held by somebody."""
    heard = []

    def ring(due, now):
        steps = [timer.step for timer in due]
        if "broken" in steps:
            raise ValueError("this bell is broken")
        heard.extend(step for step in steps if step != "held")
        return [timer.pk for timer in due if timer.step != "held"]

    timers.handle(KIND, ring)
    yield heard
    timers._handlers.pop(KIND)


def set_steps(*steps, at=NOON):
    timers.set_timers(KIND, uuid7(), dict.fromkeys(steps, at))


def test_a_timer_fires_once_when_it_is_due(rung):
    set_steps("a")

    timers.run_due(NOON - timedelta(seconds=1))
    assert rung == []
    timers.run_due(NOON)
    timers.run_due(NOON + timedelta(days=1))
    assert rung == ["a"]


def test_setting_again_moves_what_is_pending_and_not_what_has_fired(rung):
    subject = uuid7()
    timers.set_timers(KIND, subject, {"a": NOON, "b": NOON + timedelta(hours=1)})
    timers.run_due(NOON)

    timers.set_timers(KIND, subject, {"a": NOON, "b": NOON + timedelta(hours=2)})
    timers.run_due(NOON + timedelta(hours=1))
    assert rung == ["a"]
    timers.run_due(NOON + timedelta(hours=2))
    assert rung == ["a", "b"]


def test_a_failing_timer_is_pushed_ahead_and_blocks_nobody(rung):
    set_steps("broken")
    set_steps("a")
    set_steps("b")

    timers.run_due(NOON)

    assert sorted(rung) == ["a", "b"]
    broken = Timer.objects.get(step="broken")
    assert (broken.fired_at, broken.attempts, broken.due_at) == (None, 1, NOON)
    assert broken.fire_at > NOON
    assert "this bell is broken" in broken.last_error


def test_what_somebody_holds_waits_for_a_later_tick(rung):
    set_steps("held")

    timers.run_due(NOON)

    held = Timer.objects.get()
    assert (held.fired_at, held.attempts) == (None, 0)
    assert held.fire_at == NOON + timers.HELD_WAIT


def test_small_batches_drain_everything(rung):
    for number in range(7):
        set_steps(str(number))

    timers.run_due(NOON, batch=2)

    assert sorted(rung) == [str(number) for number in range(7)]


def test_every_sweep_beats_the_heart(rung):
    timers.run_due(NOON)

    assert Heartbeat.objects.get(name="timers").at == NOON


@pytest.mark.parametrize("task", [run_timers, deliver_mail, tidy_up])
def test_every_task_may_run_twice(task, rung):
    set_steps("a")

    task()
    first = list(rung)
    assert task() == 0
    assert rung == first


def test_the_sweep_reads_pending_timers_by_their_index(rung):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM core_timer WHERE fired_at IS NULL AND fire_at <= now() "
            "ORDER BY fire_at, id LIMIT 500"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "timer_pending" in plan
