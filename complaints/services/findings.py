"""What we found out: the cause, whose fault it is, and telling the client our own mistake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints import disclosure
from complaints.models import Complaint, Finding, Message, Supplier
from complaints.permissions import decides_fault
from complaints.recovery import finding_of
from complaints.services.conversation import EMAIL, write_answer
from complaints.services.problem import notice_cause
from complaints.services.renewal import renew
from complaints.transitions import require, require_reason
from core.errors import DomainError
from core.models import User
from core.operations import Actor, operation

DECIDED = ("fault", "our_share", "justified", "named", "recourse")
"""What technicians and support may only propose: it decides what the client is told and given."""


class FaultNotYours(DomainError):
    code = "fault_not_yours"


class ShareMissing(DomainError):
    code = "share_missing"


class NothingToLetStand(DomainError):
    code = "nothing_to_let_stand"


class NothingToDisclose(DomainError):
    code = "nothing_to_disclose"


def record_findings(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    root_cause: str,
    cause_text: str,
    whys: Sequence[str],
    fault: str,
    our_share: Decimal | None = None,
    justified: str,
    named: User | None = None,
    supplier: Supplier | None = None,
    supplier_case: str = "",
    recourse: Decimal | None = None,
    staff_hours: Decimal | None = None,
    item: str = "",
    batch: str = "",
    now: datetime,
) -> Finding:
    """Record what we know by now; an own mistake must be told to the client in time (C-5).

    whys      -- up to five answers to "why?", each asking about the one before.
    our_share -- percent, of a shared fault only.
    recourse  -- what the supplier pays us, in the account's currency.
    """
    with operation("complaints.record_findings", actor=actor, on=complaint, at=now) as op:
        require(complaint, "record_findings")
        finding = op.also(finding_of(complaint))
        judged = {
            "fault": fault, "our_share": our_share, "justified": justified, "named": named,
            "recourse": recourse,
        }  # fmt: skip
        _check_decided(actor, complaint, finding, judged)
        complaint.root_cause, complaint.item, complaint.batch = root_cause, item, batch
        notice_cause(complaint, now)
        finding.cause_text = cause_text.strip()
        finding.whys = [why.strip() for why in whys if why.strip()]
        finding.supplier, finding.supplier_case = supplier, supplier_case.strip()
        finding.staff_hours = staff_hours
        _judge(complaint, finding, judged, now)
        renew(complaint)
    return finding


def let_stand(*, actor: User, complaint: Complaint, reason: str, now: datetime) -> Finding:
    """Accept that it cannot be found out; toward the client it is then ours."""
    with operation("complaints.let_stand", actor=actor, on=complaint, at=now, reason=reason) as op:
        require(complaint, "let_stand")
        finding = op.also(finding_of(complaint))
        if finding.is_settled:
            raise NothingToLetStand(_("Fault and justification are settled already."))
        finding.let_stand_by, finding.let_stand_reason = actor, require_reason(reason)
    return finding


def disclose(
    *,
    actor: User,
    complaint: Complaint,
    body: str,
    channel: str = EMAIL,
    override_reason: str = "",
    now: datetime,
) -> Message:
    """Tell the client that the mistake is ours, before he finds it out himself (C-5)."""
    with operation("complaints.disclose", actor=actor, on=complaint, at=now) as op:
        require(complaint, "disclose")
        finding = op.also(finding_of(complaint))
        if finding.confirmed_at is None:
            raise NothingToDisclose(
                _("Nobody has found the mistake to be ours. Record the findings first.")
            )
        message = write_answer(
            complaint, body, actor, now, channel=channel, override_reason=override_reason
        )
        finding.disclosed_at = finding.disclosed_at or now
        disclosure.told(complaint, now)
    return message


def watch_own_report(complaint: Complaint) -> None:
    """Let the time to tell the client run, inside an operation: we found it first."""
    finding = Finding(complaint=complaint, confirmed_at=complaint.first_known_at)
    disclosure.watch(complaint, finding)
    finding.save(force_insert=True)


def _check_decided(
    actor: Actor, complaint: Complaint, finding: Finding, judged: dict[str, Any]
) -> None:
    is_theirs = not isinstance(actor, User) or decides_fault.test(actor, complaint)
    changed = [name for name in DECIDED if getattr(finding, name) != judged[name]]
    if changed and not is_theirs:
        raise FaultNotYours(
            _(
                "Whose fault it is and whether the client is right is for the account manager "
                "or a head of key accounts to say. Write what you think under the cause."
            ),
            fields=changed,
        )


def _judge(complaint: Complaint, finding: Finding, judged: dict[str, Any], now: datetime) -> None:
    """Set whose fault it is, and since when and until when that matters to the client."""
    if judged["fault"] != Finding.Fault.SHARED:
        judged["our_share"] = None
    elif judged["our_share"] is None:
        raise ShareMissing(_("Say how much of the shared fault is ours, in percent."))
    for name, value in judged.items():
        setattr(finding, name, value)
    if finding.is_own_mistake or complaint.channel == Complaint.Channel.SELF_REPORTED:
        finding.confirmed_at = finding.confirmed_at or now
        disclosure.watch(complaint, finding)
    elif finding.disclosed_at is None:
        finding.confirmed_at = finding.disclose_by = None
        disclosure.forget(complaint, now)
