"""Letting open deadlines follow a newer calendar or contract, on somebody's order."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Calendar, User
from core.operations import operation
from core.timers import set_timers
from sla.models import Contract, Recompute
from sla.replanning import KIND, affected


class AlreadyRecomputing(DomainError):
    code = "already_recomputing"


class NothingToRecompute(DomainError):
    code = "nothing_to_recompute"


class NotInForce(DomainError):
    code = "not_in_force"


def recompute(*, actor: User, cause: Calendar | Contract, now: datetime) -> Recompute:
    """Order the open deadlines that run on something older to be planned anew.

    The work is done in the background; the order shows its progress. Closed clocks never change,
    and a breach of before stays.
    """
    with operation("sla.recompute", actor=actor, on=cause, at=now) as op:
        if isinstance(cause, Contract) and not cause.is_in_force:
            raise NotInForce(_("Only a contract in force can be applied to open deadlines."))
        order = Recompute(ordered_by=actor, ordered_at=now, total=affected(cause).count())
        setattr(order, "calendar" if isinstance(cause, Calendar) else "contract", cause)
        others = Recompute.objects.filter(
            calendar=order.calendar, contract=order.contract, finished_at=None
        )
        if others.exists():
            raise AlreadyRecomputing(_("This is being recomputed already. Look at its progress."))
        if not order.total:
            raise NothingToRecompute(_("No open deadline runs on anything older."))
        order.created_at = order.updated_at = now
        order.save(force_insert=True)
        op.details |= {"count": order.total, "order": str(order.pk)}
        set_timers(KIND, order.pk, {"start": now})
    return order
