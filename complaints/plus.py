"""X plus something: how much the plus should be, and whether it is a gift at all (C-10)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from complaints.rules import PLUS_LEAST, PLUS_OF_DISPUTED, PLUS_OF_MARGIN
from core.text import fold

WORD: Final = re.compile(r"[a-z0-9]{4,}")
STEM: Final = 5
"""Letters by which two forms of a word are the same, in any of our languages."""


def suggested_plus(disputed_value: Decimal | None, annual_margin: Decimal | None) -> Decimal:
    """Return the amount for the plus, in the currency of the account.

    It is the lesser of 5 % of the disputed value and 2 % of the yearly margin, at least 10.00;
    an unknown one does not count.
    """
    shares = []
    if disputed_value is not None:
        shares.append(PLUS_OF_DISPUTED * disputed_value)
    if annual_margin is not None:
        shares.append(PLUS_OF_MARGIN * annual_margin)
    amount = max(PLUS_LEAST, min(shares, default=PLUS_LEAST))
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def was_demanded(plus: str, demands: str) -> bool:
    """Say whether the client asked for the plus before: most of its words stand in his demands."""
    named, asked = _stems(plus), _stems(demands)
    return bool(named) and 2 * len(named & asked) > len(named)


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(fold(text))}
