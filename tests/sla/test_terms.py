"""What no contract may say, whoever drafts it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError
from core.models import AuditEntry
from sla import services
from sla.models import Contract
from sla.services import BandRow, ExclusionRow, ScopeRow, StepRow, TargetRow, Terms
from tests.sla.contracts import FAST, HOUSE, terms

FIRST, WORKAROUND, RESOLUTION = "first_response", "workaround", "resolution"


@pytest.fixture
def everything(account, head):
    """Terms in which every part says something."""
    return terms(
        account, ends_on=date(2027, 2, 28), scope="Kiosks", covers_children=True,
        auto_renew=True, notice_days=90, monthly_fee=Decimal("4800.00"), currency="BGN",
        review_every=6, n_min=12, tolerated_misses=2,
        targets=(
            TargetRow("p1", RESOLUTION, 120, around_the_clock=True),
            *HOUSE,
            TargetRow("p2", RESOLUTION, 240, category="safety", attainment_percent=Decimal(95)),
        ),
        scope_items=(
            ScopeRow("Repair", Decimal(4), "visit", "month", "spare parts"), ScopeRow("Advice"),
        ),
        exclusions=(ExclusionRow("agreed_maintenance", "Sundays"), ExclusionRow("client_delay")),
        bands=(BandRow(FIRST, Decimal(80), Decimal(90), Decimal("2.5")),),
        steps=(
            StepRow("reassign", minutes_from_due=-30, person=head, priority="p1"),
            StepRow("notify", percent=50, hearer="assignee", metric=RESOLUTION),
            StepRow("raise", minutes_from_due=60, any_hour=True, repeat_minutes=30, repeat_limit=3),
        ),
    )  # fmt: skip


def test_a_draft_says_what_was_entered_and_nothing_else(account, manager, everything, now):
    contract = services.draft_contract(actor=manager, account=account, terms=everything, now=now)

    assert Terms.of(Contract.objects.get(pk=contract.pk)) == everything


def test_what_is_not_entered_is_as_usual(account, manager, now):
    contract = services.draft_contract(
        actor=manager, account=account, terms=terms(account), now=now
    )

    assert (contract.monthly_cap_percent, contract.annual_cap_percent) == (10, 5)
    assert [str(band) for band in contract.credit_bands.all()] == [
        "first_response [90.0000, 95.0000)", "first_response [80.0000, 90.0000)",
        "first_response [0.0000, 80.0000)", "resolution [85.0000, 90.0000)",
        "resolution [75.0000, 85.0000)", "resolution [0.0000, 75.0000)",
    ]  # fmt: skip


def test_edit_replaces_every_part_and_tells_the_audit_what_changed(
    account, manager, everything, now
):
    contract = services.draft_contract(actor=manager, account=account, terms=everything, now=now)
    changed = replace(everything, targets=FAST, exclusions=(), notice_days=30)

    services.edit_contract(actor=manager, contract=contract, terms=changed, now=now)

    assert Terms.of(Contract.objects.get(pk=contract.pk)) == changed
    changes = AuditEntry.objects.get(verb="sla.edit").changes
    assert changes.keys() == {"targets", "exclusions", "notice_days"}
    assert changes["targets"][1] == ["p2 first_response 60 90", "p2 resolution 240 90"]
    assert changes["exclusions"] == [["agreed_maintenance Sundays", "client_delay"], []]


BAND = BandRow(FIRST, Decimal(80), Decimal(90), Decimal(6))
STEP = StepRow("notify", percent=50, hearer="manager")


def band(**given):
    return {"bands": (replace(BAND, **given),)}


def step(**given):
    return {"steps": (replace(STEP, **given),)}


REFUSED = [
    ("ends_before_start", {"ends_on": date(2026, 2, 28)}),
    ("response_after_resolution", {"targets": (TargetRow("p2", FIRST, 300), *FAST[1:])}),
    ("response_after_resolution", {"targets": (TargetRow("p2", FIRST, 9 * 60),)}),
    ("response_after_resolution", {"targets": (TargetRow("p2", RESOLUTION, 60),)}),
    (
        "response_after_resolution",
        {"targets": (*HOUSE, TargetRow("p2", RESOLUTION, 60, category="safety"))},
    ),
    ("workaround_after_resolution", {"targets": (TargetRow("p1", WORKAROUND, 300),)}),
    ("workaround_after_resolution", {"targets": (*HOUSE, TargetRow("p2", WORKAROUND, 481))}),
    ("written_twice", {"targets": (*HOUSE, *HOUSE)}),
    ("unknown_category", {"targets": (TargetRow("p2", RESOLUTION, 480, category="weather"),)}),
    ("impossible_figure", {"targets": (TargetRow("p2", RESOLUTION, 0),)}),
    (
        "impossible_figure",
        {"targets": (TargetRow("p2", RESOLUTION, 480, attainment_percent=Decimal(0)),)},
    ),
    (
        "impossible_figure",
        {"targets": (TargetRow("p2", RESOLUTION, 480, attainment_percent=Decimal("100.1")),)},
    ),
    ("impossible_figure", {"monthly_cap_percent": Decimal(101)}),
    ("impossible_figure", {"annual_cap_percent": Decimal(-1)}),
    ("impossible_figure", {"per_extra_miss_percent": Decimal(101)}),
    ("impossible_figure", {"monthly_fee": Decimal("-0.01")}),
    ("impossible_figure", {"review_every": 0}),
    ("impossible_figure", band(credit_percent=Decimal(101))),
    ("impossible_figure", band(from_percent=Decimal(90))),
    ("impossible_figure", band(to_percent=Decimal(101))),
    ("bands_overlap", {"bands": (BAND, replace(BAND, to_percent=Decimal(81)))}),
    ("written_twice", {"exclusions": (ExclusionRow("client_delay"), ExclusionRow("client_delay"))}),
    ("unknown_exclusion", {"exclusions": (ExclusionRow("supplier_delay"),)}),
    ("step_without_moment", step(percent=None)),
    ("step_without_moment", step(minutes_from_due=0)),
    ("impossible_figure", step(percent=100)),
    ("step_names_nobody", step(hearer="")),
    ("step_names_nobody", step(action="reassign")),
    ("repeats_without_limit", step(repeat_minutes=30)),
    ("repeats_without_limit", step(repeat_limit=2)),
    ("repeats_without_limit", step(repeat_minutes=30, repeat_limit=21)),
]


@pytest.mark.parametrize(("code", "given"), REFUSED)
def test_impossible_terms_are_refused_with_a_code_before_anything_is_written(
    account, manager, now, code, given
):
    with pytest.raises(DomainError) as refusal:
        services.draft_contract(
            actor=manager, account=account, terms=terms(account, **given), now=now
        )

    assert refusal.value.code == code
    assert not Contract.objects.exists()


ALLOWED = [
    {"ends_on": date(2026, 3, 1)},
    {"targets": (TargetRow("p2", FIRST, 480),)},
    {"targets": (*HOUSE, TargetRow("p2", WORKAROUND, 480))},
    {"targets": (*HOUSE, TargetRow("p2", RESOLUTION, 120, category="safety"))},
    {"bands": (BAND, replace(BAND, from_percent=Decimal(90), to_percent=Decimal(95)))},
    {"bands": (BAND, replace(BAND, metric=RESOLUTION))},
    {"monthly_fee": Decimal(0)},
    step(percent=None, minutes_from_due=0),
    step(action="raise", hearer=""),
    step(repeat_minutes=30, repeat_limit=20),
]


@pytest.mark.parametrize("given", ALLOWED)
def test_terms_at_the_edge_of_what_is_possible_are_taken(account, manager, now, given):
    contract = services.draft_contract(
        actor=manager, account=account, terms=terms(account, **given), now=now
    )

    assert contract.is_draft
