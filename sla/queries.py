"""Reads that more than one caller needs, ready to render."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from accounts.models import Account
from core.models import User
from sla.house import HOUSE_STANDARD, Promised
from sla.models import Clock, Contract, Metric, Priority, Target
from sla.models.clock import ClockQuerySet, counted_hours
from sla.models.contract import ContractQuerySet

STARTED_TOGETHER = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
"""The metrics whose clocks start when something is logged."""


def contract_list(user: User) -> ContractQuerySet:
    rows = Contract.objects.visible_to(user).select_related("account", "calendar")
    return rows.prefetch_related("targets").order_by("-starts_on", "-id")


def contract_for(account: Account, day: date) -> Contract | None:
    """Return the contract in force: the account's own, or the nearest that covers its group."""
    found = Contract.objects.in_force(day).filter(account__in=account.lineage)
    return _nearest(account, found.select_related("calendar").prefetch_related("targets"), day)


def local_day(account: Account, at: datetime) -> date:
    return at.astimezone(ZoneInfo(account.time_zone)).date()


def promised(contract: Contract | None, priority: str, metric: str) -> Promised | None:
    """Return the target of the contract, else of the house standard; None if nothing is promised.

    A P1 clock always runs around the clock.
    """
    targets: Iterable[Target] = contract.targets.all() if contract else ()
    written = {(each.priority, each.metric): each.promised for each in targets}
    target = written.get((priority, metric)) or HOUSE_STANDARD.get((priority, metric))
    if target and priority == Priority.P1:
        return Promised(target.amount, around_the_clock=True)
    return target


def planned(account: Account, priority: str, at: datetime) -> dict[str, datetime]:
    """Return when each metric of something logged at this moment would be due. Writes nothing."""
    contract = contract_for(account, local_day(account, at))
    calendar = (contract or account).calendar
    due = {}
    for metric in STARTED_TOGETHER:
        if target := promised(contract, priority, metric):
            hours = counted_hours(calendar.running_id, around_the_clock=target.around_the_clock)
            due[metric.value] = hours.add(at, target.amount)
    return due


def contracts_of(accounts: Sequence[Account], now: datetime) -> dict[UUID, Contract]:
    """Return the contract in force for each account that has one, with one query."""
    holders = {holder for account in accounts for holder in account.lineage}
    days = {local_day(account, now) for account in accounts}
    signed = Contract.objects.filter(account__in=holders, state=Contract.State.ACTIVE)
    found = list(signed.filter(starts_on__lte=max(days, default=now.date())))
    nearest = {
        account.pk: _nearest(account, found, local_day(account, now)) for account in accounts
    }
    return {pk: contract for pk, contract in nearest.items() if contract}


def _nearest(account: Account, contracts: Iterable[Contract], day: date) -> Contract | None:
    """Return the account's own contract of the day, or the nearest that covers its group."""
    lineage = account.lineage
    covering = [
        contract
        for contract in contracts
        if contract.holds_on(day)
        and contract.account_id in lineage
        and (contract.covers_children or contract.account_id == account.pk)
    ]
    return min(covering, key=lambda each: lineage.index(each.account_id), default=None)


def clock_list(user: User) -> ClockQuerySet:
    return Clock.objects.visible_to(user).order_by("-started_at", "-id")


def clock_detail(user: User) -> ClockQuerySet:
    rows = Clock.objects.visible_to(user).select_related("account", "contract", "calendar_version")
    return rows.prefetch_related("runs")


@dataclass(frozen=True, slots=True)
class Kept:
    """How often a promise was kept: met of all that fell due."""

    met: int
    of: int

    @property
    def is_spotless(self) -> bool:
        return self.met == self.of


def kept_this_month(account: Account, now: datetime) -> list[tuple[Metric, Kept]]:
    """Return, for each metric, the promises to the account that fell due this month so far.

    A clock belongs to the month of its due time; running past it is missed (4.4).
    """
    local = now.astimezone(ZoneInfo(account.time_zone))
    begin = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = Clock.objects.filter(account=account).exclude(state=Clock.State.CANCELLED)
    late = Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING, due_at__lt=now)
    rows = (
        counted.annotate(promised_at=Coalesce("breached_at", "due_at"))
        .filter(promised_at__gte=begin, promised_at__lt=_next_month(begin))
        .values("metric")
        .order_by("metric")
        .annotate(met=Count("pk", filter=Q(state=Clock.State.MET)), missed=Count("pk", filter=late))
    )
    kept = {row["metric"]: Kept(row["met"], row["met"] + row["missed"]) for row in rows}
    return [(metric, kept.get(metric, Kept(0, 0))) for metric in STARTED_TOGETHER]


def _next_month(begin: datetime) -> datetime:
    later = begin + timedelta(days=32)
    return later.replace(day=1)


def clocks_of(subject_ids: Iterable[UUID]) -> dict[UUID, list[Clock]]:
    """Return the clocks of many subjects with one query, oldest cycle first."""
    answer: dict[UUID, list[Clock]] = {subject_id: [] for subject_id in subject_ids}
    for clock in Clock.objects.filter(subject_id__in=answer).order_by("cycle", "metric"):
        answer[clock.subject_id].append(clock)
    return answer
