"""Whom at a client to call first, and how loyal the client is as a whole (2.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

LEAST_ATTITUDE: Final = 0
"""Below that nobody is a loyal insider."""
UNKNOWN_INFLUENCE: Final = 1
HALF_LIFE_DAYS: Final = 45
WEIGHTS: Final = {
    "attitude": Decimal("0.40"),
    "influence": Decimal("0.30"),
    "recency": Decimal("0.20"),
    "access": Decimal("0.10"),
}
ACCESS: Final = {
    "champion": Decimal("1.0"),
    "user": Decimal("0.8"),
    "influencer": Decimal("0.8"),
    "decision_maker": Decimal("0.6"),
    "approver": Decimal("0.5"),
    "gatekeeper": Decimal("0.5"),
    "buyer": Decimal("0.3"),
    "blocker": Decimal(0),
}
"""How near a part in decisions brings us; of several the nearest counts."""
FRESH: Final = ((90, Decimal(1)), (180, Decimal("0.5")))
STALE: Final = Decimal("0.25")
HUNDREDTH: Final = Decimal("0.01")
TEN_THOUSANDTH: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a person stands to us.

    attitude  -- −2…+2, the latest reading.
    influence -- 1…5, None while unknown.
    age_days  -- days since that reading.
    days_since_touch -- whole days since the last talk in both directions; None is never.
    """

    attitude: int
    influence: int | None = None
    age_days: int = 0
    days_since_touch: int | None = None
    roles: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Loyalty:
    """index -- −2…+2, four places; score -- the same as 0…100, two places."""

    index: Decimal
    score: Decimal


def insider_score(person: Standing) -> Decimal | None:
    """Return 0…100 with two places, or None for a person who is against us."""
    if person.attitude < LEAST_ATTITUDE:
        return None
    parts = {
        "attitude": Decimal(person.attitude + 2) / 4,
        "influence": Decimal(_influence(person) - 1) / 4,
        "recency": _recency(person.days_since_touch),
        "access": max((ACCESS[role] for role in person.roles), default=Decimal(0)),
    }
    score = 100 * sum((WEIGHTS[name] * part for name, part in parts.items()), Decimal(0))
    return score.quantize(HUNDREDTH, ROUND_HALF_UP)


def loyalty(people: Iterable[Standing]) -> Loyalty | None:
    """Return the mean attitude, weighed by influence and freshness; None of nobody."""
    weighed = [(_influence(each) * _freshness(each.age_days), each.attitude) for each in people]
    if not weighed:
        return None
    weight = sum((weight for weight, _attitude in weighed), Decimal(0))
    index = sum((weight * attitude for weight, attitude in weighed), Decimal(0)) / weight
    return Loyalty(
        index.quantize(TEN_THOUSANDTH, ROUND_HALF_UP),
        ((index + 2) / 4 * 100).quantize(HUNDREDTH, ROUND_HALF_UP),
    )


def _influence(person: Standing) -> int:
    return person.influence or UNKNOWN_INFLUENCE


def _recency(days: int | None) -> Decimal:
    return Decimal(0) if days is None else Decimal("0.5") ** (Decimal(days) / HALF_LIFE_DAYS)


def _freshness(age_days: int) -> Decimal:
    return next((share for days, share in FRESH if age_days <= days), STALE)
