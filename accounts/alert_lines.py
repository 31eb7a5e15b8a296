"""An alert in words, with what the reader may do to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.kinds import alert_advice, alert_kind, alert_says
from accounts.models import Alert
from accounts.permissions import only_heads_put_off
from core.errors import Sentence
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """template -- draws what its kind tells beyond the sentence, "" for nothing."""

    alert: Alert
    label: Sentence
    says: str
    advice: str
    template: str
    is_snoozed: bool
    may_acknowledge: bool
    may_snooze: bool
    may_resolve: bool


def alert_line(user: User, alert: Alert, now: datetime, *, may_settle: bool = False) -> AlertLine:
    """Return the alert as this person sees it; asks the database nothing.

    may_settle -- he answers for the account, or for all.
    """
    kind = alert_kind(alert.kind)
    allowed = alert.is_standing and (may_settle or alert.assignee_id in user.principals)
    is_head = user.has_role(User.Role.HEAD_OF_KAM)
    may_snooze = is_head or (may_settle and not only_heads_put_off(user, alert))
    return AlertLine(
        alert=alert,
        label=kind.label,
        says=alert_says(alert),
        advice=alert_advice(alert),
        template=kind.template,
        is_snoozed=alert.is_standing and alert.is_snoozed(now),
        may_acknowledge=allowed and alert.state == Alert.State.OPEN,
        may_snooze=allowed and may_snooze,
        may_resolve=allowed,
    )
