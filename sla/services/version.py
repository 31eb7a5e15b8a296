"""The next version of a contract: other terms in negotiation, the same ones for another term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.db import transaction

from accounts.models import Account
from core.errors import InvalidTransition
from core.models import User
from core.operations import SYSTEM, Actor, Outcome, operation
from sla.approvals import ask_approvals
from sla.models import Approval, Contract
from sla.periods import ONE_DAY, follow_up
from sla.queries import local_day, versions_of
from sla.services.lifecycle import activate_contract
from sla.services.terms import Terms
from sla.transitions import allowed_now, require, require_newest

SIGNATURES: Final = (
    "signed_by_us", "signed_by_us_on", "signed_by_client", "signed_by_client_on", "document",
)  # fmt: skip


def revise_contract(*, actor: Actor, contract: Contract, now: datetime) -> Contract:
    """Write a draft of the next version with the same terms; the offer stands until it is sent."""
    with transaction.atomic():
        with operation("sla.revise", actor=actor, on=contract, at=now) as op:
            require(contract, "revise")
            require_newest(contract)
            revision = _next_version(op, contract, Terms.of(contract), _author(actor))
        ask_approvals(revision, now)
    return revision


def renew_contract(*, actor: Actor, contract: Contract, now: datetime) -> Contract:
    """Write a draft of the same terms for the time after the contract, as long as it was.

    It starts the day after the last one; today, if there is no last one or it is past.
    """
    with transaction.atomic():
        with operation("sla.renew", actor=actor, on=contract, at=now) as op:
            require(contract, "renew")
            require_newest(contract)
            today = local_day(contract.account, now)
            renewal = _next_version(op, contract, _renewed(contract, today), _author(actor))
        ask_approvals(renewal, now)
    return renewal


def roll_over_contract(
    *, actor: Actor, contract: Contract, since: datetime, now: datetime
) -> Contract:
    """Let a contract that renews itself be followed by one of the same terms, in force at once.

    Approvals and signatures are carried over: nobody has changed anything.
    since -- the midnight that ended its last day.
    """
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=contract.account_id)
        with operation("sla.roll_over", actor=actor, on=contract, at=now) as op:
            if not contract.auto_renew or contract.ends_on is None or not contract.is_in_force:
                raise InvalidTransition(contract.get_state_display(), allowed_now(contract))
            require_newest(contract)
            op.happened_at = since
            terms = _renewed(contract, contract.ends_on + ONE_DAY)
            follower = _next_version(op, contract, terms, contract.drafted_by)
            _carry_over(contract, follower, now)
        activate_contract(actor=SYSTEM, contract=follower, since=since, now=now)
    return follower


def _author(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None


def _renewed(contract: Contract, today: date) -> Terms:
    starts_on, ends_on = follow_up(contract.starts_on, contract.ends_on, today)
    return replace(Terms.of(contract), starts_on=starts_on, ends_on=ends_on)


def _next_version(op: Outcome, contract: Contract, terms: Terms, author: User | None) -> Contract:
    """Write the draft. It follows the last version, which may be one that was withdrawn."""
    last = versions_of(contract).reverse()[0]
    revision = last.revision + 1
    version = Contract(
        account=contract.account, drafted_by=author, predecessor=last, revision=revision,
        no=f"{contract.no.partition('/')[0]}/{revision}",
    )  # fmt: skip
    terms.put_on(version)
    op.create(version)
    terms.write_rows(version)
    return version


def _carry_over(contract: Contract, follower: Contract, now: datetime) -> None:
    Approval.objects.bulk_create(
        Approval(contract=follower, kind=each.kind, by_id=each.by_id, at=each.at, note=each.note)
        for each in contract.approvals.all()
    )
    follower.state, follower.sent_at = Contract.State.AGREED, now
    for name in SIGNATURES:
        setattr(follower, name, getattr(contract, name))
    follower.save(update_fields=["state", "sent_at", *SIGNATURES])
