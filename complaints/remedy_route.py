"""What to answer to a client who says what would put it right, and who may answer (C-9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

ACCOUNT_MANAGER, HEAD_OF_KAM, EXECUTIVE = "account_manager", "head_of_kam", "executive"
RANKS: Final = (ACCOUNT_MANAGER, HEAD_OF_KAM, EXECUTIVE)
Limits = tuple[Decimal, Decimal]


class Advice(StrEnum):
    """What the rule recommends; yes is the default wherever it is realistic."""

    ACCEPT = "accept_recommended"
    GOODWILL = "goodwill_needs_a_get"
    REFUSE = "counter_or_decline"


@dataclass(frozen=True, slots=True)
class Route:
    """approver -- who has the authority, None where nobody needs it."""

    decision: Advice
    approver: str | None


def authority(cost: Decimal, limits: Limits) -> str:
    """Return who may say yes to the cost: limits are inclusive, of manager and head."""
    manager, head = limits
    if cost <= manager:
        return ACCOUNT_MANAGER
    return HEAD_OF_KAM if cost <= head else EXECUTIVE


def route(
    cost: Decimal, *, is_justified: bool, is_feasible: bool, is_lawful: bool = True, limits: Limits
) -> Route:
    """Return the recommended answer and who gives it.

    is_justified -- False only if we know that the complaint is not: then it would be a gift.
    """
    if not (is_feasible and is_lawful):
        return Route(Advice.REFUSE, None)
    decision = Advice.ACCEPT if is_justified else Advice.GOODWILL
    return Route(decision, authority(cost, limits))
