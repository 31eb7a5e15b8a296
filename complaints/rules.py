"""Figures of the rules of recovery, each with the rule it comes from."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

DISCLOSE_WITHIN: Final = {
    "p1": timedelta(hours=4),
    "p2": timedelta(hours=4),
    "p3": timedelta(hours=8),
    "p4": timedelta(hours=8),
}
"""Business time in which the client hears of our own mistake, by priority (C-5)."""
DECIDE_WITHIN_DAYS: Final = 1
"""Business days in which what the client proposes is decided, before the heads hear of it."""
ENOUGH_TRIES: Final = 2
"""Documented attempts to ask the client that failed, after which we go on unasked (C-9)."""
REMEDY_LIMITS: Final = (Decimal("300.00"), Decimal("2000.00"))
"""Up to which cost an account manager, and a head of key accounts, may say yes (C-9)."""
REMEDY_DAYS: Final = 5
"""Business days until an accepted remedy is due, unless another moment is named."""
UNHAPPY: Final = -1
"""The mood from which on an apology is owed whatever the priority (C-4)."""
PLUS_LEAST: Final = Decimal("10.00")
PLUS_OF_DISPUTED: Final = Decimal("0.05")
PLUS_OF_MARGIN: Final = Decimal("0.02")
"""The suggested plus: at least 10, else the lesser share of disputed value and margin (C-10)."""
