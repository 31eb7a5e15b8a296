"""Missed deadlines that do not count against us, for a reason the client agreed to beforehand."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.services.alert import ReasonMissing
from core.errors import DomainError
from core.models import User
from core.operations import operation
from sla.kept_months import is_closed
from sla.models import Clock, Contract
from sla.queries import versions_of
from sla.subjects import facts_of


class NotUnderContract(DomainError):
    code = "not_under_contract"


class NotMissed(DomainError):
    code = "not_missed"


class AlreadyExcluded(DomainError):
    code = "already_excluded"


class NotOnTheList(DomainError):
    code = "not_on_the_list"


class MonthClosed(DomainError):
    code = "month_closed"


def exclude_clock(*, actor: User, clock: Clock, kind: str, reason: str, now: datetime) -> Clock:
    """Leave a missed clock out of the figures of its month, while that is still open.

    kind -- one of the reasons on the list of the contract on which the clock runs.
    """
    contract = clock.contract
    with operation(
        "sla.exclude", actor=actor, on=contract or clock.account, at=now, reason=reason
    ) as op:
        if contract is None:
            raise NotUnderContract(_("It ran on the house standard, which excludes nothing."))
        if not reason.strip():
            raise ReasonMissing(_("Say why in a few words; others will ask."))
        # The close of the month locks the contract whose figures it writes, maybe a later version.
        list(versions_of(contract).order_by("pk").select_for_update(no_key=True))
        _lock(clock)
        _require_missed(clock, now)
        _require_listed(contract, kind)
        if is_closed(contract, clock):
            raise MonthClosed(_("The month is closed: its figures never change."))
        clock.excluded_as, clock.excluded_because = kind, reason.strip()
        clock.save(update_fields=["breached_at", "excluded_as", "excluded_because"])
        case = facts_of([clock])[clock.subject_id].label
        op.details |= {"metric": clock.metric, "exclusion": kind, "case": case}
    return clock


def _lock(clock: Clock) -> None:
    clock.refresh_from_db(from_queryset=Clock.objects.select_for_update(no_key=True))


def _require_missed(clock: Clock, now: datetime) -> None:
    if clock.state == Clock.State.RUNNING:
        clock.note_breach(now)
    if clock.breached_at is None:
        raise NotMissed(_("Only a missed deadline can be excluded."))
    if clock.excluded_as:
        raise AlreadyExcluded(_("It is excluded already."))


def _require_listed(contract: Contract, kind: str) -> None:
    if not contract.exclusions.filter(kind=kind).exists():
        raise NotOnTheList(_("The contract does not name this reason, so it cannot be used."))
