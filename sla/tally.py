"""What one month came to in one time zone: rows to be written, figured for many contracts at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.db.models import Count, Q, prefetch_related_objects
from django.db.models.functions import Coalesce

from sla.chains import Chain, Version, chains_of
from sla.credits import Band, CreditLine, Fee, Kept, Scheme, credit_for, pro_rata
from sla.models import Attainment, Clock, Contract, Credit, Metric
from sla.models.clock import ClockQuerySet
from sla.models.contract import ContractQuerySet
from sla.queries import versions_of
from sla.spans import Month, Span

SHOWN = Decimal("0.0001")
STORED_PLACES = 2
ALWAYS_COUNTED = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
"""The metrics with a row in every closed month, also when nothing fell due."""
EVER_IN_FORCE = (
    *Contract.IN_FORCE,
    Contract.State.RENEWED,
    Contract.State.EXPIRED,
    Contract.State.TERMINATED,
)
PROMISED_AT = Coalesce("breached_at", "due_at")
"""The moment that puts a clock into a month; null while it is paused."""
MET = Q(state=Clock.State.MET)
EXCLUDED = ~Q(excluded_as="")
MISSED = (Q(breached_at__isnull=False) | Q(state=Clock.State.RUNNING)) & ~EXCLUDED
"""Conditions on clocks that have fallen due. A running one is compared with the month's end."""
Attained = dict[UUID, dict[str, Attainment]]
"""Rows by contract and metric."""


class Place(NamedTuple):
    chain: Chain
    version: Version


@dataclass(frozen=True, slots=True)
class ZoneMonth:
    """One month in one time zone. places -- the contracts in force in it, elder versions first."""

    zone: ZoneInfo
    month: Month
    now: datetime
    places: dict[UUID, Place]

    @classmethod
    def read(cls, zone: ZoneInfo, month: Month, now: datetime) -> ZoneMonth:
        chains = list(_chains(begun(zone, month), month))
        places = {
            version.id: Place(chain, version)
            for chain in chains
            for version in chain.in_force(month)
        }
        return cls(zone, month, now, places)

    def counting_for(self, contract: Contract) -> list[UUID]:
        place = self.places[contract.pk]
        return place.chain.counting_for(place.version, self.month)


class _Given(NamedTuple):
    """A credit, as of the first day of its month on which its version was in force."""

    day: date
    currency: str
    amount: Decimal


def begun(zone: ZoneInfo, month: Month) -> ContractQuerySet:
    """Return what has come into force in the zone by the month's end."""
    return _begun(Contract.objects.filter(account__time_zone=zone.key), month)


def _begun(rows: ContractQuerySet, month: Month) -> ContractQuerySet:
    """Leave out what was agreed and given up before both had signed: that never was in force."""
    unsigned = Q(signed_by_us_on=None) | Q(signed_by_client_on=None)
    found = rows.filter(state__in=EVER_IN_FORCE, starts_on__lte=month.last)
    return found.exclude(unsigned, state=Contract.State.TERMINATED)


def clocks_counted(contract: Contract, month: Month) -> ClockQuerySet:
    """Return the clocks that the contract's figures of the month are made of, and cancelled ones.

    Annotated with `promised_at`, the moment that puts a clock into a month.
    """
    counting = (
        chain.counting_for(version, month)
        for chain in _chains(_begun(versions_of(contract), month), month)
        for version in chain.in_force(month)
        if version.id == contract.pk
    )
    return fallen_due(next(counting, []), month, month, ZoneInfo(contract.account.time_zone))


def fallen_due(
    contract_ids: Iterable[UUID], first: Month, last: Month, zone: ZoneInfo
) -> ClockQuerySet:
    """Return the clocks of the contracts whose promised moment lies in the months."""
    rows = Clock.objects.filter(contract__in=contract_ids).annotate(promised_at=PROMISED_AT)
    return rows.filter(promised_at__gte=first.begins_at(zone), promised_at__lt=last.ends_at(zone))


def _chains(rows: ContractQuerySet, month: Month) -> Iterator[Chain]:
    columns = ("no", "id", "starts_on", "ends_on", "ended_on", "monthly_fee", "currency")
    ordered = sorted(rows.values_list(*columns), key=lambda row: (_base(row), row[2]))
    for _number, group in groupby(ordered, key=_base):
        yield from chains_of(_version(row, month) for row in group)


def _base(row: tuple[Any, ...]) -> str:
    """Return the number with which those of all versions begin."""
    return str(row[0]).partition("/")[0]


def _version(row: tuple[Any, ...], month: Month) -> Version:
    """Return the version as it was known at the month's end: what ended later had not ended."""
    _no, pk, starts_on, ends_on, ended_on, monthly_fee, currency = row
    has_ended = ended_on is not None and ended_on <= month.last
    return Version(pk, Span(starts_on, ended_on if has_ended else ends_on), monthly_fee, currency)


def attained(work: ZoneMonth, contracts: Sequence[Contract]) -> Attained:
    """Count the clocks whose promised moment lies in the month.

    A clock that still runs is compared with the month's end, never with the present.
    """
    found: Attained = {
        contract.pk: {metric.value: _row(work, contract.pk, metric) for metric in ALWAYS_COUNTED}
        for contract in contracts
    }
    owners = {pk: contract.pk for contract in contracts for pk in work.counting_for(contract)}
    for contract_id, metric, met, missed, excluded in _tallies(work, owners):
        owner = owners[contract_id]
        row = found[owner].setdefault(metric, _row(work, owner, metric))
        row.met, row.missed = row.met + met, row.missed + missed
        row.excluded += excluded
    return found


def _row(work: ZoneMonth, contract_id: UUID, metric: str) -> Attainment:
    return Attainment(
        contract_id=contract_id, month=work.month.first, metric=metric,
        met=0, missed=0, excluded=0, closed_at=work.now,
    )  # fmt: skip


def _tallies(work: ZoneMonth, contract_ids: Iterable[UUID]) -> Iterable[tuple[Any, ...]]:
    rows = fallen_due(contract_ids, work.month, work.month, work.zone)
    return rows.values_list("contract_id", "metric").annotate(
        met=Count("pk", filter=MET),
        missed=Count("pk", filter=MISSED),
        excluded=Count("pk", filter=EXCLUDED),
    )


def credits_due(work: ZoneMonth, contracts: Sequence[Contract], found: Attained) -> list[Credit]:
    """Return what the month gives back; without a fee or a miss there is nothing to give."""
    candidates = [
        contract
        for contract in contracts
        if contract.monthly_fee and any(row.missed for row in found[contract.pk].values())
    ]
    prefetch_related_objects(candidates, "credit_bands")
    given = _given(work, candidates)
    proposed = []
    for contract in candidates:
        chain, version = work.places[contract.pk]
        credit = _credit(work, contract, found[contract.pk].values(), given[chain.id])
        if credit.amount:
            proposed.append(credit)
            # A younger version that is in force in the same month has less room.
            given[chain.id].append(_as_given(version, credit))
    return proposed


def _given(work: ZoneMonth, contracts: Sequence[Contract]) -> dict[UUID, list[_Given]]:
    """Return the earlier credits of each chain; the waived ones use up no room."""
    chains = {work.places[contract.pk].chain for contract in contracts}
    places = {version.id: Place(chain, version) for chain in chains for version in chain.versions}
    rows = Credit.objects.filter(contract__in=places, month__lte=work.month.first)
    given: dict[UUID, list[_Given]] = defaultdict(list)
    for credit in rows.exclude(state=Credit.State.WAIVED):
        chain, version = places[credit.contract_id]
        given[chain.id].append(_as_given(version, credit))
    return given


def _as_given(version: Version, credit: Credit) -> _Given:
    return _Given(max(credit.month, version.span.first), credit.currency, credit.amount)


def _credit(
    work: ZoneMonth, contract: Contract, rows: Iterable[Attainment], given: Iterable[_Given]
) -> Credit:
    month, (chain, version) = work.month, work.places[contract.pk]
    year = chain.year_of(version, month)
    used = [
        each.amount
        for each in given
        if each.currency == contract.currency and year.first <= each.day <= year.last
    ]
    fee = Fee(
        month=pro_rata(contract.monthly_fee or Decimal(), version.span.days_in(month), month.days),
        year=chain.fee_of(year, contract.currency),
        currency_places=min(get_currency_precision(contract.currency), STORED_PLACES),
    )
    kept = {row.metric: Kept(row.met, row.counted) for row in rows}
    computed = credit_for(kept, fee, _scheme(contract), sum(used, Decimal()))
    return Credit(
        contract=contract, account_id=contract.account_id, month=month.first,
        currency=contract.currency, lines=[_line(line) for line in computed.lines],
        uncapped_percent=computed.uncapped_percent, uncapped=computed.uncapped,
        monthly_cap=computed.monthly_cap, annual_room=computed.annual_room,
        amount=computed.amount, limited_by=computed.limited_by,
    )  # fmt: skip


def _scheme(contract: Contract) -> Scheme:
    bands: dict[str, list[Band]] = defaultdict(list)
    for row in contract.credit_bands.all():
        bands[row.metric].append(Band(row.from_percent, row.to_percent, row.credit_percent))
    return Scheme(
        bands=bands,
        monthly_cap_percent=contract.monthly_cap_percent,
        annual_cap_percent=contract.annual_cap_percent,
        n_min=contract.n_min,
        per_extra_miss_percent=contract.per_extra_miss_percent,
        tolerated_misses=contract.tolerated_misses,
    )


def _line(line: CreditLine) -> dict[str, Any]:
    percent = None if line.percent is None else line.percent.quantize(SHOWN, ROUND_HALF_UP)
    return {
        "metric": line.metric,
        "met": line.met,
        "counted": line.counted,
        "percent": percent,
        "credit_percent": line.credit_percent,
        "rule": line.rule,
    }
