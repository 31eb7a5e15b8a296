"""What holds whatever happens to a complaint, in whatever order, whenever the sweep runs."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account
from core import timers
from core.models import AuditEntry, Timer
from sla import clockwork
from sla.clock import used
from sla.courses import upcoming
from sla.models import Clock, Metric
from sla.queries import planned
from tests.factories import NOON, AccountFactory, ComplaintFactory, UserFactory
from tests.sla.conftest import agreed, case_of, judge

TIERS = Account.Tier.values
PRIORITIES = ["p1", "p2", "p3", "p4"]
STEPS = (
    {"percent": 40, "hearer": "manager"},
    {"percent": 80, "action": "raise", "hearer": "head", "metric": "resolution"},
    {"minutes_from_due": 45, "hearer": "head", "repeat_minutes": 90, "repeat_limit": 3},
)


def sweep(complaint, at):
    timers.run_due(at)
    complaint.refresh_from_db()


def pause(complaint, at):
    for clock in clockwork.live_clocks(complaint):
        clockwork.pause_clock(clock, at)


def resume(complaint, at):
    for clock in clockwork.live_clocks(complaint):
        clockwork.resume_clock(clock, at)


def reopen(complaint, at):
    if not is_timed(complaint) and not clockwork.continue_clocks(case_of(complaint), at):
        clockwork.restart_clocks(case_of(complaint), at, share=50)


def start_again(complaint, at):
    if not is_timed(complaint):
        clockwork.restart_clocks(case_of(complaint), at, share=50)


def is_timed(complaint):
    return Clock.objects.about(complaint).live().filter(metric=Metric.RESOLUTION).exists()


ACTS = {
    "pause": pause,
    "resume": resume,
    "answer": lambda complaint, at: clockwork.answer_clocks(case_of(complaint), at),
    "hear": lambda complaint, at: clockwork.hear_client(case_of(complaint), at),
    "workaround": lambda complaint, at: clockwork.answer_clocks(
        case_of(complaint), at, with_workaround=True
    ),
    "resolve": lambda complaint, at: clockwork.stop_clocks(complaint, Metric.values, at),
    "reopen": reopen,
    "start again": start_again,
    "sweep": sweep,
}
steps = st.lists(
    st.tuples(
        st.integers(min_value=-60, max_value=20 * 60),
        st.sampled_from([*ACTS, *PRIORITIES]),
    ),
    max_size=10,
)


def do(step, complaint, at):
    """Do what the services do to the clocks, in any order, even one that they refuse."""
    if step in ACTS:
        ACTS[step](complaint, at)
    else:
        judge(complaint, step, at)
        complaint.save()


def check(clock, before, at):
    runs = [run.as_run for run in clock.runs.all()]
    check_runs(clock, runs)
    check_time(clock, runs, max(at, runs[-1].ends_at or runs[-1].starts_at))
    check_timer(clock, runs)
    if before and before.breached_at:
        assert clock.breached_at == before.breached_at
        assert clock.state not in {"met", "cancelled"}
    if before:
        assert clock.told[: len(before.told)] == before.told
    assert len(set(clock.told)) == len(clock.told)


def check_runs(clock, runs):
    """Runs and the pauses between them follow each other without gap or overlap."""
    assert all(run.ends_at is None or run.starts_at <= run.ends_at for run in runs)
    assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(runs))
    open_runs = [run for run in runs if run.ends_at is None]
    assert open_runs == ([runs[-1]] if clock.state == "running" else [])
    assert runs[0].starts_at == clock.started_at
    assert runs[-1].ends_at == clock.stopped_at or clock.is_live


def check_time(clock, runs, at):
    assert (clock.due_at is None) == (clock.state == "paused") == (clock.remaining is not None)
    consumed = used(runs, clock.calendar, at)
    assert consumed >= timedelta()
    if clock.state == "paused":
        assert clock.remaining == max(clock.target - consumed, timedelta())
    if clock.state == "running" and clock.due_at > at:
        assert clock.calendar.between(at, clock.due_at) == clock.target - consumed
    if clock.state == "met":
        assert clock.breached_at is None
        assert consumed <= clock.target
    assert clock.used == (None if clock.is_live else consumed)


def check_timer(clock, runs):
    """A running clock waits for its next step, any other for nothing."""
    pending = Timer.objects.filter(kind="sla.clock", subject_id=clock.pk, fired_at=None)
    ahead = upcoming(clock, runs)[:1] if clock.state == "running" else []
    assert list(pending.values_list("step", "due_at")) == [(each.key, each.at) for each in ahead]


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps, priority=st.sampled_from(PRIORITIES), has_contract=st.booleans())
def test_any_sequence_keeps_the_clocks_in_order(steps, priority, has_contract):
    complaint = ComplaintFactory(priority=priority)
    if has_contract:
        agreed(complaint.account, *STEPS)
    clockwork.start_clocks(case_of(complaint), NOON)
    at, before = NOON, {}

    for wait, step in steps:
        at += timedelta(minutes=wait)
        do(step, complaint, at)
        for clock in Clock.objects.about(complaint):
            check(clock, before.get(clock.pk), at)
            before[clock.pk] = clock

    timers.run_due(at + timedelta(days=400))
    told = AuditEntry.objects.filter(verb="sla.breach", target_id=complaint.pk)
    clocks = list(told.values_list("details__clock", flat=True))
    assert len(clocks) == len(set(clocks))
    running = Clock.objects.about(complaint).filter(state="running")
    assert {str(clock.pk) for clock in running} <= set(clocks)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(tiers=st.permutations(TIERS), wait=st.integers(min_value=0, max_value=7 * 24 * 60))
def test_permuting_tiers_changes_no_due_time(tiers, wait):
    owner = UserFactory()
    calendar = AccountFactory(owner=owner).calendar
    at = NOON + timedelta(minutes=wait)

    due, foretold = set(), set()
    for tier in tiers:
        account = AccountFactory(tier=tier, owner=owner, calendar=calendar)
        complaint = ComplaintFactory(account=account)
        foretold.add(tuple(planned(account, "p2", at).items()))
        clockwork.start_clocks(case_of(complaint), at)
        clockwork.answer_clocks(case_of(complaint), at)
        started = Clock.objects.about(complaint).order_by("metric", "cycle")
        due.add(tuple(started.values_list("metric", "due_at")))

    assert (len(due), len(foretold)) == (1, 1)
