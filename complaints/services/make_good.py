"""X plus something: what we owe, and what nobody asked for. Never a concession (C-10)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from complaints.deciding import decider_of_plus, may_agree_to_plus
from complaints.models import Complaint, MakeGood
from complaints.plus import was_demanded
from complaints.recovery import demands_of, make_good_of, remedy_of, suggestion_for
from complaints.services.conversation import EmptyMessage
from complaints.services.remedy import LimitExceeded
from complaints.services.renewal import renew
from complaints.transitions import require, require_make_good
from core.errors import DomainError
from core.models import User
from core.operations import operation

FREE: Final = Decimal("0.00")
State = MakeGood.State


class PlusHasNoName(DomainError):
    code = "plus_has_no_name"


def offer_make_good(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    base: str,
    base_cost: Decimal = FREE,
    plus: str = "",
    plus_cost: Decimal = FREE,
    credit: Decimal = FREE,
    voluntary: bool = True,
    now: datetime,
) -> MakeGood:
    """Say what the client gets: what we owe (X) and something more. Amounts are the account's.

    voluntary -- nobody asked for the plus; what the client had demanded before never counts so.
    Whoever has the authority for the plus agrees to it at once; else it waits for who has.
    """
    with operation("complaints.offer_make_good", actor=actor, on=complaint, at=now) as op:
        require(complaint, "offer_make_good")
        good = op.also(make_good_of(complaint))
        require_make_good(good, "offer_make_good")
        if not base.strip():
            raise EmptyMessage(_("Say what we owe the client."))
        if plus_cost and not plus.strip():
            raise PlusHasNoName(_("Say what the client gets as the plus."))
        good.base, good.base_cost, good.credit = base.strip(), base_cost, credit
        good.plus, good.plus_cost = plus.strip(), plus_cost
        good.suggested, good.proposed_by = suggestion_for(complaint), actor
        demands = demands_of(complaint, remedy_of(complaint))
        good.voluntary = voluntary and not was_demanded(good.plus, demands)
        good.state, good.agreed_by, good.agreed_at = State.PROPOSED, None, None
        if may_agree_to_plus(actor, complaint, good):
            _agree(good, actor, now)
        renew(complaint)
    return good


def agree_make_good(*, actor: User, complaint: Complaint, now: datetime) -> MakeGood:
    """Agree to what a colleague proposes. Raises LimitExceeded above the actor's authority."""
    with operation("complaints.agree_make_good", actor=actor, on=complaint, at=now) as op:
        require(complaint, "agree_make_good")
        good = op.also(make_good_of(complaint))
        require_make_good(good, "agree_make_good")
        if not may_agree_to_plus(actor, complaint, good):
            raise LimitExceeded(
                format_lazy(
                    _("This plus is more than you may agree to: {who} decides."),
                    who=User.Role(decider_of_plus(good)).label,
                ),
                decides=[decider_of_plus(good)],
            )
        _agree(good, actor, now)
    return good


def deliver_make_good(*, actor: User, complaint: Complaint, now: datetime) -> MakeGood:
    """Record that the client has it."""
    with operation("complaints.deliver_make_good", actor=actor, on=complaint, at=now) as op:
        require(complaint, "deliver_make_good")
        good = op.also(make_good_of(complaint))
        require_make_good(good, "deliver_make_good")
        good.state, good.delivered_at = State.DELIVERED, now
    return good


def _agree(good: MakeGood, actor: User, at: datetime) -> None:
    good.state, good.agreed_by, good.agreed_at = State.AGREED, actor, at
