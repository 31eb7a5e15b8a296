"""Our answer to what the client proposes, and keeping our word (C-9)."""

from __future__ import annotations

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.clockwork import business_days_later
from accounts.models import Promise
from complaints import outbox, remedy_timer
from complaints.calling import CALL_TIME
from complaints.checking import check_reply
from complaints.deciding import deciders_of, may_decide, may_give, route_of
from complaints.models import Complaint, Finding, Remedy
from complaints.recovery import finding_of, remedy_of
from complaints.remedy_route import Advice
from complaints.rules import REMEDY_DAYS
from complaints.services.asking import PAGE
from complaints.services.conversation import EmptyMessage, hear, tell_client_did_it, write_answer
from complaints.transitions import require, require_reason, require_remedy
from core.errors import DomainError
from core.models import User
from core.operations import SYSTEM, Actor, operation

State = Remedy.State
SUPPLIER = "supplier"
"""The category of the reply check that blames a third party."""


class CostMissing(DomainError):
    code = "cost_missing"


class LimitExceeded(DomainError):
    code = "limit_exceeded"


class GoodwillNeedsAGet(DomainError):
    code = "goodwill_needs_a_get"


class NotRealistic(DomainError):
    code = "not_realistic"


class SupplierIsNoExcuse(DomainError):
    code = "supplier_is_no_excuse"


def decide_remedy(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    decision: str,
    reason: str = "",
    counter_text: str = "",
    due_at: datetime | None = None,
    override_reason: str = "",
    now: datetime,
) -> Remedy:
    """Answer the client's proposal: yes is the default; no, or something else, needs a reason.

    decision -- "accept", "counter" or "decline". reason, counter_text -- told to the client.
    due_at   -- by when it is delivered; in five business days unless said.
    Raises LimitExceeded above the actor's authority, which leaves it in the list of who decides.
    """
    with operation("complaints.decide_remedy", actor=actor, on=complaint, at=now) as op:
        require(complaint, "decide_remedy")
        remedy, finding = op.also(remedy_of(complaint)), finding_of(complaint)
        require_remedy(remedy, "decide_remedy")
        _require_authority(actor, remedy, finding)
        op.details["decision"] = decision
        remedy.decided_by, remedy.decided_at = actor, now
        if decision == "accept":
            _require_realistic(actor, remedy, finding)
            remedy.state = State.ACCEPTED
            letter = f"{reason}\n\n{_promise(complaint, remedy, due_at, actor, now)}".strip()
        else:
            letter = _refuse(complaint, remedy, decision, reason, counter_text)
        write_answer(complaint, letter, actor, now, override_reason=override_reason)
        remedy_timer.decided(complaint)
    return remedy


def answer_remedy(
    *, actor: Actor, complaint: Complaint, answer: str, words: str, now: datetime
) -> Remedy:
    """Record what the client says to our offer: "accept" it, or "ask_again".

    actor -- SYSTEM if the client answers himself, on his page.
    """
    with operation("complaints.answer_remedy", actor=actor, on=complaint, at=now) as op:
        require(complaint, "answer_remedy")
        remedy = op.also(remedy_of(complaint))
        require_remedy(remedy, "answer_remedy")
        tell_client_did_it(op, actor, PAGE)
        op.details["answer"] = answer
        if words.strip() and not isinstance(actor, User):
            hear(complaint, words, actor, now, channel=PAGE)
        remedy.client_answer = words.strip()
        remedy.state = State.ACCEPTED if answer == "accept" else State.ASKED
        if answer == "accept":
            _promise(complaint, remedy, None, complaint.lead, now)
    return remedy


def deliver_remedy(*, actor: User, complaint: Complaint, now: datetime) -> Remedy:
    """Record that the client has what we said yes to: the promise is kept."""
    with operation("complaints.deliver_remedy", actor=actor, on=complaint, at=now) as op:
        require(complaint, "deliver_remedy")
        remedy = op.also(remedy_of(complaint))
        require_remedy(remedy, "deliver_remedy")
        remedy.state, remedy.delivered_at = State.DELIVERED, now
        owed = Promise.objects.owed().about(complaint).filter(kind=Promise.Kind.REMEDY)
        for promise in owed.order_by("due_at"):
            accounts.keep_promise(actor=SYSTEM, promise=promise, now=now)
    return remedy


def confirm_remedy(*, actor: Actor, complaint: Complaint, now: datetime) -> Remedy:
    """Record that the client has got it. actor -- SYSTEM if he says so himself, on his page."""
    with operation("complaints.confirm_remedy", actor=actor, on=complaint, at=now) as op:
        require(complaint, "confirm_remedy")
        remedy = op.also(remedy_of(complaint))
        require_remedy(remedy, "confirm_remedy")
        tell_client_did_it(op, actor, PAGE)
        remedy.state, remedy.confirmed_at = State.CONFIRMED, now
    return remedy


def _require_authority(actor: User, remedy: Remedy, finding: Finding) -> None:
    if not may_decide(actor, remedy, finding):
        roles = [User.Role(role).label for role in deciders_of(remedy, finding)]
        raise LimitExceeded(
            format_lazy(
                _("This is not yours to decide, by what it costs: {who} decides. It waits there."),
                who=roles[0],
            ),
            decides=list(deciders_of(remedy, finding)),
        )


def _require_realistic(actor: User, remedy: Remedy, finding: Finding) -> None:
    """Say yes only to what can be done, is lawful, and has a price that somebody answers for."""
    advice = route_of(remedy, finding).decision
    if advice == Advice.REFUSE:
        raise NotRealistic(
            _("It cannot be done or is not lawful. Offer something else, or decline with a reason.")
        )
    if remedy.estimated_cost is None:
        raise CostMissing(_("Estimate first what it costs us: that says who may agree to it."))
    if advice == Advice.GOODWILL and not may_give(actor):
        raise GoodwillNeedsAGet(
            _(
                "The complaint is not justified, so this would be a gift. Agree on something in "
                "return, or let a head of key accounts decide."
            )
        )


def _refuse(
    complaint: Complaint, remedy: Remedy, decision: str, reason: str, counter_text: str
) -> str:
    """Offer something else, or decline; return what the client is told."""
    remedy.decision_reason = require_reason(reason)
    _require_no_excuse(complaint, reason)
    if decision == "decline":
        remedy.state = State.DECLINED
        return remedy.decision_reason
    if not counter_text.strip():
        raise EmptyMessage(_("Write what we offer instead."))
    remedy.state, remedy.counter_text = State.COUNTERED, counter_text.strip()
    return f"{remedy.decision_reason}\n\n{remedy.counter_text}"


def _require_no_excuse(complaint: Complaint, reason: str) -> None:
    """Refuse a reason that puts it on a supplier: toward the client suppliers are ours."""
    blamed = [hit.phrase for hit in check_reply(complaint, reason).hits if hit.category == SUPPLIER]
    if blamed:
        raise SupplierIsNoExcuse(
            _("A supplier is no reason the client can be told: we chose the supplier. Rewrite it."),
            phrases=blamed,
        )


def _promise(
    complaint: Complaint, remedy: Remedy, due_at: datetime | None, maker: User, now: datetime
) -> str:
    """Promise the delivery, and return the letter that says by when."""
    until = due_at or business_days_later(complaint.account, now, REMEDY_DAYS, at=CALL_TIME)
    accounts.make_promise(
        actor=SYSTEM,
        account=complaint.account,
        kind=Promise.Kind.REMEDY,
        text=str(_("What we agreed to for %(no)s") % {"no": complaint.no}),
        due_at=until,
        made_by=complaint.lead,
        contact=complaint.contact,
        source=Promise.Source.COMPLAINT,
        subject=complaint,
        now=now,
    )
    return outbox.remedy_accepted(complaint, until)
