"""What holds whatever is done to complaints, and however rich or poor the client is."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Account, Promise
from complaints import services
from complaints.models import Complaint
from complaints.queries import complaint_queue
from complaints.services import Intake
from core.errors import DomainError
from core.timers import run_due
from sla.models import Clock
from tests.complaints.recovery import make_ready
from tests.factories import NOON, AccountFactory, UserFactory

TIERS = Account.Tier.values
quiet = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
margins = st.lists(
    st.none() | st.decimals(min_value=0, max_value=10**9, places=2), min_size=4, max_size=4
)


def person(role):
    return UserFactory(roles=[role])


def promised(complaint):
    """Return what the client gets from us: priority, every due moment, the follow-up call."""
    clocks = Clock.objects.about(complaint).order_by("metric", "cycle")
    calls = Promise.objects.about(complaint).filter(kind=Promise.Kind.CALLBACK)
    return (
        complaint.priority,
        tuple(clocks.values_list("metric", "cycle", "due_at")),
        tuple(calls.values_list("due_at", flat=True)),
    )


def live(account, head, at, impact, urgency):
    """Play a complaint up to its resolution; return what was promised at each step."""
    intake = Intake(client_words="Dark", impact=impact, urgency=urgency)
    complaint = services.log_complaint(actor=head, account=account, intake=intake, now=at)
    seen = [promised(complaint)]
    services.triage(
        actor=head, complaint=complaint, impact=impact, urgency=urgency, category="quality",
        safety=False, assignee=head, lead=head, now=at,
    )  # fmt: skip
    later = at + timedelta(minutes=20)
    services.reply(actor=head, complaint=complaint, body="We come.", now=later)
    make_ready(complaint, head, later, fault="ours", justified="yes")
    seen.append(promised(complaint))
    services.resolve_complaint(
        actor=head, complaint=complaint, resolution_type="fixed", resolution="Done.",
        now=at + timedelta(hours=1),
    )  # fmt: skip
    return [*seen, promised(complaint)]


@pytest.mark.django_db
@settings(max_examples=6, **quiet)
@given(
    tiers=st.permutations(TIERS),
    margins=margins,
    impact=st.integers(1, 4),
    urgency=st.integers(1, 4),
    wait=st.integers(0, 7 * 24 * 60),
)
def test_neither_tier_nor_margin_changes_what_a_client_gets(tiers, margins, impact, urgency, wait):
    head = person("hk")
    calendar = AccountFactory(owner=head).calendar

    lives = []
    for tier, margin in zip(tiers, margins, strict=True):
        account = AccountFactory(tier=tier, annual_margin=margin, owner=head, calendar=calendar)
        lives.append(live(account, head, NOON + timedelta(minutes=wait), impact, urgency))

    assert all(each == lives[0] for each in lives)


@pytest.mark.django_db
@settings(max_examples=6, **quiet)
@given(tiers=st.permutations(TIERS), margins=margins)
def test_neither_tier_nor_margin_changes_the_order_of_the_queue(tiers, margins):
    head = person("hk")
    calendar = AccountFactory(owner=head).calendar
    for number, (tier, margin) in enumerate(zip(tiers, margins, strict=True)):
        account = AccountFactory(tier=tier, annual_margin=margin, owner=head, calendar=calendar)
        intake = Intake(client_words=f"Case {number}", impact=3, urgency=3)
        at = NOON + timedelta(minutes=number)
        services.log_complaint(actor=head, account=account, intake=intake, now=at)

    queue = complaint_queue(head).filter(lead=head)
    assert [each.title for each in queue] == [f"Case {number}" for number in range(4)]


@pytest.mark.django_db
@settings(max_examples=8, **quiet)
@given(
    at=st.integers(0, 6 * 60),
    waits=st.integers(1, 14 * 24 * 60),
    urgency=st.sampled_from([1, 2, 3, 4]),
)
def test_a_supplier_pauses_nothing(at, waits, urgency):
    head = person("hk")
    account = AccountFactory(owner=head)
    pair = []
    for supplier in (True, False):
        intake = Intake(client_words="Dark", impact=3, urgency=urgency)
        complaint = services.log_complaint(actor=head, account=account, intake=intake, now=NOON)
        services.triage(
            actor=head, complaint=complaint, impact=3, urgency=urgency, category="quality",
            safety=False, assignee=head, lead=head, now=NOON,
        )  # fmt: skip
        asked = NOON + timedelta(minutes=at)
        if supplier:
            services.wait(
                actor=head, complaint=complaint, waiting_for="supplier", body="Case 7", now=asked
            )
            services.resume(actor=head, complaint=complaint, now=asked + timedelta(minutes=waits))
        clocks = Clock.objects.about(complaint).order_by("metric")
        pair.append(list(clocks.values_list("metric", "state", "due_at", "remaining")))

    assert pair[0] == pair[1]
    assert {state for _metric, state, _due, _left in pair[0]} == {"running"}


STEPS = st.sampled_from(
    ["reply", "ready", "resolve", "satisfied", "not_satisfied", "no_answer", "reopen", "sweep"]
)


@pytest.mark.django_db
@settings(max_examples=20, **quiet)
@given(steps=st.lists(st.tuples(STEPS, st.integers(1, 9 * 24)), max_size=12))
def test_nothing_is_closed_without_an_outcome_or_three_tries_and_silence(steps):
    head = person("hk")
    account = AccountFactory(owner=head)
    intake = Intake(client_words="Dark", impact=3, urgency=3)
    complaint = services.log_complaint(actor=head, account=account, intake=intake, now=NOON)
    services.triage(
        actor=head, complaint=complaint, impact=3, urgency=3, category="quality", safety=False,
        assignee=head, lead=head, now=NOON,
    )  # fmt: skip
    at, outcomes = NOON, []

    for step, hours in steps:
        at += timedelta(hours=hours)
        try:
            do(step, complaint, head, at)
        except DomainError:
            complaint.refresh_from_db()
            continue
        complaint.refresh_from_db()
        if step == "resolve":
            outcomes = []
        elif step in {"satisfied", "no_answer"}:
            outcomes.append(step)
        check(complaint, outcomes)


def do(step, complaint, head, at):
    if step == "sweep":
        run_due(at)
    elif step == "ready":
        if complaint.is_open:
            make_ready(complaint, head, at)
    elif step == "reply":
        services.reply(actor=head, complaint=complaint, body="We are on it.", now=at)
    elif step == "resolve":
        services.resolve_complaint(
            actor=head, complaint=complaint, resolution_type="fixed", resolution="Done.", now=at
        )
    elif step == "reopen":
        services.reopen(actor=head, complaint=complaint, reason="Again", now=at)
    else:
        services.record_callback(actor=head, complaint=complaint, outcome=step, now=at)


def check(complaint, outcomes):
    """Closed is confirmed by the client, or three calls and a letter stayed unanswered."""
    if complaint.state != Complaint.State.CLOSED:
        return
    if complaint.is_confirmed:
        assert outcomes[-1] == "satisfied"
    else:
        assert outcomes.count("no_answer") == 3
