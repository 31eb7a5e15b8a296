"""A contract on its way to an agreement: drafted, approved, proposed, talked over."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.errors import DomainError
from core.models import User
from core.operations import SYSTEM, Actor, operation
from core.reference import next_reference
from sla.approvals import APPROVERS, approvals_missing, ask_approvals, authors_of, may_give
from sla.models import Approval, Contract
from sla.queries import versions_of
from sla.services.terms import PARTS, Terms
from sla.transitions import require, require_newest, require_reason

State = Contract.State
OFFERED = (State.PROPOSED, State.NEGOTIATING)


class NoTargets(DomainError):
    code = "no_targets"


class ApprovalMissing(DomainError):
    code = "approval_missing"


class ApprovalNotNeeded(DomainError):
    code = "approval_not_needed"


class SamePerson(DomainError):
    code = "same_person"


def draft_contract(*, actor: Actor, account: Account, terms: Terms, now: datetime) -> Contract:
    """Write a draft, which promises nothing yet; those who must approve it are asked."""
    terms.check()
    with transaction.atomic():
        with operation("sla.draft", actor=actor, on=account, at=now) as op:
            author = actor if isinstance(actor, User) else None
            contract = Contract(account=account, drafted_by=author)
            terms.put_on(contract)
            contract.no = next_reference("SLA", now.year)
            op.create(contract)
            terms.write_rows(contract)
        ask_approvals(contract, now)
    return contract


def edit_contract(*, actor: Actor, contract: Contract, terms: Terms, now: datetime) -> Contract:
    """Change a draft; what was approved of it must be approved anew."""
    terms.check()
    with transaction.atomic():
        with operation("sla.edit", actor=actor, on=contract, at=now) as op:
            require(contract, "edit")
            before = Terms.of(contract)
            terms.put_on(contract)
            terms.write_rows(contract)
            for part in PARTS:
                op.changed(part, before.told(part), terms.told(part))
            op.changed("approvals", [str(each) for each in contract.approvals.all()], [])
            contract.approvals.all().delete()
        ask_approvals(contract, now)
    return contract


def approve_contract(
    *, actor: User, contract: Contract, kind: str, note: str = "", now: datetime
) -> Contract:
    """Consent to what a draft promises beyond the house standard; never to one's own terms.

    kind -- one of Approval.Kind; `sla.approvals.APPROVERS` says whose consent it is.
    """
    with operation("sla.approve", actor=actor, on=contract, at=now) as op:
        if not may_give(actor, kind):
            raise PermissionDenied("sla.approve")
        require(contract, "approve")
        if actor.pk in authors_of(contract):
            raise SamePerson(_("You wrote these terms. Ask a colleague to approve them."))
        if kind not in approvals_missing(contract):
            raise ApprovalNotNeeded(_("It needs no such approval, or has it already."))
        Approval.objects.create(contract=contract, kind=kind, by=actor, at=now, note=note)
        op.details["approved"] = kind
    return contract


def propose_contract(*, actor: Actor, contract: Contract, now: datetime) -> Contract:
    """Send it to the client: from now on its terms never change. Older offers are replaced."""
    with operation("sla.propose", actor=actor, on=contract, at=now):
        require(contract, "propose")
        if not contract.targets.exists():
            raise NoTargets(_("Add at least one target first."))
        _require_approvals(contract)
        _replace_older(contract, now)
        contract.state, contract.sent_at = State.PROPOSED, now
    return contract


def negotiate_contract(*, actor: Actor, contract: Contract, note: str, now: datetime) -> Contract:
    """Record what the client wants otherwise; other terms are a new version."""
    with operation("sla.negotiate", actor=actor, on=contract, at=now, reason=note):
        require(contract, "negotiate")
        require_reason(note)
        contract.state = State.NEGOTIATING
    return contract


def agree_contract(*, actor: Actor, contract: Contract, now: datetime) -> Contract:
    """Record that the client accepts it; it is in force once both have signed."""
    with operation("sla.agree", actor=actor, on=contract, at=now):
        require(contract, "agree")
        require_newest(contract)
        contract.state = State.AGREED
    return contract


def withdraw_contract(*, actor: Actor, contract: Contract, reason: str, now: datetime) -> Contract:
    """Take back an offer, or drop a draft; neither can be taken up again."""
    with operation("sla.withdraw", actor=actor, on=contract, at=now, reason=reason):
        require(contract, "withdraw")
        require_reason(reason)
        contract.state = State.WITHDRAWN
        # Also a draft that nobody got is final from here on.
        contract.sent_at = contract.sent_at or now
    return contract


def _replace_older(contract: Contract, now: datetime) -> None:
    older = versions_of(contract).filter(revision__lt=contract.revision, state__in=OFFERED)
    for version in older:
        with operation("sla.replace", actor=SYSTEM, on=version, at=now):
            version.state = State.REPLACED


def _require_approvals(contract: Contract) -> None:
    missing = approvals_missing(contract)
    if not missing:
        return
    wanted = [f"{kind.label} ({User.Role(APPROVERS[kind]).label})" for kind in missing]
    raise ApprovalMissing(
        _("Before it is sent, it must be approved: %(wanted)s.") % {"wanted": "; ".join(wanted)},
        missing=missing,
    )
