"""Service credits: what a month of missed targets gives back to the client (4.4).

Thresholds look at unrounded percents; money is rounded half up, once for each printed amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

ZERO = Decimal(0)
HUNDRED = Decimal(100)
BANDS, MISSES = "bands", "misses"
"""The two rules: by attainment, or miss by miss where there are too few cases for a percent."""
MONTHLY_CAP, ANNUAL_ROOM = "monthly_cap", "annual_room"


@dataclass(frozen=True, slots=True)
class Kept:
    """How many clocks were met, of those counted. Raises ValueError for an impossible pair."""

    met: int
    counted: int

    def __post_init__(self) -> None:
        if not 0 <= self.met <= self.counted:
            raise ValueError(f"{self.met} met of {self.counted} counted is not possible.")

    @property
    def missed(self) -> int:
        return self.counted - self.met

    @property
    def percent(self) -> Decimal | None:
        """Return the attainment, unrounded; None if nothing was counted."""
        return HUNDRED * self.met / self.counted if self.counted else None


@dataclass(frozen=True, slots=True)
class Band:
    """The credit for an attainment in [from_percent, to_percent), in percent of the monthly fee."""

    from_percent: Decimal
    to_percent: Decimal
    credit_percent: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.from_percent < self.to_percent <= HUNDRED:
            raise ValueError(f"The band {self} must run upwards, between 0 and 100.")
        if self.credit_percent < 0:
            raise ValueError(f"The credit of the band {self} must not be negative.")

    def __str__(self) -> str:
        return f"[{self.from_percent}, {self.to_percent})"


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a contract gives back, by metric. An attainment outside all bands earns nothing.

    monthly_cap_percent    -- of the monthly fee.
    annual_cap_percent     -- of the annual fee.
    n_min                  -- with fewer cases of a metric, its misses are counted instead.
    per_extra_miss_percent -- of the monthly fee, for each miss beyond the tolerated ones.
    Raises ValueError if two bands of a metric overlap.
    """

    bands: Mapping[str, Sequence[Band]]
    monthly_cap_percent: Decimal
    annual_cap_percent: Decimal
    n_min: int = 10
    per_extra_miss_percent: Decimal = Decimal(2)
    tolerated_misses: int = 1

    def __post_init__(self) -> None:
        for metric, bands in self.bands.items():
            for lower, upper in pairwise(sorted(bands, key=lambda band: band.from_percent)):
                if upper.from_percent < lower.to_percent:
                    raise ValueError(f"The bands {lower} and {upper} of {metric} overlap.")


def _bands(*rows: tuple[int, int, int]) -> tuple[Band, ...]:
    return tuple(Band(*map(Decimal, row)) for row in rows)


DEFAULT_SCHEME = Scheme(
    bands={
        "first_response": _bands((90, 95, 3), (80, 90, 6), (0, 80, 10)),
        "resolution": _bands((85, 90, 4), (75, 85, 8), (0, 75, 12)),
    },
    monthly_cap_percent=Decimal(10),
    annual_cap_percent=Decimal(5),
)


@dataclass(frozen=True, slots=True)
class Fee:
    """What the client pays for the month and for the year, already pro rata."""

    month: Decimal
    year: Decimal
    currency_places: int = 2

    def rounded(self, amount: Decimal) -> Decimal:
        """Return the amount in the minor unit of the currency."""
        return amount.quantize(Decimal(1).scaleb(-self.currency_places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What one metric earns. percent -- attainment, unrounded. rule -- BANDS or MISSES."""

    metric: str
    met: int
    counted: int
    percent: Decimal | None
    credit_percent: Decimal
    rule: str


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit of a month; every amount is rounded.

    annual_room -- what is left of the annual cap, never negative.
    limited_by  -- MONTHLY_CAP or ANNUAL_ROOM, whichever took something away; "" if neither did.
    """

    lines: tuple[CreditLine, ...]
    uncapped_percent: Decimal
    uncapped: Decimal
    monthly_cap: Decimal
    annual_room: Decimal
    amount: Decimal
    limited_by: str


def credit_for(
    kept: Mapping[str, Kept], fee: Fee, scheme: Scheme, credited_this_year: Decimal
) -> Credit:
    """Return the credit of one month, with all that makes it.

    A metric for which the scheme has no bands is not credited and has no line.
    credited_this_year -- what earlier months have already used of the annual cap.
    Source: 4.4.
    """
    lines = tuple(
        _line(metric, each, scheme) for metric, each in kept.items() if scheme.bands.get(metric)
    )
    percent = sum((line.credit_percent for line in lines), ZERO)
    uncapped = fee.rounded(fee.month * percent / HUNDRED)
    limits = {
        MONTHLY_CAP: fee.rounded(fee.month * scheme.monthly_cap_percent / HUNDRED),
        ANNUAL_ROOM: fee.rounded(
            max(fee.year * scheme.annual_cap_percent / HUNDRED - credited_this_year, ZERO)
        ),
    }
    tightest = min(limits, key=limits.__getitem__)
    return Credit(
        lines=lines,
        uncapped_percent=percent,
        uncapped=uncapped,
        monthly_cap=limits[MONTHLY_CAP],
        annual_room=limits[ANNUAL_ROOM],
        amount=min(uncapped, limits[tightest]),
        limited_by=tightest if limits[tightest] < uncapped else "",
    )


def pro_rata(monthly_fee: Decimal, days_in_force: int, days_in_month: int) -> Decimal:
    """Return the share of the fee for the days a contract was in force, unrounded.

    Raises ValueError if the days do not fit into the month. Source: 4.10.
    """
    if not 0 <= days_in_force <= days_in_month or not days_in_month:
        raise ValueError(f"{days_in_force} days do not fit into a month of {days_in_month}.")
    return monthly_fee * days_in_force / days_in_month


def _line(metric: str, kept: Kept, scheme: Scheme) -> CreditLine:
    percent = kept.percent
    if percent is not None and kept.counted >= scheme.n_min:
        rule, credit = BANDS, _band_credit(percent, scheme.bands[metric])
    else:
        extra = max(0, kept.missed - scheme.tolerated_misses)
        rule, credit = MISSES, scheme.per_extra_miss_percent * extra
    return CreditLine(metric, kept.met, kept.counted, percent, credit, rule)


def _band_credit(percent: Decimal, bands: Sequence[Band]) -> Decimal:
    return next(
        (band.credit_percent for band in bands if band.from_percent <= percent < band.to_percent),
        ZERO,
    )
