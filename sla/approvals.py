"""Which colleagues must consent to a draft that goes beyond the house standard (4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from core.models import AuditEntry, Calendar, User
from core.models.calendar import work_calendar
from core.operations import record, system_entry
from sla.credits import DEFAULT_SCHEME, ZERO, Band
from sla.house import HOUSE_STANDARD, Promised
from sla.models import Approval, Contract, CreditBand

Kind = Approval.Kind

APPROVERS: Final[dict[str, str]] = {
    Kind.TIGHTER: User.Role.HEAD_OF_KAM,
    Kind.FEASIBLE: User.Role.TECHNICIAN,
    Kind.CREDITS: User.Role.HEAD_OF_KAM,
    Kind.CAPS: User.Role.FINANCE,
}
"""Whose consent each kind is (11.4)."""


def approvals_needed(contract: Contract) -> list[Approval.Kind]:
    """Return what must be consented to before the contract may be sent, as it reads now."""
    needed = []
    if any(
        is_tighter(target.priority, target.metric, target.promised, contract.calendar)
        for target in contract.targets.all()
    ):
        needed += [Kind.TIGHTER, Kind.FEASIBLE]
    if _gives_more(contract):
        needed.append(Kind.CREDITS)
    caps = (contract.monthly_cap_percent, contract.annual_cap_percent)
    if caps != (DEFAULT_SCHEME.monthly_cap_percent, DEFAULT_SCHEME.annual_cap_percent):
        needed.append(Kind.CAPS)
    return needed


def approvals_missing(contract: Contract) -> list[Approval.Kind]:
    given = {approval.kind for approval in contract.approvals.all()}
    return [kind for kind in approvals_needed(contract) if kind not in given]


def ask_approvals(contract: Contract, now: datetime) -> None:
    """Tell those whose consent the draft still needs; within the operation that wrote it."""
    if missing := approvals_missing(contract):
        details = {"kinds": missing}
        record([system_entry("sla.ask_approval", target=contract, at=now, details=details)])


def may_give(user: User, kind: str) -> bool:
    """Say whether consent of this kind is the person's to give."""
    return user.has_role(APPROVERS[kind])


def authors_of(contract: Contract) -> set[UUID]:
    """Return who has written the terms; none of them may consent to them."""
    edits = AuditEntry.objects.filter(target_id=contract.pk, verb="sla.edit")
    people = {contract.drafted_by_id, *edits.values_list("actor_id", flat=True)}
    return {person for person in people if person is not None}


def is_tighter(priority: str, metric: str, time: Promised, calendar: Calendar) -> bool:
    """Say whether a promise asks more of us than the house standard.

    So does any promise of what the house does not promise at all, and one that runs day and
    night where the house counts open hours.
    """
    house = HOUSE_STANDARD.get((priority, metric))
    if house is None or (time.around_the_clock and not house.around_the_clock):
        return True
    amount = house.days * _longest_day(calendar) if house.days else house.amount
    return time.amount < amount


def _longest_day(calendar: Calendar) -> timedelta:
    week = work_calendar(calendar.running_id).week
    days = (sum(closes - opens for opens, closes in hours) for hours in week.values())
    return timedelta(seconds=max(days))


def _gives_more(contract: Contract) -> bool:
    """Say whether some month could be credited with more than by the default scheme."""
    return (
        contract.per_extra_miss_percent > DEFAULT_SCHEME.per_extra_miss_percent
        or contract.tolerated_misses < DEFAULT_SCHEME.tolerated_misses
        or any(_is_generous(band) for band in contract.credit_bands.all())
    )


def _is_generous(band: CreditBand) -> bool:
    """Say whether a share within the band earns more than by default.

    It is enough to look where the band begins and where a default one begins within it.
    """
    usual = DEFAULT_SCHEME.bands.get(band.metric, ())
    edges = {edge for each in usual for edge in (each.from_percent, each.to_percent)}
    within = {edge for edge in edges if band.from_percent <= edge < band.to_percent}
    return any(
        _usual_credit(share, usual) < band.credit_percent for share in {band.from_percent, *within}
    )


def _usual_credit(share: Decimal, usual: Sequence[Band]) -> Decimal:
    return next(
        (each.credit_percent for each in usual if each.from_percent <= share < each.to_percent),
        ZERO,
    )
