"""What holds whatever happens to a complaint, in whatever order."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account
from sla import clockwork
from sla.clock import used
from sla.models import Clock
from tests.factories import NOON, AccountFactory, ComplaintFactory, UserFactory

TIERS = Account.Tier.values
steps = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=20 * 60),
        st.sampled_from(["pause", "resume", "p1", "p2", "p3", "p4", "stop"]),
    ),
    max_size=8,
)


def do(step, complaint, at):
    for clock in clockwork.live_clocks(complaint):
        if step == "pause":
            clockwork.pause_clock(clock, at)
        elif step == "resume":
            clockwork.resume_clock(clock, at)
        elif step == "stop":
            clockwork.stop_clock(complaint, clock.metric, at)
    if step.startswith("p") and step != "pause":
        clockwork.reprioritise(complaint, step, at)


def check(clock, was_breached, at):
    runs = [run.as_run for run in clock.runs.all()]
    assert (clock.due_at is None) == (clock.state == "paused") == (clock.remaining is not None)
    assert all(run.ends_at is None or run.starts_at <= run.ends_at for run in runs)
    assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(runs))
    assert [run for run in runs if run.ends_at is None] == (
        [runs[-1]] if clock.state == "running" else []
    )
    assert runs[0].starts_at == clock.started_at
    consumed = used(runs, clock.calendar, at)
    assert consumed >= timedelta()
    if clock.state == "paused":
        assert clock.remaining == max(clock.target - consumed, timedelta())
    if clock.state == "running" and clock.due_at > at:
        assert clock.calendar.between(at, clock.due_at) == clock.target - consumed
    if clock.state == "met":
        assert clock.breached_at is None
        assert consumed <= clock.target
    if was_breached:
        assert clock.breached_at == was_breached
        assert clock.state != "met"


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps, priority=st.sampled_from(["p1", "p2", "p3", "p4"]))
def test_any_sequence_keeps_the_clocks_in_order(steps, priority):
    complaint = ComplaintFactory(priority=priority)
    clockwork.start_clocks(complaint, complaint.account, priority=priority, at=NOON)
    at, breached = NOON, {}

    for wait, step in steps:
        at += timedelta(minutes=wait)
        do(step, complaint, at)
        for clock in Clock.objects.about(complaint):
            check(clock, breached.get(clock.pk), at)
            breached[clock.pk] = clock.breached_at


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(tiers=st.permutations(TIERS), wait=st.integers(min_value=0, max_value=7 * 24 * 60))
def test_permuting_tiers_changes_no_due_time(tiers, wait):
    owner = UserFactory()
    calendar = AccountFactory(owner=owner).calendar
    at = NOON + timedelta(minutes=wait)

    due = set()
    for tier in tiers:
        account = AccountFactory(tier=tier, owner=owner, calendar=calendar)
        complaint = ComplaintFactory(account=account)
        clocks = clockwork.start_clocks(complaint, account, priority="p2", at=at)
        due.add(tuple(clock.due_at for clock in clocks))

    assert len(due) == 1
