"""SLA contracts: drafted, put into force, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.errors import DomainError, InvalidTransition
from core.models import Calendar
from core.operations import Actor, operation
from core.reference import next_reference
from sla.house import HOUSE_STANDARD
from sla.models import Contract, Metric, Priority, Target
from sla.queries import local_day


class ResponseAfterResolution(DomainError):
    code = "response_after_resolution"


class ContractsOverlap(DomainError):
    code = "contracts_overlap"


class NoTargets(DomainError):
    code = "no_targets"


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One promised time as a person enters it."""

    priority: str
    metric: str
    minutes: int
    around_the_clock: bool = False

    @classmethod
    def of(cls, target: Target) -> TargetRow:
        return cls(target.priority, target.metric, target.minutes, target.around_the_clock)


def draft_contract(  # noqa: PLR0913 -- the fields of one form
    *,
    actor: Actor,
    account: Account,
    calendar: Calendar,
    starts_on: date,
    ends_on: date | None = None,
    covers_children: bool = False,
    targets: Iterable[TargetRow],
    now: datetime,
) -> Contract:
    """Write a draft; it promises nothing until it is activated."""
    rows = _checked(targets)
    with operation("sla.draft", actor=actor, on=account, at=now) as op:
        contract = Contract(
            account=account, calendar=calendar, starts_on=starts_on, ends_on=ends_on,
            covers_children=covers_children,
        )  # fmt: skip
        _check_dates(contract)
        contract.no = next_reference("SLA", now.year)
        op.create(contract)
        _write_targets(contract, rows)
    return contract


def edit_contract(  # noqa: PLR0913 -- the fields of one form
    *,
    actor: Actor,
    contract: Contract,
    calendar: Calendar,
    starts_on: date,
    ends_on: date | None,
    covers_children: bool,
    targets: Iterable[TargetRow],
    now: datetime,
) -> Contract:
    """Change a draft; a contract in force is never edited, its clocks rely on it."""
    rows = _checked(targets)
    with operation("sla.edit", actor=actor, on=contract, at=now) as op:
        _require(contract, Contract.State.DRAFT)
        contract.calendar, contract.covers_children = calendar, covers_children
        contract.starts_on, contract.ends_on = starts_on, ends_on
        _check_dates(contract)
        before = _as_text(contract)
        contract.targets.all().delete()
        _write_targets(contract, rows)
        op.changed("targets", before, _as_text(contract))
    return contract


def activate_contract(*, actor: Actor, contract: Contract, now: datetime) -> Contract:
    """Put a draft into force; complaints logged from its first day on run on its targets."""
    with operation("sla.activate", actor=actor, on=contract, at=now):
        _require(contract, Contract.State.DRAFT)
        if not contract.targets.exists():
            raise NoTargets(_("Add at least one target first."))
        # Two drafts of one account must not come into force at once.
        Account.objects.select_for_update(no_key=True).get(pk=contract.account_id)
        if _others_in_force(contract):
            raise ContractsOverlap(
                _("Another contract of this account is in force in these days. End it first.")
            )
        contract.state = Contract.State.ACTIVE
    return contract


def end_contract(*, actor: Actor, contract: Contract, reason: str, now: datetime) -> Contract:
    """End a contract today; running clocks keep it, new ones run on the house standard."""
    with operation("sla.end", actor=actor, on=contract, at=now, reason=reason):
        _require(contract, Contract.State.ACTIVE)
        contract.state = Contract.State.ENDED
        contract.ended_on = local_day(contract.account, now)
    return contract


def _require(contract: Contract, state: Contract.State) -> None:
    if contract.state != state:
        allowed = {"draft": ["edit", "activate"], "active": ["end"]}.get(contract.state, [])
        raise InvalidTransition(contract.get_state_display(), allowed)


def _check_dates(contract: Contract) -> None:
    if contract.ends_on and contract.ends_on < contract.starts_on:
        raise DomainError(_("The contract ends before it starts. Change one of the dates."))


def _others_in_force(contract: Contract) -> bool:
    others = Contract.objects.filter(account=contract.account, state=Contract.State.ACTIVE)
    if contract.ends_on:
        others = others.filter(starts_on__lte=contract.ends_on)
    return any(each.ends_on is None or each.ends_on >= contract.starts_on for each in others)


def _checked(targets: Iterable[TargetRow]) -> list[TargetRow]:
    """Refuse an answer later than the solution; the house standard fills what is not written."""
    rows = list(targets)
    times = {key: house.amount for key, house in HOUSE_STANDARD.items()}
    times |= {(row.priority, row.metric): timedelta(minutes=row.minutes) for row in rows}
    for priority in {row.priority for row in rows}:
        if times[priority, Metric.FIRST_RESPONSE] > times[priority, Metric.RESOLUTION]:
            raise ResponseAfterResolution(
                _("The first response cannot take longer than the resolution. Check %(priority)s.")
                % {"priority": Priority(priority).label}
            )
    return rows


def _write_targets(contract: Contract, rows: list[TargetRow]) -> None:
    Target.objects.bulk_create(
        Target(
            contract=contract, priority=row.priority, metric=row.metric, minutes=row.minutes,
            around_the_clock=row.around_the_clock,
        )
        for row in rows
    )  # fmt: skip


def _as_text(contract: Contract) -> list[str]:
    return [str(target) for target in contract.targets.order_by("priority", "metric")]
