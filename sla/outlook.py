"""What colleagues should know of each proposed target before they promise it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Account
from core.shares import Share
from core.wording import share_text
from sla.approvals import is_tighter
from sla.history import Key, Likely, likely
from sla.models import Target
from sla.promises import holding
from sla.services.terms import Terms


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a target would have gone in the client's own past, and what it asks of us.

    target -- what is written; None where the house standard holds.
    is_tighter -- it asks more of us than the house standard, so colleagues must approve it.
    """

    likely: Likely
    target: Target | None
    is_tighter: bool

    @property
    def share(self) -> str:
        return share_text(Share(self.likely.met, self.likely.of))

    @property
    def is_doubtful(self) -> bool:
        """Say whether the past kept it less often than is to be promised."""
        percent, target = self.likely.percent, self.target
        return bool(percent is not None and target and percent < target.attainment_percent)


def outlook_of(account: Account, terms: Terms, now: datetime) -> dict[Key, Outlook]:
    """Return the outlook of everything that would hold, the house standard included."""
    targets = [Target(**row.values()) for row in terms.targets]
    rows = {(each.priority, each.category, each.metric): each for each in targets}
    past = likely(account, terms.calendar, holding(targets), now)
    tighter = {
        key
        for key, each in rows.items()
        if is_tighter(each.priority, each.metric, each.promised, terms.calendar)
    }
    return {key: Outlook(found, rows.get(key), key in tighter) for key, found in past.items()}
