"""Reads what a review of a contract looks at, in as many queries for one month as for twelve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from core.models import User
from sla.models import Attainment, Clock, Contract, Credit, Metric, Priority, Review
from sla.queries import versions_of
from sla.review_figures import Cell, Line, Miss, ReviewPack, Volume
from sla.spans import MONTHS_OF_YEAR, Month
from sla.subjects import facts_of
from sla.tally import EXCLUDED, MET, MISSED, PROMISED_AT, fallen_due

USUAL_TARGET: Final = Decimal(90)
Cells = dict[Metric, dict[Month, Cell]]


@dataclass(frozen=True, slots=True)
class _Scope:
    """The versions whose figures belong together, and the wall clock of their months."""

    contract: Contract
    ids: list[UUID]
    zone: ZoneInfo


def review_pack(
    contract: Contract, user: User, *, first: Month | None = None, last: Month | None = None
) -> ReviewPack:
    """Return the figures of the closed months from `first` to `last`.

    Without them: the months since the last review, or as many as lie between two reviews. Misses
    and credits are those that the person may read.
    """
    scope = _scope(contract)
    closed = _closed(scope)
    review = _last_review(contract)
    months = _chosen(closed, first, last) or _since(closed, review, contract.review_every)
    year = [month for month in closed if months and month <= months[-1]][-MONTHS_OF_YEAR:]
    history = _history(scope, year)
    begun = _begun(scope, year)
    return ReviewPack(
        contract=contract,
        closed=closed,
        months=months,
        year=year,
        lines=[_line(contract, metric, history[metric], months) for metric in history],
        history=history,
        misses=_misses(scope, months, user),
        credits=_credits(scope, months, user),
        volumes=[
            Volume(priority, {month: begun[priority, month] for month in months})
            for priority in Priority
        ],
        cases={month: sum(begun[priority, month] for priority in Priority) for month in year},
        last_review=review,
    )


def months_to_review(contract: Contract) -> tuple[list[Month], list[Month]]:
    """Return all closed months, and those that the next review looks at."""
    closed = _closed(_scope(contract))
    return list(closed), _since(closed, _last_review(contract), contract.review_every)


def _last_review(contract: Contract) -> Review | None:
    return contract.reviews.order_by("-held_on", "-id").first()


def _scope(contract: Contract) -> _Scope:
    versions = versions_of(contract).filter(revision__lte=contract.revision)
    zone = ZoneInfo(contract.account.time_zone)
    return _Scope(contract, list(versions.values_list("pk", flat=True)), zone)


def _closed(scope: _Scope) -> dict[Month, UUID]:
    rows = Attainment.objects.filter(contract__in=scope.ids).order_by("month", "contract_id")
    months = rows.values_list("month", "contract_id").distinct()
    return {Month(month): contract_id for month, contract_id in months}


def _chosen(closed: Iterable[Month], first: Month | None, last: Month | None) -> list[Month]:
    if first is None and last is None:
        return []
    return [
        month
        for month in closed
        if (first is None or first <= month) and (last is None or month <= last)
    ]


def _since(closed: Iterable[Month], review: Review | None, usual: int) -> list[Month]:
    since = [month for month in closed if review and month.first > review.last_month]
    return since or list(closed)[-usual:]


def _history(scope: _Scope, year: Sequence[Month]) -> Cells:
    """Return what was closed, with the shares that were promised for the cases of each month."""
    if not year:
        return {}
    rows = Attainment.objects.filter(
        contract__in=scope.ids, month__range=(year[0].first, year[-1].first)
    )
    shares = _shares(scope, year)
    found: dict[str, dict[Month, Cell]] = defaultdict(lambda: defaultdict(Cell))
    for row in rows:
        month = Month(row.month)
        expected = shares.get((row.metric, month), USUAL_TARGET) * row.counted
        found[row.metric][month] += Cell(row.met, row.counted, row.excluded, expected)
    return {
        metric: {month: found[metric][month] for month in year}
        for metric in Metric
        if metric in found
    }


def _shares(scope: _Scope, year: Sequence[Month]) -> Mapping[tuple[str, Month], Decimal]:
    """Return the promised percent by metric and month, weighted by the cases that fell due."""
    targets = {
        (each.priority, each.category, each.metric): each.attainment_percent
        for each in scope.contract.targets.all()
    }
    due = fallen_due(scope.ids, year[0], year[-1], scope.zone).filter(MET | MISSED)
    rows = due.annotate(month=TruncMonth("promised_at", tzinfo=scope.zone))
    counted = rows.values_list("month", "priority", "category", "metric").annotate(n=Count("pk"))
    sums: dict[tuple[str, Month], Decimal] = defaultdict(Decimal)
    cases: dict[tuple[str, Month], int] = defaultdict(int)
    for moment, priority, category, metric, count in counted:
        share = targets.get((priority, category, metric)) or targets.get((priority, "", metric))
        key = metric, Month.of(moment.date())
        sums[key] += count * (share or USUAL_TARGET)
        cases[key] += count
    return {key: total / cases[key] for key, total in sums.items()}


def _line(
    contract: Contract, metric: Metric, cells: Mapping[Month, Cell], months: Sequence[Month]
) -> Line:
    total = sum((cells[month] for month in months), Cell())
    return Line(metric, {month: cells[month] for month in months}, total, total.of < contract.n_min)


def _misses(scope: _Scope, months: Sequence[Month], user: User) -> list[Miss]:
    if not months:
        return []
    due = fallen_due(scope.ids, months[0], months[-1], scope.zone)
    missed = due.visible_to(user).filter(MISSED | EXCLUDED)
    rows = list(missed.order_by(PROMISED_AT.desc(), "-id"))
    facts = facts_of(rows)
    return [Miss(clock, facts[clock.subject_id]) for clock in rows]


def _credits(scope: _Scope, months: Sequence[Month], user: User) -> list[Credit]:
    looked_at = [month.first for month in months]
    rows = Credit.objects.visible_to(user).filter(contract__in=scope.ids, month__in=looked_at)
    return list(rows.select_related("contract").order_by("month", "id"))


def _begun(scope: _Scope, year: Sequence[Month]) -> Mapping[tuple[str, Month], int]:
    """Return how many cases began, by priority and month: each has one first response."""
    counts: dict[tuple[str, Month], int] = defaultdict(int)
    if not year:
        return counts
    first = Q(metric=Metric.FIRST_RESPONSE, cycle=1)
    rows = Clock.objects.filter(
        first,
        contract__in=scope.ids,
        started_at__gte=year[0].begins_at(scope.zone),
        started_at__lt=year[-1].ends_at(scope.zone),
    ).annotate(month=TruncMonth("started_at", tzinfo=scope.zone))
    for month, priority, count in rows.values_list("month", "priority").annotate(n=Count("pk")):
        counts[priority, Month.of(month.date())] = count
    return counts
