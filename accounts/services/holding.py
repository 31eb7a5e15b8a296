"""Deliveries: who holds what, until it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Holding
from core.errors import DomainError, InvalidTransition
from core.operations import Actor, operation

EDITABLE = {
    "item", "batch", "quantity", "delivered_on", "account", "reseller", "holder_name",
    "holder_email", "holder_phone", "holder_language", "passed_on", "note",
}  # fmt: skip


class HolderMissing(DomainError):
    code = "holder_missing"


class ResellsToHimself(DomainError):
    code = "resells_to_himself"


class ReturnedTooEarly(DomainError):
    code = "returned_too_early"


def add_holding(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> Holding:
    """Note a delivery; fields are any of EDITABLE, `item` and `delivered_on` at least.

    The holder is an account or a name; the reseller is the account through whom he has it.
    """
    holding = Holding()
    _apply(holding, fields)
    with operation("accounts.add_holding", actor=actor, on=holding.parent, at=now) as op:
        _check(holding)
        op.create(holding)
    return holding


def edit_holding(
    *, actor: Actor, holding: Holding, fields: Mapping[str, Any], now: datetime
) -> Holding:
    """Correct a delivery, or note that it was passed on: then the holder is another."""
    with operation("accounts.edit_holding", actor=actor, on=holding, at=now):
        _apply(holding, fields)
        _check(holding)
    return holding


def return_holding(*, actor: Actor, holding: Holding, returned_on: date, now: datetime) -> Holding:
    """Record that it came back; its holder is no longer told of anything about it."""
    with operation("accounts.return_holding", actor=actor, on=holding, at=now) as op:
        if holding.returned_on:
            raise InvalidTransition(_("Came back"), [])
        holding.returned_on = returned_on
        _check(holding)
        op.details["returned_on"] = returned_on.isoformat()
    return holding


def _apply(holding: Holding, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(holding, name, value)
    holding.refresh_keys()


def _check(holding: Holding) -> None:
    if not (holding.account_id or holding.holder_name.strip()):
        raise HolderMissing(_("Say who holds it: choose an account, or write a name."))
    if holding.account_id and holding.account_id == holding.reseller_id:
        raise ResellsToHimself(_("The holder cannot be his own reseller. Leave one of them out."))
    if holding.returned_on and holding.returned_on < holding.delivered_on:
        raise ReturnedTooEarly(_("It cannot come back before it was delivered."))
