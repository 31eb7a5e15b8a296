"""A contract that binds: signed by both, in force, ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, Actor, operation
from sla.contract_timers import schedule_contract
from sla.models import Contract
from sla.periods import ONE_DAY, first_review_after
from sla.queries import local_day, rivals_of, versions_of
from sla.renewal_talk import drop_talk, finish_talk
from sla.transitions import allowed_now, require, require_reason

State = Contract.State


class ContractsOverlap(DomainError):
    code = "contracts_overlap"


class SignedInTheFuture(DomainError):
    code = "signed_in_the_future"


class ContractIsOver(DomainError):
    code = "contract_is_over"


def sign_contract(*, actor: User, contract: Contract, signed_on: date, now: datetime) -> Contract:
    """Sign for us. With the client's signature too it is in force from its first day on."""
    with _account_locked(contract):
        with operation("sla.sign", actor=actor, on=contract, at=now):
            require(contract, "sign")
            _check_signature(contract, signed_on, now)
            contract.signed_by_us, contract.signed_by_us_on = actor, signed_on
        _start_if_signed(contract, now)
    return contract


def record_signature(
    *,
    actor: Actor,
    contract: Contract,
    signed_by: str,
    signed_on: date,
    document: str = "",
    now: datetime,
) -> Contract:
    """Record that the client has signed. With ours too it is in force from its first day on.

    signed_by -- who of the client; document -- where the signed paper is kept.
    """
    with _account_locked(contract):
        with operation("sla.record_signature", actor=actor, on=contract, at=now):
            require(contract, "record_signature")
            _check_signature(contract, signed_on, now)
            contract.signed_by_client, contract.signed_by_client_on = signed_by, signed_on
            contract.document = document
        _start_if_signed(contract, now)
    return contract


def activate_contract(
    *, actor: Actor, contract: Contract, since: datetime | None = None, now: datetime
) -> Contract:
    """Put a signed contract into force on its first day, in place of its version of before.

    since -- the moment from which it holds, when that is recorded late.
    """
    with _account_locked(contract):
        with operation("sla.activate", actor=actor, on=contract, at=now) as op:
            day = local_day(contract.account, now)
            is_due = contract.is_signed and contract.starts_on <= day
            if contract.state != State.AGREED or not is_due:
                raise InvalidTransition(contract.get_state_display(), allowed_now(contract))
            _refuse_overlap(contract)
            _retire_older(contract, since, now)
            op.happened_at = since
            begun = local_day(contract.account, since) if since else day
            contract.state = State.ACTIVE
            contract.next_review = first_review_after(
                begun, contract.starts_on, contract.review_every
            )
        schedule_contract(contract)
    return contract


def terminate_contract(*, actor: Actor, contract: Contract, reason: str, now: datetime) -> Contract:
    """End a contract today; running clocks keep it, new ones run on the house standard."""
    with _account_locked(contract):
        with operation("sla.terminate", actor=actor, on=contract, at=now, reason=reason):
            require(contract, "terminate")
            require_reason(reason)
            contract.state = State.TERMINATED
            contract.ended_on = local_day(contract.account, now)
        schedule_contract(contract)
        drop_talk(contract, reason, now)
    return contract


@contextmanager
def _account_locked(contract: Contract) -> Iterator[None]:
    """Let one contract of the account come into force at a time; the account is locked first."""
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=contract.account_id)
        yield


def _check_signature(contract: Contract, signed_on: date, now: datetime) -> None:
    today = local_day(contract.account, now)
    if signed_on > today:
        raise SignedInTheFuture(_("Nobody can have signed on a day that is still to come."))
    if contract.ends_on and contract.ends_on < today:
        raise ContractIsOver(_("Its last day has passed. End it, and draft a new contract."))


def _start_if_signed(contract: Contract, now: datetime) -> None:
    if not contract.is_signed:
        return
    _refuse_overlap(contract)
    if contract.starts_on <= local_day(contract.account, now):
        activate_contract(actor=SYSTEM, contract=contract, now=now)
    else:
        schedule_contract(contract)


def _refuse_overlap(contract: Contract) -> None:
    if rival := rivals_of(contract).first():
        raise ContractsOverlap(
            _("The contract %(no)s holds on some of these days. End it first.") % {"no": rival.no},
            rival=rival.no,
        )


def _retire_older(contract: Contract, since: datetime | None, now: datetime) -> None:
    """End the version of before on the day before, unless it had ended earlier by itself."""
    last_day = contract.starts_on - ONE_DAY
    older = versions_of(contract).filter(
        Q(ends_on=None) | Q(ends_on__gte=last_day),
        revision__lt=contract.revision, state__in=Contract.IN_FORCE,
    )  # fmt: skip
    for version in older:
        with operation("sla.replace", actor=SYSTEM, on=version, at=now) as op:
            op.happened_at = since
            version.state, version.ended_on = State.RENEWED, last_day
        schedule_contract(version)
        finish_talk(version, contract.no, now)
