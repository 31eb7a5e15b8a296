"""In which order the day's duties stand (10.1): by what is owed to whom and when, never by tier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum
from typing import TypeVar


class Bucket(IntEnum):
    BURNING = 0
    OVERDUE = 1
    TODAY = 2
    RISK = 3
    INTERNAL = 4
    AHEAD = 5


class Concern(Enum):
    """What kind of duty it is; one toward a client or among ourselves moves on by its due moment."""

    BURNING = "burning"
    CLIENT = "client"
    RISK = "risk"
    INTERNAL = "internal"
    AHEAD = "ahead"


_FIXED = {
    Concern.BURNING: Bucket.BURNING,
    Concern.RISK: Bucket.RISK,
    Concern.AHEAD: Bucket.AHEAD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """id -- settles the order of duties that are due at the same moment."""

    id: str
    concern: Concern
    due_at: datetime

    def bucket(self, now: datetime, day_ends_at: datetime) -> Bucket:
        """Return where it stands; day_ends_at is the first moment of the reader's next day."""
        if self.concern in _FIXED:
            return _FIXED[self.concern]
        if self.concern == Concern.INTERNAL:
            return Bucket.INTERNAL if self.due_at < day_ends_at else Bucket.AHEAD
        if self.due_at < now:
            return Bucket.OVERDUE
        return Bucket.TODAY if self.due_at < day_ends_at else Bucket.AHEAD


D = TypeVar("D", bound=Duty)


def in_order(duties: Iterable[D], now: datetime, day_ends_at: datetime) -> list[D]:
    """Return the duties in the order in which to do them."""
    return sorted(duties, key=lambda duty: (duty.bucket(now, day_ends_at), duty.due_at, duty.id))
