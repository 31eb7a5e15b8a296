from datetime import date, timedelta

import pytest

from sla import clockwork
from sla.models import Clock
from tests.factories import AccountFactory, CalendarFactory, ComplaintFactory


@pytest.fixture
def account(manager):
    """A client whose people work Mon–Fri 09:00–18:00 in Sofia, but not on 3 March 2026."""
    calendar = CalendarFactory(special={date(2026, 3, 3): ("Liberation Day", [])})
    return AccountFactory(name="Lipa Bakery", owner=manager, calendar=calendar)


@pytest.fixture
def start(account, agent, now):
    """Return a function that starts the clocks of a new complaint; P2 at Monday noon."""

    def start_one(priority="p2", at=now, on=None, **given):
        about = given.pop("about", None)
        on = on or account
        about = about or ComplaintFactory(account=on, assignee=agent, priority=priority)
        clockwork.start_clocks(about, on, priority=priority, at=at, **given)
        return about

    return start_one


@pytest.fixture
def clock_of():
    """Return a function that reads a clock of a complaint as it is now."""

    def read(subject, metric="resolution", cycle=1):
        return Clock.objects.get(subject_id=subject.pk, metric=metric, cycle=cycle)

    return read


@pytest.fixture
def pause(clock_of):
    """Return a function that lets the resolution clock stand still for a while."""

    def pause_for(subject, at, **length):
        clockwork.pause_clock(clock_of(subject), at)
        if length:
            clockwork.resume_clock(clock_of(subject), at + timedelta(**length))

    return pause_for
