"""Whether small clients are served as well as large ones: gathers what `fairness` compares (8.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from accounts.models import Account, Touch
from sla import clock as arithmetic
from sla.credits import Kept
from sla.fairness import LARGE, SMALL, EqualAttention, Group, equal_attention
from sla.models import Clock, Metric
from sla.models.clock import ClockQuerySet
from sla.queries import local_day
from sla.sightings import clients

PERIOD: Final = timedelta(days=90)
COMPARED: Final = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
GROUP_OF: Final = {
    Account.Tier.STRATEGIC: LARGE,
    Account.Tier.KEY: LARGE,
    Account.Tier.STANDARD: SMALL,
    Account.Tier.SMALL: SMALL,
}
TOUCH_GAP: Final = {
    Account.Tier.STRATEGIC: timedelta(days=14),
    Account.Tier.KEY: timedelta(days=21),
    Account.Tier.STANDARD: timedelta(days=45),
    Account.Tier.SMALL: timedelta(days=60),
}
"""How far apart our own calls are planned (setting touch.gap)."""
MOST_ATTENTION: Final = 1.2
"""What we do beyond the plan for one client makes up for nobody else."""
WORST: Final = 10
MISSED: Final = Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING)

Shares = Mapping[UUID, list[float]]


@dataclass(frozen=True, slots=True)
class Served:
    """How fast a client was answered: the median share of the time used, of so many answers."""

    account: Account
    share: float
    count: int


@dataclass(frozen=True, slots=True)
class Attention:
    """The comparison, and what stands behind it.

    since  -- the clocks were due, and the talks held, from then on.
    bought -- how many of the clocks counted ran on targets of a contract.
    worst  -- the clients answered slowest, the slowest first.
    """

    since: datetime
    compared: EqualAttention
    bought: int
    worst: list[Served]

    @property
    def counted(self) -> int:
        return self.compared.large.counted + self.compared.small.counted


def attention(now: datetime) -> Attention:
    """Compare how large and small clients were served in the 90 days that end now."""
    accounts = {account.pk: account for account in _with_talks(now)}
    shares = _shares_used(now)
    kept, bought = _kept(now)
    large, small = (
        Group(
            kept=kept[group],
            shares=[
                share
                for pk, used in shares.items()
                if GROUP_OF[Account.Tier(accounts[pk].tier)] == group
                for share in used
            ],
            touches=_mean_attention(accounts.values(), group, now),
        )
        for group in (LARGE, SMALL)
    )
    worst = [Served(accounts[pk], median(used), len(used)) for pk, used in shares.items()]
    worst.sort(key=lambda served: (-served.share, -served.count, served.account.sort_name))
    compared = equal_attention(large, small)
    return Attention(now - PERIOD, compared, bought, worst[:WORST])


def compared_clocks(now: datetime) -> ClockQuerySet:
    """Return the clocks of clients that fell due in the period: met, missed or past due.

    What a contract excuses counts neither way (4.4).
    """
    rows = Clock.objects.filter(clients("account__"), metric__in=COMPARED, excluded_as="")
    rows = rows.exclude(state=Clock.State.CANCELLED)
    due = rows.annotate(promised_at=Coalesce("breached_at", "due_at"))
    return due.filter(promised_at__gte=now - PERIOD, promised_at__lt=now)


def _kept(now: datetime) -> tuple[dict[str, dict[str, Kept]], int]:
    """Return by group and priority how clocks were kept, and how many ran on bought targets."""
    met = Q(state=Clock.State.MET)
    rows = compared_clocks(now).order_by().values_list("account__tier", "priority")
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    bought = 0
    for tier, priority, done, counted, paid in rows.annotate(
        met=Count("pk", filter=met),
        counted=Count("pk", filter=met | MISSED),
        bought=Count("pk", filter=(met | MISSED) & Q(contract__isnull=False)),
    ):
        both = counts[GROUP_OF[Account.Tier(tier)], priority]
        both[0], both[1], bought = both[0] + done, both[1] + counted, bought + paid
    kept: dict[str, dict[str, Kept]] = {LARGE: {}, SMALL: {}}
    for (group, priority), (done, counted) in counts.items():
        kept[group][priority] = Kept(done, counted)
    return kept, bought


def _shares_used(now: datetime) -> Shares:
    """Return by account which share of its time each first answer took."""
    answers = compared_clocks(now).filter(metric=Metric.FIRST_RESPONSE)
    shares: dict[UUID, list[float]] = defaultdict(list)
    columns = ("account_id", "used", "target")
    for account_id, used, target in answers.order_by("pk").values_list(*columns):
        if used is not None:
            shares[account_id].append(used / target)
    for clock in answers.filter(used=None).prefetch_related("runs").order_by("pk"):
        shares[clock.account_id].append(share_used(clock, now))
    return shares


def share_used(clock: Clock, now: datetime) -> float:
    """Return the share of its time that the answer took.

    One that is still owed has taken what has passed so far: whoever was never answered counts.
    """
    if clock.used is not None:
        return clock.used / clock.target
    runs = [run.as_run for run in clock.runs.all()]
    return arithmetic.used(runs, clock.calendar, now) / clock.target


def answers_to(account: Account, now: datetime) -> ClockQuerySet:
    """Return the first answers to the client that were compared."""
    rows = compared_clocks(now).filter(metric=Metric.FIRST_RESPONSE, account=account)
    return rows.select_related("contract").prefetch_related("runs")


def _with_talks(now: datetime) -> Iterable[Any]:
    """Return the clients with `talks`, how often we turned to each of them and talked."""
    ours = Q(touches__direction=Touch.Direction.OUT, touches__two_way=True)
    lately = Q(touches__at__gte=now - PERIOD, touches__at__lt=now)
    rows = Account.objects.filter(clients()).order_by("sort_name", "pk")
    return rows.annotate(talks=Count("touches", filter=ours & lately))


def _mean_attention(accounts: Iterable[Any], group: str, now: datetime) -> float | None:
    """Return the mean of achieved by planned talks; None if nothing was planned yet."""
    achieved = [
        min(account.talks / planned, MOST_ATTENTION)
        for account, planned in _planned(accounts, now)
        if GROUP_OF[Account.Tier(account.tier)] == group
    ]
    return fmean(achieved) if achieved else None


def _planned(accounts: Iterable[Any], now: datetime) -> Iterator[tuple[Any, float]]:
    """Yield each client with how many talks were planned; for a new one, since he is one."""
    for account in accounts:
        known = local_day(account, now) - account.client_since
        planned = min(known, PERIOD) / TOUCH_GAP[Account.Tier(account.tier)]
        if planned >= 1:
            yield account, planned
