"""Shares with what they are worth: 17 of 20 says more than 85 %."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Final

Z: Final = 1.959963984540054
"""Quantile of the normal distribution for 95 %, two-sided."""
CENT: Final = Decimal("0.01")
ENOUGH: Final = 10


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, 0 <= part <= whole.

    percent   -- rounded half up to two decimals; None of nothing.
    low, high -- Wilson's 95 % interval in percent, two decimals; None of nothing.
    Raises ValueError if the part is not within the whole.
    """

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} is no part of {self.whole}")

    @property
    def percent(self) -> Decimal | None:
        return _cents(Decimal(100) * self.part / self.whole) if self.whole else None

    @property
    def low(self) -> Decimal | None:
        return self._bound(-1)

    @property
    def high(self) -> Decimal | None:
        return self._bound(+1)

    def is_enough(self, least: int = ENOUGH) -> bool:
        """Say whether the whole is large enough to judge by."""
        return self.whole >= least

    def _bound(self, side: int) -> Decimal | None:
        if not self.whole:
            return None
        n, p = self.whole, self.part / self.whole
        centre = p + Z * Z / (2 * n)
        spread = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        bound = (centre + side * spread) / (1 + Z * Z / n)
        return _cents(Decimal(min(max(bound, 0.0), 1.0) * 100))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
