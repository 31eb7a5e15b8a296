"""How a contract was kept, month by month, and which clocks make up each figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, IntegerField, Value, When

from core.models import AuditEntry, User
from core.places import place_of
from sla.models import Attainment, Clock, Contract, Credit, Metric
from sla.models.clock import ClockQuerySet
from sla.queries import versions_of
from sla.review_figures import Miss
from sla.review_words import late_text
from sla.spans import Month
from sla.subjects import facts_of
from sla.tally import EXCLUDED, MET, MISSED, clocks_counted

MOST_MONTHS: Final = 36
MISSED_FIRST: Final = Case(
    When(MISSED, then=Value(0)),
    When(EXCLUDED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """One closed month of one version. cells -- in the order of the table's metrics."""

    month: Month
    contract_id: UUID
    no: str
    cells: list[Attainment | None]
    credit: Credit | None


@dataclass(frozen=True, slots=True)
class KeptMonths:
    metrics: list[Metric]
    rows: list[KeptMonth]


def kept_months(contract: Contract, user: User) -> KeptMonths:
    """Return the closed months of the contract and its earlier versions, the newest first."""
    versions = dict(
        versions_of(contract).filter(revision__lte=contract.revision).values_list("pk", "no")
    )
    attained = Attainment.objects.filter(contract__in=versions)
    months: dict[tuple[date, UUID], dict[str, Attainment]] = defaultdict(dict)
    for row in attained.order_by("-month", "-contract_id"):
        months[row.month, row.contract_id][row.metric] = row
    shown = list(months)[:MOST_MONTHS]
    earned = Credit.objects.visible_to(user).filter(contract__in=versions)
    given = {(credit.month, credit.contract_id): credit for credit in earned}
    metrics = [metric for metric in Metric if any(metric in months[key] for key in shown)]
    return KeptMonths(
        metrics,
        [
            KeptMonth(
                month=Month(key[0]),
                contract_id=key[1],
                no=versions[key[1]],
                cells=[months[key].get(metric) for metric in metrics],
                credit=given.get(key),
            )
            for key in shown
        ],
    )


def is_closed(contract: Contract, clock: Clock) -> bool:
    """Say whether the month to which the missed clock belongs is closed."""
    zone = ZoneInfo(contract.account.time_zone)
    due = clock.breached_at or clock.due_at
    if due is None:
        return False
    month = Month.of(due.astimezone(zone).date())
    versions = versions_of(contract).values("pk")
    return Attainment.objects.filter(contract__in=versions, month=month.first).exists()


def can_be_excluded(clock: Clock, now: datetime) -> bool:
    """Say whether the clock was missed, and its contract names reasons for which that may not count."""
    contract = clock.contract
    if contract is None or clock.excluded_as or not clock.is_overdue(now):
        return False
    return contract.exclusions.exists() and not is_closed(contract, clock)


def counted_clocks(contract: Contract, month: Month, metric: str, user: User) -> ClockQuerySet:
    """Return the clocks behind one figure that the person may read, with `rank`: misses first."""
    counted = clocks_counted(contract, month).filter(MET | MISSED | EXCLUDED, metric=metric)
    return counted.visible_to(user).annotate(rank=MISSED_FIRST)


@dataclass(frozen=True, slots=True)
class CountedClock(Miss):
    """One clock of a figure, with the address of what it is about."""

    url: str

    @property
    def is_met(self) -> bool:
        return self.clock.state == Clock.State.MET

    @property
    def late_words(self) -> str:
        return late_text(self)


def counted_lines(clocks: Iterable[Clock]) -> list[CountedClock]:
    clocks = list(clocks)
    facts = facts_of(clocks)
    return [CountedClock(clock, facts[clock.subject_id], _place_of(clock)) for clock in clocks]


def _place_of(clock: Clock) -> str:
    return place_of(AuditEntry(target_type_id=clock.subject_type_id, target_id=clock.subject_id))
