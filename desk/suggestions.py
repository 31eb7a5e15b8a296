"""Whom to call when nothing is owed: own clients not spoken to for longer than planned.

The tier decides how often we call by ourselves, and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    Value,
    When,
)

from accounts.models import Account
from accounts.models.account import AccountQuerySet
from accounts.queries import account_list
from core.models import User

GAPS: Final = {
    Account.Tier.STRATEGIC: timedelta(days=14),
    Account.Tier.KEY: timedelta(days=21),
    Account.Tier.STANDARD: timedelta(days=45),
    Account.Tier.SMALL: timedelta(days=60),
}
SUGGESTED: Final = 3


def suggested_touches(user: User, now: datetime) -> AccountQuerySet:
    """Return up to three own clients whose next talk is overdue the longest."""
    gap = Case(
        *(When(tier=tier, then=Value(days)) for tier, days in GAPS.items()),
        output_field=DurationField(),
    )
    planned = ExpressionWrapper(F("last_touch_at") + gap, output_field=DateTimeField(null=True))
    clients = account_list(user).own_of(user).filter(stage=Account.Stage.CLIENT)
    overdue = Q(planned_at=None) | Q(planned_at__lte=now)
    silent = clients.annotate(planned_at=planned).filter(overdue)
    return silent.order_by(F("planned_at").asc(nulls_first=True), "id")[:SUGGESTED]
