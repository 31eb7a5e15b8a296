"""The support queue: which complaints a person asks for, and what each line shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import Account, Promise
from complaints.models import Complaint
from complaints.models.complaint import ComplaintQuerySet
from complaints.queries import callback_list, counts, next_contacts
from core.errors import Sentence
from core.models import User
from sla.models import Clock, Metric, Priority
from sla.queries import clocks_of

SOON: Final = timedelta(hours=1)
WORST_FIRST: Final = ("next_due_at", "id")
NEWEST_FIRST: Final = ("-received_at", "-id")
ME, NOBODY, UNKNOWN = "me", "nobody", "unknown"
"""With whom: the person, no assignee yet, no account yet."""
OVERDUE, WITHIN_HOUR = "overdue", "hour"

Wanted = Mapping[str, str]
Narrowing = Callable[[str, User, datetime], Q]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A clock as a page draws it; share is the part of the target that is used."""

    clock_id: UUID
    label: Sentence
    state: str
    due: datetime | None
    share: float
    remaining: timedelta | None
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One complaint of the queue; labels are made here, for get_…_display is slow in lists."""

    complaint: Complaint
    priority: Sentence
    state: Sentence
    first_response: Bar | None
    resolution: Bar | None
    next_contact: Promise | None
    is_overdue: bool


def asked_for(user: User, wanted: Wanted, now: datetime) -> ComplaintQuerySet:
    """Return the complaints that the filter names; without a state those that are open."""
    rows = Complaint.objects.visible_to(user).select_related("account", "lead", "assignee")
    rows = rows.matching(wanted["q"]) if wanted.get("q") else rows
    state = wanted.get("state")
    rows = rows.filter(state=state) if state else rows.open()
    for name, narrowing in _NARROWINGS.items():
        if value := wanted.get(name):
            rows = rows.filter(narrowing(value, user, now))
    return rows


def order_of(wanted: Wanted) -> tuple[str, ...]:
    """Return the worst deadline first, and newest first where no deadline runs any more."""
    state = wanted.get("state") or Complaint.State.NEW
    return WORST_FIRST if state in Complaint.OPEN else NEWEST_FIRST


def _mine(value: str, user: User, now: datetime) -> Q:
    if value == NOBODY:
        return Q(assignee=None)
    if value == UNKNOWN:
        return Q(account__is_unknown=True)
    return Q(assignee__in=user.principals) | Q(lead__in=user.principals)


def _due(value: str, user: User, now: datetime) -> Q:
    if value == OVERDUE:
        return Q(next_due_at__lt=now)
    return Q(next_due_at__gte=now, next_due_at__lte=now + SOON)


def _of_account(value: str, user: User, now: datetime) -> Q:
    return Q(account__in=Account.objects.visible_to(user).matching(value).values("pk"))


_NARROWINGS: Final[dict[str, Narrowing]] = {
    "priority": lambda value, user, now: Q(priority=value),
    "assigned": _mine,
    "due": _due,
    "account": _of_account,
}


def counters(user: User, now: datetime) -> dict[str, int]:
    """Count what needs a look: overdue, due within the hour, unassigned, calls of today."""
    rows = Complaint.objects.visible_to(user).open()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return counts(
        overdue=rows.filter(_due(OVERDUE, user, now)),
        hour=rows.filter(_due(WITHIN_HOUR, user, now)),
        unassigned=rows.filter(_mine(NOBODY, user, now)),
        calls=callback_list(user).filter(due_at__lt=midnight + timedelta(days=1)),
    )


def lines_of(complaints: Sequence[Complaint], now: datetime) -> list[Line]:
    """Return what the lines show: two queries, however many they are."""
    ids = [each.pk for each in complaints]
    clocks, contacts = clocks_of(ids), next_contacts(ids)
    return [
        Line(
            complaint=each,
            priority=Priority(each.priority).label,
            state=Complaint.State(each.state).label,
            first_response=_last_bar(clocks[each.pk], Metric.FIRST_RESPONSE, now),
            resolution=_last_bar(clocks[each.pk], Metric.RESOLUTION, now),
            next_contact=contacts.get(each.pk),
            is_overdue=each.is_overdue(now),
        )
        for each in complaints
    ]


def fingerprint(lines: Iterable[Line], numbers: Mapping[str, int]) -> str:
    """Return a digest that changes when the page would show something new.

    Bars move in the browser, so time alone changes nothing until a deadline passes.
    """
    seen = [
        (
            line.complaint.pk,
            line.complaint.version,
            line.is_overdue,
            line.next_contact and line.next_contact.due_at,
            [bar and (bar.state, bar.due) for bar in (line.first_response, line.resolution)],
        )
        for line in lines
    ]
    return blake2b(repr((seen, sorted(numbers.items()))).encode(), digest_size=8).hexdigest()


def latest_of(clocks: Iterable[Clock]) -> list[Clock]:
    """Return the last clock of each metric, those that run first and by their deadline."""
    latest = {clock.metric: clock for clock in sorted(clocks, key=lambda each: each.cycle)}
    return sorted(
        latest.values(), key=lambda each: (not each.is_live, each.due_at or each.started_at)
    )


def earlier_than_latest(clocks: Sequence[Clock]) -> list[Clock]:
    """Return the clocks of earlier cycles, newest first."""
    latest = {clock.pk for clock in latest_of(clocks)}
    earlier = [clock for clock in clocks if clock.pk not in latest]
    return sorted(earlier, key=lambda each: each.started_at, reverse=True)


def bar_of(clock: Clock, now: datetime) -> Bar:
    """Return the bar of a clock by wall time: no calendar is asked, for lists are long."""
    return Bar(
        clock_id=clock.pk,
        label=Metric(clock.metric).label,
        state=clock.state,
        due=clock.due_at,
        share=_share(clock, now),
        remaining=clock.remaining,
        ended=clock.stopped_at,
    )


def _last_bar(clocks: Iterable[Clock], metric: str, now: datetime) -> Bar | None:
    latest = None
    for clock in clocks:
        latest = clock if clock.metric == metric else latest
    return bar_of(latest, now) if latest else None


def _share(clock: Clock, now: datetime) -> float:
    if clock.remaining is not None:
        return 1 - clock.remaining / clock.target
    if clock.due_at is None or clock.due_at <= clock.started_at:
        return 1.0
    passed = (clock.stopped_at or now) - clock.started_at
    return max(passed / (clock.due_at - clock.started_at), 0.0)
