"""A duty as the page draws it, and whose duties are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from accounts.models import Account
from core.models import User
from desk.day import Duty

AHEAD: Final = timedelta(days=7)
MOST: Final = 200
"""More rows than that from one source nobody reads; the worst come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Duty):
    """A duty as the page draws it.

    does   -- verb and object, as the person would say it.
    why    -- the rule by which it is due, in words.
    url    -- where to read about it; action_url opens the exact form.
    starts_at -- since when the time runs, for the bar.
    has_deadline -- without one due_at is only since when it stands.
    """

    kind: str
    subject_id: UUID
    does: str
    why: str
    account: Account
    who: str
    starts_at: datetime
    url: str
    action: str
    action_url: str
    phone: str = ""
    has_deadline: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose duties, until when. people -- None is the whole team."""

    user: User
    people: frozenset[UUID] | None
    now: datetime

    @property
    def until(self) -> datetime:
        return self.now + AHEAD

    def held_by(self, *columns: str) -> Q:
        """Return the condition that one of the columns names one of the people."""
        if self.people is None:
            return Q()
        held = Q(pk__in=[])
        for column in columns:
            held |= Q(**{f"{column}__in": self.people})
        return held
