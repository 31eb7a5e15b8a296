"""Versions of one contract that follow each other day by day: pure, for fees and caps by the year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from uuid import UUID

from sla.periods import ONE_DAY
from sla.spans import ContractYear, Month, Span

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Version:
    """One version that was in force; monthly_fee None is free."""

    id: UUID
    span: Span
    monthly_fee: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Versions without a gap between them, the oldest first; they share their contract years."""

    versions: tuple[Version, ...]

    @property
    def id(self) -> UUID:
        """The id of the oldest version."""
        return self.versions[0].id

    def year_of(self, version: Version, month: Month) -> ContractYear:
        """Return the contract year of the version's first day in the month."""
        day = max(version.span.first, month.first)
        return ContractYear.holding(day, self.versions[0].span.first)

    def fee_of(self, year: ContractYear, currency: str) -> Decimal:
        """Return what all versions together cost in the year, unrounded."""
        parts = [
            (each.monthly_fee, year.months_of(each.span))
            for each in self.versions
            if each.monthly_fee and each.currency == currency
        ]
        fees = [fee * months.numerator / months.denominator for fee, months in parts]
        return sum(fees, NOTHING)

    def in_force(self, month: Month) -> list[Version]:
        """Return the versions that were in force on at least one day of the month."""
        return [each for each in self.versions if each.span.days_in(month)]

    def counting_for(self, version: Version, month: Month) -> list[UUID]:
        """Return whose clocks count for the version: its own, and those of ended versions.

        A clock keeps the version on which it began. When that one has ended before the month
        begins, the clock counts for the first version of the month.
        """
        earlier = self.versions[: self.versions.index(version)]
        ended = takewhile(lambda each: not each.span.days_in(month), reversed(earlier))
        return [version.id, *(each.id for each in ended)]


def chains_of(versions: Iterable[Version]) -> Iterator[Chain]:
    """Yield the unbroken chains among the versions of one contract, given the oldest first."""
    chain: list[Version] = []
    for version in versions:
        if chain and not _follows(version, chain[-1]):
            yield Chain(tuple(chain))
            chain = []
        chain.append(version)
    if chain:
        yield Chain(tuple(chain))


def _follows(version: Version, earlier: Version) -> bool:
    return earlier.span.last is not None and version.span.first <= earlier.span.last + ONE_DAY
