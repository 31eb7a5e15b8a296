"""What early warning looks at, read for all clients at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Count, F, Max, Min, Q, When
from django.db.models.functions import Coalesce

from accounts.models import Account, Contact, Promise, Touch
from sla.models import Clock, Metric
from sla.warning_signs import QUIET_DAYS

YEAR: Final = timedelta(days=365)
QUIET_WINDOW: Final = timedelta(days=QUIET_DAYS)
ANSWERS: Final = (Metric.FIRST_RESPONSE, Metric.UPDATE)
"""The clocks whose miss a client feels as silence."""
_NAMES: Final = {each: each for each in ANSWERS} | dict.fromkeys(Promise.CALLS, "callback")
"""What is late by its own name; every other promise is just that."""
CLIENT_STARTS: Final = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.RESOLUTION)
"""The clocks that run because the client has turned to us."""


@dataclass(frozen=True, slots=True)
class Late:
    """One untimely event (E-1). what -- a metric, or "promise" or "callback"."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Heard:
    """How often the client turned to us (E-2).

    window    -- in the days that end now.
    before    -- in the twelve months before these days.
    last_year -- in the same days a year ago.
    first_at  -- the first time in two years.
    """

    window: int = 0
    before: int = 0
    last_year: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def __add__(self, other: Heard) -> Heard:
        return Heard(
            self.window + other.window,
            self.before + other.before,
            self.last_year + other.last_year,
            min(filter(None, [self.first_at, other.first_at]), default=None),
            max(filter(None, [self.last_at, other.last_at]), default=None),
        )


@dataclass(frozen=True, slots=True)
class Talked:
    """When somebody last talked with the client both ways; `decider` with one who decides."""

    anybody: datetime | None = None
    decider: datetime | None = None


def clients(prefix: str = "") -> Q:
    """Return the condition on rows that they belong to clients, `prefix` leading to the account."""
    return Q(**{f"{prefix}stage": Account.Stage.CLIENT, f"{prefix}archived_at": None})


def late_events(
    since: datetime, now: datetime, *, begun: Mapping[UUID, datetime]
) -> dict[UUID, list[Late]]:
    """Return the untimely events of each client since the moment, oldest first.

    begun -- accounts of which more is wanted, and since when; some may come with still more.
    """
    found: dict[UUID, list[Late]] = defaultdict(list)
    earliest = min(begun.values(), default=since)
    wanted = Q(late_at__gte=since) | Q(account__in=list(begun), late_at__gte=earliest)
    rows = [*_late_clocks(now).filter(wanted).values_list("account_id", "late_at", "metric")]
    rows += _broken_promises(now).filter(wanted).values_list("account_id", "late_at", "kind")
    for account_id, at, what in rows:
        found[account_id].append(Late(at, _NAMES.get(what, "promise")))
    return {
        pk: sorted(events, key=lambda each: (each.at, each.what)) for pk, events in found.items()
    }


def _late_clocks(now: datetime) -> Any:
    """Return the missed answers: breached, or running past due whatever was recorded yet.

    One that is excused by the contract, or was nothing to be timed, is no miss.
    """
    past_due = Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING, due_at__lt=now)
    counted = Clock.objects.filter(past_due, clients("account__"), metric__in=ANSWERS)
    counted = counted.filter(excluded_as="").exclude(state=Clock.State.CANCELLED)
    return counted.annotate(late_at=Coalesce("breached_at", "due_at"))


def _broken_promises(now: datetime) -> Any:
    """Return the promises that broke, on the day they did; callbacks made late, on the day due."""
    overdue = Q(state=Promise.State.OPEN, break_at__lt=now)
    late_call = Q(kind__in=Promise.CALLS, state=Promise.State.KEPT_LATE, done_at__gt=F("due_at"))
    broken = Q(state=Promise.State.BROKEN) | overdue | late_call
    rows = Promise.objects.filter(broken, clients("account__"))
    return rows.annotate(late_at=Case(When(late_call, then="due_at"), default="break_at"))


def heard_from(now: datetime) -> dict[UUID, Heard]:
    """Return how often each client turned to us: talks that he began, and cases."""
    earliest = now - 2 * YEAR
    talks = Touch.objects.filter(clients("account__"), direction=Touch.Direction.IN)
    cases = Clock.objects.filter(clients("account__"), metric__in=CLIENT_STARTS)
    found: dict[UUID, Heard] = defaultdict(Heard)
    for account_id, heard in [
        *_heard(talks.filter(at__gt=earliest, at__lte=now), "at", "pk", now),
        *_heard(cases.filter(started_at__gt=earliest), "started_at", "subject_id", now),
    ]:
        found[account_id] += heard
    return found


def _heard(rows: Any, moment: str, one: str, now: datetime) -> Iterator[tuple[UUID, Heard]]:
    """Yield the counts by account. one -- the column of which each value is one contact."""
    begins = now - QUIET_WINDOW

    def count(after: datetime, until: datetime) -> Count:
        within = Q(**{f"{moment}__gt": after, f"{moment}__lte": until})
        return Count(one, distinct=True, filter=within)

    counted = rows.order_by().values("account_id").annotate(
        window=count(begins, now),
        before=count(begins - YEAR, begins),
        last_year=count(begins - YEAR, now - YEAR),
        first_at=Min(moment),
        last_at=Max(moment),
    )  # fmt: skip
    columns = ("account_id", "window", "before", "last_year", "first_at", "last_at")
    for account_id, *figures in counted.values_list(*columns):
        yield account_id, Heard(*figures)


def talked_with(accounts: Collection[UUID], now: datetime) -> Mapping[UUID, Talked]:
    """Return the last talks with each of the accounts that there were any with."""
    decides = Q(contacts__roles__overlap=list(Contact.DECISIVE))
    rows = Touch.objects.filter(account__in=accounts, two_way=True, at__lte=now).order_by()
    found = rows.values("account_id").annotate(anybody=Max("at"), decider=Max("at", filter=decides))
    columns = ("account_id", "anybody", "decider")
    return {pk: Talked(*moments) for pk, *moments in found.values_list(*columns)}
