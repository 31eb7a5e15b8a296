"""A promise with what the reader may do to it, for lists and panels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Promise
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    promise: Promise
    is_overdue: bool
    may_keep: bool
    may_move: bool
    may_withdraw: bool


def promise_line(
    user: User, promise: Promise, now: datetime, *, may_settle: bool = False
) -> PromiseLine:
    """Return the promise as this person sees it; asks the database nothing.

    may_settle -- he may settle every promise of this account.
    """
    allowed = may_settle or promise.made_by_id in user.principals
    return PromiseLine(
        promise=promise,
        is_overdue=promise.is_overdue(now),
        may_keep=allowed and promise.is_owed and not promise.is_follow_up,
        may_move=allowed and promise.is_open and now <= promise.due_at,
        may_withdraw=allowed and promise.is_open and not promise.is_follow_up,
    )
