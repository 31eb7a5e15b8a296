"""What one failure cost us (C-11)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NOTHING: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The cost of poor service of one complaint, in the currency of the account.

    staff_rate -- for one hour. recourse -- what a supplier pays us back; internal.
    """

    base: Decimal = NOTHING
    plus: Decimal = NOTHING
    credit: Decimal = NOTHING
    staff_hours: Decimal = NOTHING
    staff_rate: Decimal = NOTHING
    recourse: Decimal = NOTHING

    @property
    def staff(self) -> Decimal:
        return (self.staff_hours * self.staff_rate).quantize(NOTHING, ROUND_HALF_UP)

    @property
    def gross(self) -> Decimal:
        return self.base + self.plus + self.credit + self.staff

    @property
    def net(self) -> Decimal:
        return self.gross - self.recourse
