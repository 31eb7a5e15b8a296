"""Reads that more than one caller needs, ready to render."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from accounts.models import Account
from accounts.models.account import AccountQuerySet
from core.models import Row, User
from sla.house import HOUSE_STANDARD, Promised
from sla.models import (
    Attainment,
    Clock,
    Contract,
    Credit,
    Metric,
    Priority,
    Recompute,
    Review,
    Target,
)
from sla.models.attainment import AttainmentQuerySet, CreditQuerySet
from sla.models.clock import ClockQuerySet, counted_hours
from sla.models.contract import ContractQuerySet
from sla.models.recompute import RecomputeQuerySet
from sla.models.review import ReviewQuerySet

STARTED_TOGETHER = (Metric.FIRST_RESPONSE, Metric.WORKAROUND, Metric.RESOLUTION)
"""The metrics whose clocks start when something is logged, where a time is promised."""


def contract_list(user: User) -> ContractQuerySet:
    rows = Contract.objects.visible_to(user).select_related("account", "calendar")
    return rows.prefetch_related("targets").order_by("-starts_on", "-id")


def contract_for(account: Account, day: date, scope: str = "") -> Contract | None:
    """Return the contract in force: the account's own, or the nearest that covers its group.

    scope -- which of the agreed services; a contract for everything stands in for a missing one.
    """
    found = Contract.objects.in_force(day).filter(
        account__in=account.lineage, scope__in={"", scope}
    )
    rows = found.select_related("calendar").prefetch_related("targets", "escalation_steps")
    return _nearest(account, rows, day)


def scopes_of(account: Account, day: date) -> list[str]:
    """Return the services for which the account has contracts of their own."""
    found = Contract.objects.in_force(day).filter(account__in=account.lineage).exclude(scope="")
    held = [each for each in found if each.covers_children or each.account_id == account.pk]
    return sorted({each.scope for each in held})


def local_day(account: Account, at: datetime) -> date:
    return at.astimezone(ZoneInfo(account.time_zone)).date()


def promised(
    contract: Contract | None, priority: str, metric: str, category: str = ""
) -> Promised | None:
    """Return the target of the contract, else of the house standard; None if nothing is promised.

    A target for the category wins over one for all. A P1 clock always runs around the clock.
    """
    targets: Iterable[Target] = contract.targets.all() if contract else ()
    written = {(each.priority, each.category, each.metric): each.promised for each in targets}
    return promised_by(written, priority, metric, category)


def promised_by(
    written: Mapping[tuple[str, str, str], Promised], priority: str, metric: str, category: str = ""
) -> Promised | None:
    """Return what `promised` returns, for targets that need not be stored yet."""
    target = (
        written.get((priority, category, metric))
        or written.get((priority, "", metric))
        or HOUSE_STANDARD.get((priority, metric))
    )
    if target and priority == Priority.P1:
        return replace(target, around_the_clock=True)
    return target


def planned(
    account: Account, priority: str, at: datetime, *, category: str = "", scope: str = ""
) -> dict[str, datetime]:
    """Return when each metric of something logged at this moment would be due. Writes nothing."""
    contract = contract_for(account, local_day(account, at), scope)
    calendar = (contract or account).calendar
    due = {}
    for metric in STARTED_TOGETHER:
        if target := promised(contract, priority, metric, category):
            hours = counted_hours(calendar.running_id, around_the_clock=target.around_the_clock)
            due[metric.value] = hours.add(at, target.counted(hours, at))
    return due


def contracts_of(accounts: Sequence[Account], now: datetime) -> dict[UUID, Contract]:
    """Return the contract in force for each account that has one, with one query."""
    holders = {holder for account in accounts for holder in account.lineage}
    days = {local_day(account, now) for account in accounts}
    signed = Contract.objects.filter(account__in=holders, state__in=Contract.IN_FORCE)
    found = list(signed.filter(starts_on__lte=max(days, default=now.date())))
    nearest = {
        account.pk: _nearest(account, found, local_day(account, now)) for account in accounts
    }
    return {pk: contract for pk, contract in nearest.items() if contract}


def _nearest(account: Account, contracts: Iterable[Contract], day: date) -> Contract | None:
    """Return the account's own contract of the day, or the nearest that covers its group.

    Of several for one company the one for a service stands before the one for everything.
    """
    lineage = account.lineage
    covering = [
        contract
        for contract in contracts
        if contract.holds_on(day)
        and contract.account_id in lineage
        and (contract.covers_children or contract.account_id == account.pk)
    ]
    return min(
        covering,
        key=lambda each: (lineage.index(each.account_id), each.scope == "", each.scope),
        default=None,
    )


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
    """Return, for each metric that fell due, the promises to the account of this month so far.

    First response and resolution are always told. A clock belongs to the month of its due time; running past it is missed (4.4).
    """
    local = now.astimezone(ZoneInfo(account.time_zone))
    begin = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = Clock.objects.filter(account=account, excluded_as="")
    counted = counted.exclude(state=Clock.State.CANCELLED)
    late = Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING, due_at__lt=now)
    rows = (
        counted.annotate(promised_at=Coalesce("breached_at", "due_at"))
        .filter(promised_at__gte=begin, promised_at__lt=_next_month(begin))
        .values("metric")
        .order_by("metric")
        .annotate(met=Count("pk", filter=Q(state=Clock.State.MET)), missed=Count("pk", filter=late))
    )
    kept = {row["metric"]: Kept(row["met"], row["met"] + row["missed"]) for row in rows}
    always = {Metric.FIRST_RESPONSE, Metric.RESOLUTION}
    return [
        (metric, kept.get(metric, Kept(0, 0)))
        for metric in Metric
        if metric in kept or metric in always
    ]


def _next_month(begin: datetime) -> datetime:
    later = begin + timedelta(days=32)
    return later.replace(day=1)


def clocks_of(subject_ids: Iterable[UUID]) -> dict[UUID, list[Clock]]:
    """Return the clocks of many subjects with one query, oldest cycle first."""
    answer: dict[UUID, list[Clock]] = {subject_id: [] for subject_id in subject_ids}
    for clock in Clock.objects.filter(subject_id__in=answer).order_by("cycle", "metric"):
        answer[clock.subject_id].append(clock)
    return answer


def recompute_list(user: User) -> RecomputeQuerySet:
    rows = Recompute.objects.visible_to(user).select_related("calendar", "contract", "ordered_by")
    return rows.order_by("-ordered_at", "-id")


def is_timed(subject: Row, metric: str) -> bool:
    """Say whether a clock of the metric is open for the subject."""
    return Clock.objects.about(subject).live().filter(metric=metric).exists()


SIGNED = Q(
    state=Contract.State.AGREED,
    signed_by_us_on__isnull=False,
    signed_by_client_on__isnull=False,
)
"""Contracts that will be in force on their first day."""


def versions_of(contract: Contract) -> ContractQuerySet:
    """Return all versions of the contract, the oldest first."""
    base = contract.no.partition("/")[0]
    return Contract.objects.filter(Q(no=base) | Q(no__startswith=f"{base}/")).order_by("revision")


def newer_in_talks(contract: Contract) -> ContractQuerySet:
    """Return the later versions that are not in force yet, and may still be."""
    later = versions_of(contract).filter(revision__gt=contract.revision)
    return later.filter(state__in=Contract.IN_TALKS)


def follower_of(contract: Contract) -> Contract | None:
    """Return the signed version that takes over when the contract has run out."""
    if contract.ends_on is None:
        return None
    next_day = contract.ends_on + timedelta(days=1)
    return newer_in_talks(contract).filter(SIGNED, starts_on__lte=next_day).first()


def rivals_of(contract: Contract) -> ContractQuerySet:
    """Return the other contracts that hold, or will, for the same on some of its days."""
    rivals = Contract.objects.filter(
        SIGNED | Q(state__in=Contract.IN_FORCE),
        Q(ends_on=None) | Q(ends_on__gte=contract.starts_on),
        account=contract.account_id,
        scope=contract.scope,
    ).exclude(pk__in=versions_of(contract).values("pk"))
    return rivals.filter(starts_on__lte=contract.ends_on) if contract.ends_on else rivals


def contract_detail(user: User) -> ContractQuerySet:
    """Return contracts with all that belongs to one."""
    rows = Contract.objects.visible_to(user).select_related(
        "account__owner", "account__calendar", "calendar", "drafted_by", "predecessor",
        "signed_by_us",
    )  # fmt: skip
    return rows.prefetch_related(
        "targets", "scope_items", "exclusions", "credit_bands", "escalation_steps__person",
        "approvals__by",
    )  # fmt: skip


def without_contract(user: User, day: date) -> AccountQuerySet:
    """Return the clients whom no contract covers on the day: neither an own one nor a group's."""
    in_force = Contract.objects.in_force(day)
    groups = ArraySubquery(in_force.filter(covers_children=True).values("account"))
    rows = Account.objects.visible_to(user).filter(stage=Account.Stage.CLIENT, archived_at=None)
    return rows.filter(
        ~Exists(in_force.filter(account=OuterRef("pk"))), ~Q(ancestors__overlap=groups)
    )


def credit_list(user: User) -> CreditQuerySet:
    rows = Credit.objects.visible_to(user).select_related("account", "contract", "approved_by")
    return rows.order_by("-month", "-id")


def credits_to_settle(user: User) -> CreditQuerySet:
    """Return what waits for the person: for finance to be approved, else to be told to clients."""
    mine = Q(state=Credit.State.APPROVED, account__in=Account.objects.own_of(user))
    if user.has_role(User.Role.FINANCE):
        mine |= Q(state=Credit.State.PROPOSED)
    return credit_list(user).filter(mine)


def attainment_list(user: User) -> AttainmentQuerySet:
    return Attainment.objects.visible_to(user).order_by("-month", "-id")


def review_list(user: User) -> ReviewQuerySet:
    rows = Review.objects.visible_to(user).select_related("contract__account", "recorded_by")
    return rows.order_by("-held_on", "-id")


def credits_of(contract: Contract) -> CreditQuerySet:
    """Return the credits of all versions of the contract, the newest first."""
    rows = Credit.objects.filter(contract__in=versions_of(contract).values("pk"))
    return rows.select_related("contract").order_by("-month", "-id")


def reviews_of(contract: Contract) -> ReviewQuerySet:
    """Return the reviews of all versions of the contract, the newest first."""
    rows = Review.objects.filter(contract__in=versions_of(contract).values("pk"))
    return rows.select_related("recorded_by").order_by("-held_on", "-id")
