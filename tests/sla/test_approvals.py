"""Whose consent a draft needs before it is sent, and who may give it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from core.models import AuditEntry, Notification
from sla import services
from sla.approvals import approvals_missing, approvals_needed, is_tighter
from sla.house import Promised
from sla.services import BandRow, TargetRow, Terms
from tests.factories import DeputyshipFactory, UserFactory
from tests.sla.contracts import FAST, HOUSE, terms

FIRST, RESOLUTION = "first_response", "resolution"


def band(metric, begin, end, credit):
    return BandRow(metric, Decimal(begin), Decimal(end), Decimal(credit))


@pytest.fixture
def draft(account, manager, now):
    """Return a function that drafts a contract with these terms, as its account manager."""

    def make(**given):
        return services.draft_contract(
            actor=manager, account=account, terms=terms(account, **given), now=now
        )

    return make


@pytest.fixture
def finance(people):
    return people["fi"]


NEEDED = [
    ({}, []),
    ({"targets": FAST}, ["tighter", "feasible"]),
    ({"targets": (*HOUSE, TargetRow("p2", "workaround", 480))}, ["tighter", "feasible"]),
    (
        {"targets": (*HOUSE, TargetRow("p4", RESOLUTION, 6_000, around_the_clock=True))},
        ["tighter", "feasible"],
    ),
    ({"targets": (TargetRow("p1", RESOLUTION, 240, around_the_clock=True),)}, []),
    ({"targets": (TargetRow("p3", "update", 540),)}, []),
    ({"targets": (TargetRow("p3", "update", 539),)}, ["tighter", "feasible"]),
    ({"targets": (TargetRow("p4", "update", 1_619),)}, ["tighter", "feasible"]),
    ({"bands": ()}, []),
    ({"bands": (band(FIRST, 80, 90, 6),)}, []),
    ({"bands": (band(FIRST, 80, 90, "6.5"),)}, ["credits"]),
    ({"bands": (band(FIRST, 70, 95, 3),)}, []),
    ({"bands": (band(FIRST, 70, "95.5", 3),)}, ["credits"]),
    ({"bands": (band(FIRST, 60, 85, 8),)}, ["credits"]),
    ({"bands": (band("update", 0, 50, 1),)}, ["credits"]),
    ({"bands": (band("update", 0, 50, 0),)}, []),
    ({"per_extra_miss_percent": Decimal("2.1")}, ["credits"]),
    ({"tolerated_misses": 0}, ["credits"]),
    ({"per_extra_miss_percent": Decimal(1), "tolerated_misses": 3}, []),
    ({"monthly_cap_percent": Decimal(12)}, ["caps"]),
    ({"annual_cap_percent": Decimal(4)}, ["caps"]),
    (
        {"targets": FAST, "tolerated_misses": 0, "annual_cap_percent": Decimal(6)},
        ["tighter", "feasible", "credits", "caps"],
    ),
]


@pytest.mark.parametrize(("given", "needed"), NEEDED)
def test_what_goes_beyond_the_house_standard_needs_consent(draft, given, needed):
    contract = draft(**given)

    assert approvals_needed(contract) == approvals_missing(contract) == needed


def test_a_day_of_the_house_is_the_longest_of_the_calendar(account):
    one_day = Promised(timedelta(hours=9))
    shorter = Promised(timedelta(hours=9) - timedelta(minutes=1))

    assert not is_tighter("p3", "update", one_day, account.calendar)
    assert is_tighter("p3", "update", shorter, account.calendar)


WHO_GIVES = {
    "tighter": {"hk"},
    "feasible": {"te"},
    "credits": {"hk"},
    "caps": {"fi"},
}


@pytest.mark.parametrize("kind", WHO_GIVES)
@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex", "ad", "api"])
def test_each_kind_of_consent_is_given_by_its_own_people(draft, people, now, kind, role):
    contract = draft(targets=FAST, tolerated_misses=0, annual_cap_percent=Decimal(6))
    contract.drafted_by = None
    contract.save()

    if role in WHO_GIVES[kind]:
        services.approve_contract(
            actor=people[role], contract=contract, kind=kind, note="Fine.", now=now
        )
        approval = contract.approvals.get()
        assert (approval.kind, approval.by, approval.at) == (kind, people[role], now)
        assert approval.note == "Fine."
    else:
        with pytest.raises(PermissionDenied):
            services.approve_contract(actor=people[role], contract=contract, kind=kind, now=now)
        assert not contract.approvals.exists()


def test_nobody_consents_to_what_he_wrote_himself(account, head, technician, now):
    author = UserFactory(roles=["am", "te", "hk"])
    contract = services.draft_contract(
        actor=author, account=account, terms=terms(account, targets=FAST), now=now
    )
    services.edit_contract(
        actor=head, contract=contract, terms=replace(Terms.of(contract), notice_days=30), now=now
    )

    for person, kind in ((author, "tighter"), (author, "feasible"), (head, "tighter")):
        with pytest.raises(services.contract.SamePerson) as refusal:
            services.approve_contract(actor=person, contract=contract, kind=kind, now=now)
        assert refusal.value.code == "same_person"
    services.approve_contract(actor=technician, contract=contract, kind="feasible", now=now)

    assert approvals_missing(contract) == ["tighter"]


@pytest.mark.parametrize("kind", ["caps", "feasible"])
def test_consent_that_is_not_needed_or_given_already_is_refused(
    draft, technician, finance, now, kind
):
    contract = draft(targets=FAST)
    services.approve_contract(actor=technician, contract=contract, kind="feasible", now=now)
    person = finance if kind == "caps" else technician

    with pytest.raises(services.contract.ApprovalNotNeeded):
        services.approve_contract(actor=person, contract=contract, kind=kind, now=now)


def test_a_draft_is_sent_when_all_have_consented_and_not_before(
    draft, manager, head, technician, now
):
    contract = draft(targets=FAST)
    services.approve_contract(actor=head, contract=contract, kind="tighter", now=now)

    with pytest.raises(services.contract.ApprovalMissing) as refusal:
        services.propose_contract(actor=manager, contract=contract, now=now)

    assert refusal.value.code == "approval_missing"
    assert refusal.value.facts["missing"] == ["feasible"]
    assert "Technician" in str(refusal.value.sentence)
    assert contract.is_draft

    services.approve_contract(actor=technician, contract=contract, kind="feasible", now=now)
    services.propose_contract(actor=manager, contract=contract, now=now)

    assert (contract.state, contract.sent_at) == ("proposed", now)


def test_changed_terms_must_be_approved_anew(draft, manager, head, now):
    contract = draft(targets=FAST)
    services.approve_contract(actor=head, contract=contract, kind="tighter", now=now)

    services.edit_contract(
        actor=manager, contract=contract, terms=replace(Terms.of(contract), notice_days=30), now=now
    )

    assert approvals_missing(contract) == ["tighter", "feasible"]
    assert AuditEntry.objects.get(verb="sla.edit").changes["approvals"] == [["tighter"], []]


def heard(verb):
    rows = Notification.objects.filter(entry__verb=verb)
    return set(rows.values_list("recipient__email", flat=True))


def test_those_whose_consent_is_needed_are_asked_but_for_the_author(draft, people, now):
    draft()
    assert heard("sla.ask_approval") == set()

    draft(targets=FAST)

    assert heard("sla.ask_approval") == {people["hk"].email, people["te"].email}
    asked = AuditEntry.objects.get(verb="sla.ask_approval")
    assert str(asked.says) == (
        "SLA-2026-00002 needs approval: Targets tighter than the house standard"
        " and The tighter targets can be kept"
    )


def test_an_author_is_not_asked_for_his_own_consent_and_a_deputy_is(account, head, people, now):
    deputy = UserFactory(roles=["sa"])
    DeputyshipFactory(
        person=people["te"], deputy=deputy, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31)
    )

    services.draft_contract(
        actor=head, account=account, terms=terms(account, targets=FAST), now=now
    )

    assert heard("sla.ask_approval") == {people["te"].email, deputy.email}


def test_the_author_hears_of_the_consent(draft, manager, head, now):
    contract = draft(targets=FAST)

    services.approve_contract(actor=head, contract=contract, kind="tighter", now=now)

    assert heard("sla.approve") == {manager.email}
