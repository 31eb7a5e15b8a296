"""Contracts: drafted, talked over, signed, in force, followed by the next version, ended."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Task
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification, Timer
from core.operations import SYSTEM
from sla import services
from sla.models import Contract
from sla.queries import contract_for, versions_of
from sla.services import TargetRow, Terms
from sla.services.contract import NoTargets
from sla.services.lifecycle import ContractIsOver, ContractsOverlap, SignedInTheFuture
from sla.transitions import NewerVersion, ReasonMissing
from tests.factories import AccountFactory, ContractFactory
from tests.sla.contracts import FROM, agreed, in_force, sign, terms

TODAY = date(2026, 3, 2)


@pytest.fixture
def draft(account, manager, now):
    return services.draft_contract(actor=manager, account=account, terms=terms(account), now=now)


@pytest.fixture
def proposed(draft, manager, now):
    return services.propose_contract(actor=manager, contract=draft, now=now)


def states(contract):
    return {each.no: each.state for each in versions_of(contract)}


def verbs():
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


def test_a_draft_has_a_number_and_an_author_and_promises_nothing_yet(draft, account, manager):
    assert (draft.no, draft.revision, draft.state) == ("SLA-2026-00001", 1, "draft")
    assert draft.drafted_by == manager
    assert contract_for(account, TODAY) is None
    assert verbs() == ["sla.draft"]


def test_a_contract_comes_into_force_by_consent_and_both_signatures(draft, manager, head, now):
    services.propose_contract(actor=manager, contract=draft, now=now)
    services.negotiate_contract(
        actor=manager, contract=draft, note="They ask for mornings.", now=now
    )
    services.agree_contract(actor=manager, contract=draft, now=now)
    services.record_signature(
        actor=manager, contract=draft, signed_by="Rada Lipova", signed_on=TODAY,
        document="Drawer 7", now=now,
    )  # fmt: skip
    assert draft.state == "agreed"
    services.sign_contract(actor=head, contract=draft, signed_on=FROM, now=now)

    draft.refresh_from_db()
    assert (draft.state, draft.sent_at, draft.next_review) == ("active", now, date(2026, 6, 1))
    assert (draft.signed_by_us, draft.signed_by_us_on) == (head, FROM)
    assert (draft.signed_by_client, draft.signed_by_client_on) == ("Rada Lipova", TODAY)
    assert draft.document == "Drawer 7"
    assert contract_for(draft.account, TODAY) == draft
    assert verbs() == [
        "sla.draft", "sla.propose", "sla.negotiate", "sla.agree", "sla.record_signature",
        "sla.sign", "sla.activate",
    ]  # fmt: skip
    assert AuditEntry.objects.get(verb="sla.negotiate").reason == "They ask for mornings."
    assert AuditEntry.objects.get(verb="sla.activate").actor is None


WHO = {
    "draft": {"am", "hk"},
    "edit": {"am", "hk"},
    "propose": {"am", "hk"},
    "negotiate": {"am", "hk"},
    "revise": {"am", "hk"},
    "agree": {"am", "hk"},
    "record_signature": {"am", "hk"},
    "renew": {"am", "hk"},
    "withdraw": {"am", "hk"},
    "sign": {"hk"},
    "terminate": {"hk"},
}


@pytest.mark.parametrize("verb", WHO)
def test_each_step_is_for_its_own_people(people, stranger, account, verb):
    on = account if verb == "draft" else ContractFactory(account=account)

    allowed = {role for role, user in people.items() if user.has_perm(f"sla.{verb}", on)}

    assert allowed == WHO[verb]
    assert not stranger.has_perm(f"sla.{verb}", on)


def test_a_refused_person_changes_nothing(account, stranger, manager, now):
    contract = agreed(account, manager, now)

    with pytest.raises(PermissionDenied):
        services.sign_contract(actor=manager, contract=contract, signed_on=TODAY, now=now)
    with pytest.raises(PermissionDenied):
        services.draft_contract(actor=stranger, account=account, terms=terms(account), now=now)

    assert Contract.objects.get().signed_by_us_on is None


def test_a_draft_without_targets_is_not_sent(account, manager, now):
    contract = services.draft_contract(
        actor=manager, account=account, terms=terms(account, targets=()), now=now
    )

    with pytest.raises(NoTargets):
        services.propose_contract(actor=manager, contract=contract, now=now)


@pytest.mark.parametrize(
    ("verb", "given", "state"),
    [
        ("negotiate", {"note": " "}, "proposed"),
        ("withdraw", {"reason": ""}, "proposed"),
        ("terminate", {"reason": "\n"}, "active"),
    ],
)
def test_a_reason_is_asked_for(account, head, now, verb, given, state):
    contract = ContractFactory(account=account, state=state)

    with pytest.raises(ReasonMissing):
        getattr(services, f"{verb}_contract")(actor=head, contract=contract, now=now, **given)

    assert Contract.objects.get().state == state


def test_a_revision_takes_the_place_of_the_offer_when_it_is_sent(proposed, manager, now):
    revision = services.revise_contract(actor=manager, contract=proposed, now=now)

    assert (revision.no, revision.revision, revision.state) == ("SLA-2026-00001/2", 2, "draft")
    assert (revision.predecessor, revision.drafted_by) == (proposed, manager)
    assert Terms.of(revision) == Terms.of(proposed)
    assert states(proposed) == {"SLA-2026-00001": "proposed", "SLA-2026-00001/2": "draft"}

    slower = (TargetRow("p2", "resolution", 600),)
    services.edit_contract(
        actor=manager, contract=revision, terms=replace(Terms.of(revision), targets=slower), now=now
    )
    services.propose_contract(actor=manager, contract=revision, now=now)

    assert states(proposed) == {"SLA-2026-00001": "replaced", "SLA-2026-00001/2": "proposed"}
    assert [str(target) for target in proposed.targets.all()] == [
        "p2  first_response 120", "p2  resolution 480",
    ]  # fmt: skip
    assert AuditEntry.objects.get(verb="sla.replace").target_id == proposed.pk


def test_an_offer_of_which_a_newer_draft_is_written_is_not_agreed(proposed, manager, now):
    revision = services.revise_contract(actor=manager, contract=proposed, now=now)

    for step in (services.agree_contract, services.revise_contract):
        with pytest.raises(NewerVersion) as refusal:
            step(actor=manager, contract=proposed, now=now)
        assert refusal.value.facts["newer"] == revision.no

    services.withdraw_contract(actor=manager, contract=revision, reason="A whim", now=now)
    services.agree_contract(actor=manager, contract=proposed, now=now)

    assert states(proposed) == {"SLA-2026-00001": "agreed", "SLA-2026-00001/2": "withdrawn"}


def test_after_a_withdrawn_version_the_next_one_is_counted_on(proposed, manager, now):
    whim = services.revise_contract(actor=manager, contract=proposed, now=now)
    services.withdraw_contract(actor=manager, contract=whim, reason="A whim", now=now)

    revision = services.revise_contract(actor=manager, contract=proposed, now=now)
    services.propose_contract(actor=manager, contract=revision, now=now)

    assert (revision.no, revision.predecessor) == ("SLA-2026-00001/3", whim)
    assert states(proposed) == {
        "SLA-2026-00001": "replaced", "SLA-2026-00001/2": "withdrawn",
        "SLA-2026-00001/3": "proposed",
    }  # fmt: skip


def test_a_dropped_draft_is_frozen(draft, manager, now):
    services.withdraw_contract(actor=manager, contract=draft, reason="Wrong client", now=now)

    assert (draft.state, draft.sent_at) == ("withdrawn", now)
    with pytest.raises(InvalidTransition):
        services.edit_contract(actor=manager, contract=draft, terms=terms(draft.account), now=now)


def test_a_signature_is_not_dated_tomorrow(account, manager, head, now):
    contract = agreed(account, manager, now)

    with pytest.raises(SignedInTheFuture):
        services.sign_contract(
            actor=head, contract=contract, signed_on=TODAY + timedelta(days=1), now=now
        )


def test_a_contract_whose_last_day_has_passed_is_not_signed(account, manager, head, now):
    contract = agreed(
        account, manager, now, starts_on=date(2026, 1, 1), ends_on=TODAY - timedelta(days=1)
    )

    with pytest.raises(ContractIsOver):
        services.sign_contract(actor=head, contract=contract, signed_on=TODAY, now=now)


def test_a_contract_signed_before_its_first_day_waits_for_it(account, manager, head, now):
    contract = in_force(account, head, now, starts_on=date(2026, 4, 1))

    assert contract.state == "agreed"
    timer = Timer.objects.get(kind="sla.contract")
    assert (timer.step, timer.due_at.isoformat()) == ("start", "2026-03-31T21:00:00+00:00")
    with pytest.raises(InvalidTransition):
        services.activate_contract(actor=SYSTEM, contract=contract, now=now)


OVERLAPS = [
    ({}, True),
    ({"ends_on": FROM}, True),
    ({"ends_on": FROM - timedelta(days=1)}, False),
    ({"starts_on": date(2027, 1, 1)}, True),
    ({"state": "expiring", "starts_on": date(2027, 1, 1)}, True),
    ({"state": "terminated"}, False),
    ({"scope": "Tills"}, False),
    ({"state": "agreed"}, False),
    ({"state": "agreed", "signed_by_us_on": FROM, "signed_by_client_on": FROM}, True),
]


@pytest.mark.parametrize(("other", "is_refused"), OVERLAPS)
def test_two_contracts_for_the_same_never_hold_on_one_day(
    account, manager, head, now, other, is_refused
):
    rival = ContractFactory(account=account, **other)
    contract = agreed(account, manager, now)

    if is_refused:
        with pytest.raises(ContractsOverlap) as refusal:
            sign(contract, head, now)
        assert refusal.value.code == "contracts_overlap"
        assert refusal.value.facts["rival"] == rival.no
        assert Contract.objects.get(pk=contract.pk).signed_by_client_on is None
    else:
        assert sign(contract, head, now).state == "active"


def test_contracts_of_two_accounts_do_not_hinder_each_other(account, head, now):
    ContractFactory(account=AccountFactory(parent=account))

    assert in_force(account, head, now).state == "active"


def test_a_contract_that_ends_before_another_begins_does_not_hinder_it(account, head, now):
    ContractFactory(account=account, starts_on=date(2026, 5, 1))

    assert in_force(account, head, now, ends_on=date(2026, 4, 30)).state == "active"


def test_a_renewal_is_the_same_for_the_time_after(account, manager, head, now):
    contract = in_force(account, head, now, ends_on=date(2027, 2, 28), notice_days=30)

    renewal = services.renew_contract(actor=manager, contract=contract, now=now)

    assert (renewal.no, renewal.predecessor) == ("SLA-2026-00001/2", contract)
    assert Terms.of(renewal) == replace(
        Terms.of(contract), starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 29)
    )
    assert states(contract) == {"SLA-2026-00001": "active", "SLA-2026-00001/2": "draft"}
    with pytest.raises(NewerVersion):
        services.renew_contract(actor=manager, contract=contract, now=now)


@pytest.mark.parametrize(
    ("state", "ends_on", "starts_on"),
    [("active", None, TODAY), ("expired", date(2026, 2, 14), TODAY)],
)
def test_a_renewal_starts_today_at_the_earliest(account, head, now, state, ends_on, starts_on):
    contract = ContractFactory(account=account, state=state, ends_on=ends_on)

    renewal = services.renew_contract(actor=head, contract=contract, now=now)

    assert renewal.starts_on == starts_on


def test_a_renewal_in_force_takes_over_on_its_first_day_and_cuts_nothing(account, head, now):
    contract = in_force(account, head, now, starts_on=date(2026, 1, 1))
    renewal = services.renew_contract(actor=head, contract=contract, now=now)
    services.propose_contract(actor=head, contract=renewal, now=now)
    services.agree_contract(actor=head, contract=renewal, now=now)

    sign(renewal, head, now)

    contract.refresh_from_db()
    assert (contract.state, contract.ended_on) == ("renewed", date(2026, 3, 1))
    assert (renewal.state, contract_for(account, TODAY)) == ("active", renewal)
    assert not Timer.objects.filter(subject_id=contract.pk, fired_at=None).exists()


def test_a_renewal_after_a_gap_leaves_the_end_of_the_one_before_alone(account, head, now):
    contract = in_force(account, head, now, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    renewal = services.renew_contract(actor=head, contract=contract, now=now)
    late = replace(Terms.of(renewal), starts_on=date(2026, 4, 2))
    services.edit_contract(actor=head, contract=renewal, terms=late, now=now)
    services.propose_contract(actor=head, contract=renewal, now=now)
    services.agree_contract(actor=head, contract=renewal, now=now)

    sign(renewal, head, now + timedelta(days=31))

    contract.refresh_from_db()
    assert (contract.state, contract.ended_on, renewal.state) == ("active", None, "active")


def test_the_end_holds_from_today_and_leaves_the_house_standard(account, head, now):
    contract = in_force(account, head, now, ends_on=date(2026, 4, 30))

    services.terminate_contract(
        actor=head, contract=contract, reason="They left the group.", now=now
    )

    assert (contract.state, contract.ended_on) == ("terminated", TODAY)
    assert contract_for(account, TODAY) is None
    assert AuditEntry.objects.get(verb="sla.terminate").reason == "They left the group."
    assert not Timer.objects.filter(kind="sla.contract", fired_at=None).exists()


@pytest.mark.parametrize("is_renewed", [True, False])
def test_a_clock_that_runs_keeps_its_version_after_a_renewal_and_after_the_end(
    account, head, start, clock_of, now, is_renewed
):
    contract = in_force(account, head, now, starts_on=date(2026, 1, 1))
    complaint = start()
    due_at = clock_of(complaint).due_at

    if is_renewed:
        renewal = services.renew_contract(actor=head, contract=contract, now=now)
        slower = replace(Terms.of(renewal), targets=(TargetRow("p2", "resolution", 900),))
        services.edit_contract(actor=head, contract=renewal, terms=slower, now=now)
        services.propose_contract(actor=head, contract=renewal, now=now)
        services.agree_contract(actor=head, contract=renewal, now=now)
        sign(renewal, head, now)
    else:
        services.terminate_contract(actor=head, contract=contract, reason="Sold", now=now)

    clock = clock_of(complaint)
    assert (clock.contract, clock.due_at, clock.state) == (contract, due_at, "running")
    later = clock_of(start())
    assert later.contract == (renewal if is_renewed else None)


def test_an_agreed_contract_that_nobody_signs_can_be_ended(account, manager, head, now):
    contract = agreed(account, manager, now)

    services.terminate_contract(actor=head, contract=contract, reason="Never signed", now=now)

    assert contract.state == "terminated"


def test_the_talk_about_a_renewal_ends_with_the_contract(account, head, now):
    contract = ContractFactory(account=account, state="expiring", ends_on=date(2026, 4, 30))
    task = Task.objects.create(
        kind="renewal_talk", account=account, subject=contract, assignee=account.owner,
        opened_at=now, due_at=now + timedelta(days=30),
    )  # fmt: skip

    services.terminate_contract(actor=head, contract=contract, reason="Sold", now=now)

    task.refresh_from_db()
    assert (task.state, task.outcome) == ("cancelled", "Sold")


def heard(verb):
    rows = Notification.objects.filter(entry__verb=verb)
    return set(rows.values_list("recipient__email", flat=True))


def test_the_account_manager_and_the_heads_hear_of_what_binds_us(account, people, now):
    boss = people["hk"]
    contract = agreed(account, people["am"], now)
    sign(contract, boss, now)
    services.terminate_contract(actor=boss, contract=contract, reason="Sold", now=now)

    owner = account.owner.email
    assert heard("sla.agree") == {boss.email}
    assert heard("sla.sign") == heard("sla.record_signature") == {owner}
    assert heard("sla.activate") == {owner, boss.email}
    assert heard("sla.terminate") == {owner}
