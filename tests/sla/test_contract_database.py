"""What the database itself keeps of contracts, whatever code or hand writes to it."""

from contextlib import contextmanager
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from sla.models import (
    Approval,
    Contract,
    CreditBand,
    EscalationStep,
    Exclusion,
    ScopeItem,
    Target,
)
from sla.models.contract import TERMS
from tests.factories import NOON, ContractFactory

FINAL = "the terms of a sent contract never change"


def parts(contract, head):
    """Return one unsaved row of each kind that belongs to a contract."""
    return {
        Target: Target(contract=contract, priority="p4", metric="update", minutes=60),
        ScopeItem: ScopeItem(contract=contract, service="Repair"),
        Exclusion: Exclusion(contract=contract, kind="client_delay"),
        CreditBand: CreditBand(
            contract=contract, metric="update", from_percent=0, to_percent=80, credit_percent=5
        ),
        EscalationStep: EscalationStep(
            contract=contract, position=1, action="notify", hearer="head", percent=50
        ),
        Approval: Approval(contract=contract, kind="tighter", by=head, at=NOON),
    }


CHANGES = {
    Target: {"minutes": 1},
    ScopeItem: {"service": "Advice"},
    Exclusion: {"text": "more"},
    CreditBand: {"credit_percent": 1},
    EscalationStep: {"any_hour": True},
    Approval: {"note": "more"},
}


@pytest.fixture
def sent(account, head):
    """A contract with a row of each kind, in force."""
    contract = ContractFactory(account=account, state="draft")
    for row in parts(contract, head).values():
        row.save()
    Contract.objects.filter(pk=contract.pk).update(state="active", sent_at=NOON)
    contract.refresh_from_db()
    return contract


@contextmanager
def refused():
    with pytest.raises(DatabaseError, match=FINAL), transaction.atomic():
        yield


@pytest.mark.parametrize("model", CHANGES)
def test_what_belongs_to_a_sent_contract_is_not_changed_by_sql(sent, head, model):
    rows = model.objects.filter(contract=sent)
    new = parts(sent, head)[model]

    with refused():
        rows.update(**CHANGES[model])
    with refused():
        rows._raw_delete("default")
    with refused():
        model.objects.bulk_create([new])


@pytest.mark.parametrize("model", CHANGES)
def test_nothing_is_moved_to_a_sent_contract_or_away_from_it(sent, account, head, model):
    draft = ContractFactory(account=account, state="draft")
    parts(draft, head)[model].save()

    with refused():
        model.objects.filter(contract=draft).update(contract=sent)
    with refused():
        model.objects.filter(contract=sent).update(contract=draft)


OTHER = {
    "scope": "else", "starts_on": date(2026, 1, 2), "ends_on": date(2030, 1, 1),
    "covers_children": True, "auto_renew": True, "notice_days": 1, "monthly_fee": 1,
    "currency": "USD", "review_every": 1, "monthly_cap_percent": 1, "annual_cap_percent": 1,
    "n_min": 1, "per_extra_miss_percent": 1, "tolerated_misses": 9, "revision": 9,
    "sent_at": None, "account_id": uuid4(), "calendar_id": uuid4(), "predecessor_id": uuid4(),
}  # fmt: skip


def test_every_term_has_another_value_to_try():
    assert OTHER.keys() == {*TERMS, "sent_at"}


@pytest.mark.parametrize("column", OTHER)
def test_the_terms_of_a_sent_contract_are_not_changed_by_sql(sent, column):
    with refused():
        Contract.objects.filter(pk=sent.pk).update(**{column: OTHER[column]})


def test_a_draft_is_changed_as_long_as_it_is_not_sent(account, head):
    contract = ContractFactory(account=account, state="draft")
    for row in parts(contract, head).values():
        row.save()

    for model, change in CHANGES.items():
        model.objects.update(**change)
        model.objects.all()._raw_delete("default")
    Contract.objects.update(notice_days=1)

    assert not contract.targets.exists()


@pytest.mark.parametrize(("state", "sent_at"), [("draft", NOON), ("proposed", None)])
def test_only_a_draft_is_not_sent(account, state, sent_at):
    contract = ContractFactory(account=account, state="draft")

    with pytest.raises(IntegrityError, match="only_a_draft_is_not_sent"):
        Contract.objects.filter(pk=contract.pk).update(state=state, sent_at=sent_at)


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        ({}, {"starts_on": date(2027, 1, 1)}, True),
        ({"ends_on": date(2026, 6, 30)}, {"starts_on": date(2026, 6, 30)}, True),
        ({"ends_on": date(2026, 6, 30)}, {"starts_on": date(2026, 7, 1)}, False),
        ({}, {"scope": "Tills"}, False),
        ({}, {"state": "agreed"}, False),
        ({"state": "expiring"}, {}, True),
    ],
)
def test_the_database_refuses_two_contracts_in_force_for_the_same_on_one_day(
    account, first, second, is_refused
):
    ContractFactory(account=account, **first)

    if is_refused:
        with pytest.raises(IntegrityError, match="contracts_in_force_do_not_overlap"):
            ContractFactory(account=account, **second)
    else:
        ContractFactory(account=account, **second)


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (
            CreditBand(metric="update", from_percent=70, to_percent=90, credit_percent=1),
            "credit_bands_do_not_overlap",
        ),
        (
            CreditBand(metric="resolution", from_percent=90, to_percent=90, credit_percent=1),
            "credit_band_is_a_range_of_percents",
        ),
        (Exclusion(kind="supplier_delay"), "exclusions_are_a_closed_list"),
        (Exclusion(kind="client_delay"), "one_exclusion_per_kind"),
        (
            EscalationStep(position=2, action="raise", percent=1, minutes_from_due=1),
            "step_has_one_moment",
        ),
        (EscalationStep(position=2, action="reassign", percent=1), "reassigning_names_a_person"),
        (EscalationStep(position=2, action="notify", percent=1), "notifying_names_somebody"),
        (
            EscalationStep(position=2, action="raise", percent=1, repeat_minutes=5),
            "repeats_have_a_limit",
        ),
        (Target(priority="p4", metric="update", minutes=30), "one_target_per_metric"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_the_database_refuses_rows_that_no_contract_may_have(account, head, row, constraint):
    contract = ContractFactory(account=account, state="draft")
    for part in parts(contract, head).values():
        part.save()
    row.contract = contract

    with pytest.raises(IntegrityError, match=constraint):
        row.save(force_insert=True)
