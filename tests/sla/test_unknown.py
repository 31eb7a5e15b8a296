"""What comes from people nobody can place yet is timed, and counts in no rule about clients."""

from datetime import timedelta

import pytest

from accounts import services
from accounts.models import Alert, Task
from core.operations import SYSTEM
from sla.alarms import watch
from sla.attention import attention, compared_clocks
from sla.models import Clock
from sla.queries import contract_for, local_day
from tests.factories import CalendarFactory, ComplaintFactory


@pytest.fixture
def unknown(head, now):
    CalendarFactory()
    return services.hold_unknown(actor=SYSTEM, now=now)


def test_unknown_senders_raise_no_alarm_and_count_in_no_comparison(unknown, start, now):
    late = now - timedelta(days=5)
    for _number in range(4):
        complaint = ComplaintFactory(account=unknown, priority="p1", received_at=late)
        start(at=late, on=unknown, about=complaint, priority="p1")

    watch(now)

    assert Clock.objects.filter(account=unknown, due_at__lt=now).exists()
    assert not Alert.objects.exists()
    assert not Task.objects.exists()
    assert not compared_clocks(now).exists()
    assert attention(now).worst == []


def test_it_runs_on_the_house_standard(unknown, now):
    assert contract_for(unknown, local_day(unknown, now)) is None
