"""Contracts: drafted, put into force, ended; and what is refused on the way."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from core.errors import DomainError, InvalidTransition
from core.models import AuditEntry
from sla import services
from sla.models import Contract, Target
from sla.services import TargetRow
from tests.factories import ContractFactory

FAST = [TargetRow("p2", "first_response", 60), TargetRow("p2", "resolution", 240)]
FROM = date(2026, 3, 1)


@pytest.fixture
def draft(account, manager, now):
    return services.draft_contract(
        actor=manager, account=account, calendar=account.calendar, starts_on=FROM, targets=FAST,
        now=now,
    )  # fmt: skip


@pytest.fixture
def edit(draft, manager, now):
    """Return a function that edits the draft; what it is not told stays."""

    def change(actor=manager, **given):
        terms = {"starts_on": FROM, "ends_on": None, "covers_children": False, "targets": FAST}
        return services.edit_contract(
            actor=actor, contract=draft, calendar=draft.calendar, now=now, **{**terms, **given}
        )

    return change


def test_draft_numbers_the_contract_and_promises_nothing_yet(draft, account):
    assert (draft.no, draft.state) == ("SLA-2026-00001", "draft")
    assert draft.targets.count() == 2
    assert not Contract.objects.in_force(FROM).exists()
    assert AuditEntry.objects.get().verb == "sla.draft"


def test_draft_is_for_the_account_manager_of_the_client_only(account, stranger, now):
    with pytest.raises(PermissionDenied):
        services.draft_contract(
            actor=stranger, account=account, calendar=account.calendar, starts_on=FROM,
            targets=FAST, now=now,
        )  # fmt: skip

    assert not Contract.objects.exists()


def test_a_response_later_than_the_resolution_is_refused(edit):
    with pytest.raises(services.contract.ResponseAfterResolution) as refusal:
        edit(targets=[TargetRow("p2", "first_response", 300), TargetRow("p2", "resolution", 240)])

    assert "P2" in str(refusal.value.sentence)


def test_a_response_later_than_the_house_resolution_is_refused(edit):
    with pytest.raises(services.contract.ResponseAfterResolution):
        edit(targets=[TargetRow("p2", "first_response", 9 * 60)])


def test_a_contract_that_ends_before_it_starts_is_refused(edit):
    with pytest.raises(DomainError):
        edit(ends_on=date(2026, 2, 28))


def test_edit_replaces_the_targets_and_tells_both_in_the_audit(edit, draft):
    edit(targets=[TargetRow("p3", "resolution", 600)])

    assert [str(target) for target in draft.targets.all()] == ["p3 resolution 600"]
    entry = AuditEntry.objects.get(verb="sla.edit")
    assert entry.changes["targets"] == [
        ["p2 first_response 60", "p2 resolution 240"], ["p3 resolution 600"],
    ]  # fmt: skip


def test_activate_is_for_the_head_and_puts_it_into_force(draft, manager, head, now):
    with pytest.raises(PermissionDenied):
        services.activate_contract(actor=manager, contract=draft, now=now)
    services.activate_contract(actor=head, contract=draft, now=now)

    assert list(Contract.objects.in_force(FROM)) == [draft]
    assert not Contract.objects.in_force(date(2026, 2, 28)).exists()


def test_a_contract_in_force_is_never_edited(draft, edit, head, now):
    services.activate_contract(actor=head, contract=draft, now=now)

    with pytest.raises(InvalidTransition) as refusal:
        edit()

    assert refusal.value.facts["allowed"] == ["end"]


def test_a_draft_without_targets_is_not_put_into_force(draft, head, now):
    Target.objects.all().delete()

    with pytest.raises(services.contract.NoTargets):
        services.activate_contract(actor=head, contract=draft, now=now)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_refused"),
    [
        (date(2026, 1, 1), None, True),
        (date(2026, 1, 1), FROM, True),
        (date(2026, 1, 1), date(2026, 2, 28), False),
        (date(2027, 1, 1), None, True),
    ],
)
def test_two_contracts_never_hold_on_one_day(
    draft, account, head, now, starts_on, ends_on, is_refused
):
    ContractFactory(account=account, starts_on=starts_on, ends_on=ends_on)

    if is_refused:
        with pytest.raises(services.contract.ContractsOverlap):
            services.activate_contract(actor=head, contract=draft, now=now)
    else:
        services.activate_contract(actor=head, contract=draft, now=now)


def test_the_database_too_refuses_two_contracts_on_one_day(account):
    ContractFactory(account=account)

    with pytest.raises(IntegrityError, match="contracts_in_force_do_not_overlap"):
        ContractFactory(account=account, starts_on=date(2026, 6, 1))


def test_end_holds_from_today_and_keeps_its_reason(draft, head, now):
    services.activate_contract(actor=head, contract=draft, now=now)

    services.end_contract(actor=head, contract=draft, reason="They left the group.", now=now)

    assert (draft.state, draft.ended_on) == ("ended", date(2026, 3, 2))
    assert not Contract.objects.in_force(FROM).exists()
    assert AuditEntry.objects.get(verb="sla.end").reason == "They left the group."
