"""The list of calls: whose, when due, how many, and whether something is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Promise
from accounts.models.promise import PromiseQuerySet
from complaints.queries import callback_list, counts
from core.models import User

OVERDUE, TODAY, LATER = "overdue", "today", "later"
ME, OTHERS = "me", "others"
Wanted = Mapping[str, str]


def wanted_calls(user: User, wanted: Wanted, now: datetime) -> PromiseQuerySet:
    """Return the calls that the filter names, the earliest first."""
    rows = _of_caller(callback_list(user), user, wanted.get("caller", ""))
    due = wanted.get("due")
    return rows.filter(_due(due, now)) if due else rows


def call_counts(user: User, wanted: Wanted, now: datetime) -> dict[str, int]:
    """Count the calls of the wanted callers: overdue, due today, due later."""
    rows = _of_caller(callback_list(user), user, wanted.get("caller", ""))
    return counts(**{name: rows.filter(_due(name, now)) for name in (OVERDUE, TODAY, LATER)})


def callers(user: User) -> QuerySet[User]:
    """Return who owes calls about complaints the person may read, by name."""
    owing = callback_list(user).order_by().values("made_by")
    return User.objects.filter(pk__in=owing).order_by("name", "id")


def part_of(promise: Promise, now: datetime) -> str:
    """Return in which part of the list a call stands."""
    if promise.due_at < now:
        return OVERDUE
    return TODAY if promise.due_at < _midnight(now) else LATER


def fingerprint(promises: Iterable[Promise]) -> str:
    """Return a digest that changes when one of the calls was recorded, moved or promised."""
    seen = [(each.pk, each.version) for each in promises]
    return blake2b(repr(seen).encode(), digest_size=8).hexdigest()


def _of_caller(rows: PromiseQuerySet, user: User, caller: str) -> PromiseQuerySet:
    if caller == ME:
        return rows.filter(made_by__in=user.principals)
    if caller == OTHERS:
        return rows.exclude(made_by__in=user.principals)
    return rows.filter(made_by_id=UUID(caller)) if caller else rows


def _due(part: str, now: datetime) -> Q:
    if part == OVERDUE:
        return Q(due_at__lt=now)
    if part == TODAY:
        return Q(due_at__gte=now, due_at__lt=_midnight(now))
    return Q(due_at__gte=_midnight(now))


def _midnight(now: datetime) -> datetime:
    """Return the first moment of the reader's next day."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=1)
