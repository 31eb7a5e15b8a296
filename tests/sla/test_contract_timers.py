"""What happens to a contract by itself: its first and last day, talks about renewing it, reviews."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.kinds import alert_advice, alert_says, task_kind, task_says
from accounts.models import Alert, Task
from accounts.services import finish_task
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification, Timer
from core.operations import SYSTEM
from core.timers import run_due
from sla import services
from sla.contract_timers import end_moment, moments
from sla.models import Contract
from sla.queries import contract_for, versions_of
from sla.services import Terms
from tests.factories import AccountFactory, ContractFactory
from tests.sla.contracts import FAST, agreed, in_force, sign, terms

LAST_DAY = date(2026, 12, 31)
END = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
"""Midnight in Sofia after the last day."""
EXPIRING = datetime(2026, 10, 2, 6, 0, tzinfo=UTC)
"""09:00 in Sofia, 90 days before the last day."""
LATE = timedelta(days=10)
SECOND = timedelta(seconds=1)


@pytest.fixture
def contract(account, head, now):
    return in_force(account, head, now, ends_on=LAST_DAY, review_every=24)


def state_of(contract):
    return Contract.objects.get(pk=contract.pk).state


def follower_of(contract):
    return versions_of(contract).last()


def entries(verb):
    return AuditEntry.objects.filter(verb=verb)


def plan(contract):
    return {step: at.isoformat()[:16] for step, at in moments(contract).items()}


def test_the_moments_of_a_contract_lie_on_the_clocks_of_the_account(account, now):
    contract = ContractFactory(account=account, ends_on=LAST_DAY, next_review=date(2026, 4, 1))

    assert plan(contract) == {
        "expiring": "2026-10-02T06:00",
        "talk60": "2026-11-01T07:00",
        "talk30": "2026-12-01T07:00",
        "end": "2026-12-31T22:00",
        "review:2026-04-01": "2026-04-01T06:00",
        "overdue:2026-04-01": "2026-04-15T15:00",
    }
    account.time_zone = "America/New_York"
    assert plan(contract)["end"] == "2027-01-01T05:00"


@pytest.mark.parametrize(
    ("notice_days", "expiring"),
    [(0, "2026-10-02"), (60, "2026-10-02"), (61, "2026-10-01"), (90, "2026-09-02")],
)
def test_a_contract_expires_90_days_ahead_or_a_month_before_notice_must_be_given(
    account, notice_days, expiring
):
    contract = ContractFactory(account=account, ends_on=LAST_DAY, notice_days=notice_days)

    assert plan(contract)["expiring"][:10] == expiring


def test_a_short_contract_expires_from_its_first_moment_and_is_reminded_of_what_lies_ahead(account):
    contract = ContractFactory(account=account, ends_on=date(2026, 2, 14))

    assert plan(contract) == {
        "expiring": "2025-12-31T22:00", "talk30": "2026-01-15T07:00", "end": "2026-02-14T22:00",
    }  # fmt: skip


def test_a_contract_without_a_last_day_never_ends_by_itself(account):
    contract = ContractFactory(account=account)

    assert moments(contract) == {}
    with pytest.raises(LookupError):
        end_moment(contract)


@pytest.mark.parametrize("state", ["draft", "agreed", "expired", "terminated", "renewed"])
def test_a_contract_that_is_not_in_force_has_no_moments(account, state):
    assert moments(ContractFactory(account=account, state=state, ends_on=LAST_DAY)) == {}


def test_a_signed_contract_comes_into_force_at_the_midnight_of_its_first_day(account, head, now):
    contract = in_force(account, head, now, starts_on=date(2026, 4, 1))
    midnight = datetime(2026, 3, 31, 21, 0, tzinfo=UTC)

    run_due(midnight - SECOND)
    assert state_of(contract) == "agreed"
    run_due(midnight)

    contract.refresh_from_db()
    assert (contract.state, contract.next_review) == ("active", date(2026, 7, 1))
    assert entries("sla.activate").get().happened_at == midnight


def test_nine_months_on_the_account_manager_is_to_talk_about_the_next_contract(
    contract, account, head
):
    run_due(EXPIRING - SECOND)
    assert state_of(contract) == "active"
    run_due(EXPIRING)

    assert state_of(contract) == "expiring"
    assert contract_for(account, LAST_DAY) == contract
    task = Task.objects.get()
    assert (task.kind, task.assignee, task.subject) == ("renewal_talk", account.owner, contract)
    assert task.due_at == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert task_says(task) == (f"Talk about renewing {contract.no}, which ends on 31 December 2026")
    assert task_kind(task.kind).url(task) == f"/sla/{contract.pk}/"
    entry = entries("sla.expiring").get()
    assert entry.changes == {"state": ["active", "expiring"]}
    assert str(entry.says) == f"The contract {contract.no} ends on 31 December 2026"
    told = Notification.objects.filter(entry=entry).values_list("recipient", flat=True)
    assert set(told) == {account.owner_id, head.pk}


@pytest.mark.parametrize("has_deputy", [True, False])
def test_the_talk_goes_to_somebody_else_when_the_account_manager_has_left(
    contract, account, agent, head, has_deputy
):
    account.owner.is_active = False
    account.owner.save()
    account.deputy = agent if has_deputy else None
    account.save()

    run_due(EXPIRING)

    assert Task.objects.get().assignee == (agent if has_deputy else head)


def test_the_talk_is_reminded_of_60_and_30_days_ahead_until_it_is_held(contract, account):
    run_due(EXPIRING)
    run_due(datetime(2026, 11, 1, 7, 0, tzinfo=UTC))
    finish_task(actor=account.owner, task=Task.objects.get(), now=EXPIRING)
    run_due(datetime(2026, 12, 1, 7, 0, tzinfo=UTC))

    reminder = entries("sla.remind_renewal").get()
    assert reminder.happened_at == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
    told = Notification.objects.filter(entry=reminder).values_list("recipient", flat=True)
    assert list(told) == [account.owner_id]


def test_a_contract_ends_after_its_last_day_and_the_house_standard_holds(contract, account):
    run_due(END - SECOND)
    assert state_of(contract) == "expiring"
    run_due(END)

    assert state_of(contract) == "expired"
    assert contract_for(account, LAST_DAY + timedelta(days=1)) is None
    assert entries("sla.expire").get().changes == {"state": ["expiring", "expired"]}
    assert Task.objects.get().state == "cancelled"


def test_the_signed_renewal_takes_over_at_midnight(contract, account, head, now):
    renewal = services.renew_contract(actor=head, contract=contract, now=now)
    services.propose_contract(actor=head, contract=renewal, now=now)
    services.agree_contract(actor=head, contract=renewal, now=now)
    sign(renewal, head, now)
    run_due(EXPIRING)
    run_due(END)

    contract.refresh_from_db()
    assert (contract.state, contract.ended_on) == ("renewed", LAST_DAY)
    assert state_of(renewal) == "active"
    assert not entries("sla.expire").exists()
    task = Task.objects.get()
    assert (task.state, task.outcome) == ("done", renewal.no)


def test_the_renewal_takes_over_whichever_timer_is_swept_first(contract, account, head, now):
    renewal = services.renew_contract(actor=head, contract=contract, now=now)
    services.propose_contract(actor=head, contract=renewal, now=now)
    services.agree_contract(actor=head, contract=renewal, now=now)
    sign(renewal, head, now)
    Timer.objects.filter(subject_id=renewal.pk, step="start").update(fire_at=END + LATE)

    run_due(END)
    run_due(END + LATE)

    assert (state_of(contract), state_of(renewal)) == ("renewed", "active")
    assert entries("sla.activate").filter(target_id=renewal.pk).count() == 1


@pytest.fixture
def self_renewing(account, head, technician, manager, now):
    """A contract that renews itself, with approvals and both signatures."""
    given = terms(account, targets=FAST, ends_on=LAST_DAY, auto_renew=True, review_every=24)
    contract = services.draft_contract(actor=manager, account=account, terms=given, now=now)
    services.approve_contract(actor=head, contract=contract, kind="tighter", now=now)
    services.approve_contract(actor=technician, contract=contract, kind="feasible", now=now)
    services.propose_contract(actor=manager, contract=contract, now=now)
    services.agree_contract(actor=manager, contract=contract, now=now)
    return sign(contract, head, now)


def test_a_contract_that_renews_itself_goes_on_with_its_terms_approvals_and_signatures(
    self_renewing, account, head, technician, now
):
    run_due(END)

    self_renewing.refresh_from_db()
    follower = follower_of(self_renewing)
    assert (self_renewing.state, self_renewing.ended_on) == ("renewed", LAST_DAY)
    assert (follower.no, follower.state) == ("SLA-2026-00001/2", "active")
    assert (follower.starts_on, follower.ends_on) == (date(2027, 1, 1), date(2027, 10, 31))
    assert replace(
        Terms.of(follower), starts_on=self_renewing.starts_on, ends_on=LAST_DAY
    ) == Terms.of(self_renewing)
    assert {each.kind: each.by for each in follower.approvals.all()} == {
        "tighter": head, "feasible": technician,
    }  # fmt: skip
    assert (follower.signed_by_us, follower.signed_by_us_on) == (head, now.date())
    assert (follower.signed_by_client, follower.drafted_by) == ("Rada Lipova", account.owner)
    assert contract_for(account, date(2027, 1, 1)) == follower
    assert entries("sla.roll_over").get().target_id == follower.pk
    assert set(moments(follower)) >= {"expiring", "talk60", "talk30", "end"}


def test_a_contract_that_renews_itself_goes_on_year_after_year(self_renewing):
    run_due(END + timedelta(days=5 * 365))

    states = [each.state for each in versions_of(self_renewing)]
    assert states[:-1] == ["renewed"] * (len(states) - 1)
    assert states[-1] in {"active", "expiring"}
    assert len(states) == 7


def test_a_contract_goes_on_by_itself_only_where_that_was_agreed(contract, now):
    with pytest.raises(InvalidTransition):
        services.roll_over_contract(actor=SYSTEM, contract=contract, since=END, now=END)


def test_it_does_not_renew_itself_while_other_terms_are_talked_about(self_renewing, head, now):
    services.renew_contract(actor=head, contract=self_renewing, now=now)

    run_due(END)

    assert [each.state for each in versions_of(self_renewing)] == ["expired", "draft"]


def test_it_renews_itself_after_the_other_terms_were_withdrawn(self_renewing, head, now):
    renewal = services.renew_contract(actor=head, contract=self_renewing, now=now)
    services.withdraw_contract(actor=head, contract=renewal, reason="A whim", now=now)

    run_due(END)

    assert [each.state for each in versions_of(self_renewing)] == [
        "renewed", "withdrawn", "active",
    ]  # fmt: skip


def test_it_does_not_renew_itself_into_another_contract(self_renewing, account):
    ContractFactory(account=account, starts_on=date(2027, 3, 1))

    run_due(END)

    assert state_of(self_renewing) == "expired"


def test_it_does_not_renew_itself_once_it_was_ended(self_renewing, head, now):
    services.terminate_contract(actor=head, contract=self_renewing, reason="Sold", now=now)

    run_due(END)

    assert [each.state for each in versions_of(self_renewing)] == ["terminated"]


def test_what_ends_on_29_february_renews_itself_until_28_february(account, head, now):
    contract = in_force(
        account, head, now, starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 29), auto_renew=True
    )

    run_due(datetime(2028, 3, 1, 12, 0, tzinfo=UTC))

    follower = follower_of(contract)
    assert (follower.starts_on, follower.ends_on) == (date(2028, 3, 1), date(2029, 2, 28))


FACTS = (
    "no", "state", "starts_on", "ends_on", "ended_on", "next_review", "signed_by_us_on",
    "signed_by_client_on", "predecessor__no",
)  # fmt: skip


def story():
    """Return all that a sweep leaves, but for when it ran."""
    kept = AuditEntry.objects.filter(actor=None, verb__startswith="sla.").order_by("happened_at")
    return {
        "contracts": list(Contract.objects.order_by("no").values_list(*FACTS)),
        "tasks": list(Task.objects.order_by("kind").values_list("kind", "due_at", "state")),
        "alerts": list(Alert.objects.values_list("kind", "level", "facts")),
        "history": sorted(kept.values_list("verb", "label", "happened_at", "changes__state")),
    }


STEPS = {
    "start": (datetime(2026, 3, 31, 21, 0, tzinfo=UTC), {"starts_on": date(2026, 4, 1)}),
    "expiring": (EXPIRING, {"ends_on": LAST_DAY}),
    "review": (datetime(2026, 6, 1, 6, 0, tzinfo=UTC), {}),
    "renewal": (END, {"ends_on": LAST_DAY, "auto_renew": True}),
    "end": (END, {"ends_on": LAST_DAY}),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_sweep_that_is_ten_days_late_or_runs_twice_leaves_the_same(account, head, now, step):
    at, given = STEPS[step]
    in_force(account, head, now, **given)
    run_due(at - SECOND)

    before = transaction.savepoint()
    run_due(at)
    punctual = story()
    run_due(at)
    twice = story()
    transaction.savepoint_rollback(before)
    run_due(at + LATE)

    assert story() == twice == punctual


def test_after_a_long_outage_a_contract_that_is_over_only_ends(contract):
    run_due(END + LATE)

    assert state_of(contract) == "expired"
    assert not Task.objects.exists()
    assert not entries("sla.expiring").exists()
    ended = entries("sla.expire").get()
    assert (ended.happened_at, ended.details["lag_seconds"]) == (END, LATE.total_seconds())


def test_after_an_outage_the_reminders_of_a_talk_are_one(contract):
    run_due(EXPIRING)
    run_due(datetime(2026, 12, 5, 7, 0, tzinfo=UTC))

    assert entries("sla.remind_renewal").get().happened_at.date() == date(2026, 12, 1)


def test_a_review_is_to_be_held_within_ten_business_days(account, head, now):
    contract = in_force(account, head, now)
    day = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)

    run_due(day)

    task = Task.objects.get()
    assert (task.kind, task.assignee, task.subject) == ("sla_review", account.owner, contract)
    assert task.due_at == datetime(2026, 6, 15, 15, 0, tzinfo=UTC)
    assert task_says(task) == f"Hold the review of {contract.no} planned for 1 June 2026"
    assert task_kind(task.kind).url(task) == f"/sla/{contract.pk}/hold-review/"
    assert not Alert.objects.exists()


def test_a_review_that_is_not_held_in_time_raises_an_amber_alert(account, head, now):
    contract = in_force(account, head, now)
    due = datetime(2026, 6, 15, 15, 0, tzinfo=UTC)
    run_due(due - SECOND)
    assert not Alert.objects.exists()

    run_due(due)

    alert = Alert.objects.get()
    assert (alert.kind, alert.level, alert.subject) == ("review_overdue", "amber", contract)
    assert alert.facts == {"no": contract.no, "planned_on": "2026-06-01"}
    assert alert_says(alert) == (
        f"The review of {contract.no} was planned for 1 June 2026 and has not been held"
    )
    assert alert_advice(alert) == "Agree on a day with the client, and hold it."


def test_a_review_that_was_held_asks_for_nothing_until_the_next(account, head, now):
    contract = in_force(account, head, now)
    services.hold_review(
        actor=head, contract=contract, first_month=date(2026, 2, 1),
        last_month=date(2026, 2, 1), held_on=now.date(), minutes="All is well.", now=now,
    )  # fmt: skip
    contract.refresh_from_db()

    run_due(datetime(2026, 7, 1, tzinfo=UTC))

    assert contract.next_review == date(2026, 9, 1)
    assert not Task.objects.exists()
    assert not Alert.objects.exists()
    run_due(datetime(2026, 9, 1, 6, 0, tzinfo=UTC))
    assert Task.objects.get().kind == "sla_review"


def test_each_further_contract_that_ends_costs_two_queries(head, now):
    def end(contracts):
        for account in AccountFactory.create_batch(contracts):
            sign(agreed(account, head, now, ends_on=LAST_DAY, review_every=24), head, now)
        run_due(END - SECOND)
        Task.objects.all().delete()
        before = transaction.savepoint()
        with CaptureQueriesContext(connection) as captured:
            run_due(END)
        transaction.savepoint_rollback(before)
        return len(captured)

    one = end(1)
    five = end(4)  # the first is still among them
    assert five - one == 4 * 2
