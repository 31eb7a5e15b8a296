"""The SLA contracts of the demo: one about to be renewed, one about to end, one being drafted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.models import Account, Contact
from core.models import User
from sla import services
from sla.models import Approval, Contract
from sla.services import ExclusionRow, ScopeRow, StepRow, TargetRow, Terms

Clients = dict[str, tuple[Account, list[Contact]]]
BOREA_TARGETS = (
    TargetRow("p1", "first_response", 15, around_the_clock=True),
    TargetRow("p1", "resolution", 240, around_the_clock=True),
    TargetRow("p2", "first_response", 60),
    TargetRow("p2", "resolution", 420),
    TargetRow("p3", "first_response", 180),
    TargetRow("p3", "resolution", 1080),
    TargetRow("p3", "resolution", 540, category="billing"),
    TargetRow("p4", "first_response", 480),
    TargetRow("p4", "resolution", 2160),
)
BOREA_STEPS = (
    StepRow("notify", percent=50, hearer="assignee"),
    StepRow("notify", percent=75, hearer="manager"),
    StepRow("notify", minutes_from_due=-30, hearer="head", priority="p1", any_hour=True),
    StepRow(
        "notify", minutes_from_due=60, hearer="executive", priority="p1", any_hour=True,
        repeat_minutes=120, repeat_limit=2,
    ),
)  # fmt: skip
BOREA_SCOPE = (
    ScopeRow("Self-service tills in all stores"),
    ScopeRow("Visits on site", Decimal(4), "visits", "month", "paper rolls"),
)
BOREA_EXCLUSIONS = (
    ExclusionRow("client_refused_access"),
    ExclusionRow("agreed_maintenance", "Sundays 06:00–08:00"),
)
ASTER_TARGETS = (
    TargetRow("p2", "first_response", 120),
    TargetRow("p2", "resolution", 480),
    TargetRow("p3", "first_response", 240),
    TargetRow("p3", "resolution", 1440),
)
ENDS_IN_DAYS = {"borea": 80, "aster": 45}


def sign_contracts(
    clients: Clients, staff: dict[str, User], signed: datetime, now: datetime
) -> None:
    """Sign the contracts of Borea Retail and Aster Schools a year ago, and draft one for Halden."""
    borea, aster = clients["borea"], clients["aster"]
    ends = {key: now.date() + timedelta(days=days) for key, days in ENDS_IN_DAYS.items()}
    of_borea = replace(
        _terms(borea[0], signed.date(), ends["borea"], "4800.00", BOREA_TARGETS),
        steps=BOREA_STEPS,
        scope_items=BOREA_SCOPE,
        exclusions=BOREA_EXCLUSIONS,
    )
    of_aster = _terms(aster[0], signed.date(), ends["aster"], "600.00", ASTER_TARGETS)
    _sign(*borea, staff, signed, of_borea)
    _sign(*aster, staff, signed, of_aster)


def draft_halden(clients: Clients, staff: dict[str, User], at: datetime) -> None:
    """Draft a contract that is tighter than the house standard and waits for consent."""
    halden, _people = clients["halden"]
    starts_on = (at + timedelta(days=30)).date().replace(day=1)
    terms = _terms(halden, starts_on, None, "2400.00", BOREA_TARGETS[2:6])
    services.draft_contract(actor=staff["daria"], account=halden, terms=terms, now=at)


def _terms(
    account: Account,
    starts_on: date,
    ends_on: date | None,
    fee: str,
    targets: tuple[TargetRow, ...],
) -> Terms:
    return Terms(
        calendar=account.calendar, starts_on=starts_on, ends_on=ends_on, monthly_fee=Decimal(fee),
        targets=targets,
    )  # fmt: skip


def _sign(
    account: Account, people: list[Contact], staff: dict[str, User], at: datetime, terms: Terms
) -> Contract:
    manager = account.owner
    contract = services.draft_contract(actor=manager, account=account, terms=terms, now=at)
    for kind, person in ((Approval.Kind.TIGHTER, "vera"), (Approval.Kind.FEASIBLE, "petar")):
        if account.tier == Account.Tier.STRATEGIC:
            services.approve_contract(actor=staff[person], contract=contract, kind=kind, now=at)
    services.propose_contract(actor=manager, contract=contract, now=at)
    services.agree_contract(actor=manager, contract=contract, now=at)
    services.sign_contract(actor=staff["vera"], contract=contract, signed_on=at.date(), now=at)
    return services.record_signature(
        actor=manager, contract=contract, signed_by=people[0].name, signed_on=at.date(), now=at
    )
