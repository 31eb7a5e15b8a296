"""Signs that a client may leave, before the client says so (4.7, 4.8)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

AMBER, RED = "amber", "red"

AMBER_DAYS, RED_DAYS = 30, 60
"""Windows of untimely events, both ending today."""
AMBER_MISSES, RED_MISSES = 1, 2

QUIET_DAYS = 45
MIN_EXPECTED = 3
ALPHA = 0.05

NO_SLA_COMPLAINTS, NO_SLA_URGENT, NO_SLA_TRIVIAL = 3, 2, 2
"""How many complaints, P1 and P2, and trivial ones in 90 days call for an SLA."""


@dataclass(frozen=True, slots=True)
class Untimely:
    """Untimely events of an account. level -- RED, AMBER or ""."""

    misses_30d: int
    misses_60d: int
    level: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Whether the silence of an account is more than chance.

    expected    -- contacts in the window, if all were as before.
    probability -- of hearing nothing at all by chance.
    """

    expected: float
    probability: float
    is_alarming: bool


def untimely(missed_on: Collection[date], today: date) -> Untimely:
    """Judge the untimely events of an account.

    missed_on -- local date of each event; two on one day are two. Days after today do not count.
    Source: E-1.
    """
    in_30d = _within(missed_on, today, AMBER_DAYS)
    in_60d = _within(missed_on, today, RED_DAYS)
    level = ""
    if in_60d >= RED_MISSES:
        level = RED
    elif in_30d >= AMBER_MISSES:
        level = AMBER
    return Untimely(in_30d, in_60d, level)


def quiet(
    contacts_per_30_days: float,
    *,
    observed: int,
    window_days: int = QUIET_DAYS,
    last_year_same_window: int | None = None,
) -> Quiet:
    """Judge whether an account has gone quiet.

    contacts_per_30_days  -- complaints, inbound touches and orders of the previous 12 months.
    observed              -- contacts in the window that ends today.
    last_year_same_window -- contacts a year ago; None with less than 12 months of data. The lower
                             expectation counts, so that a seasonal client is left in peace.
    Contacts are taken as Poisson. Source: E-2.
    """
    expected = contacts_per_30_days * window_days / 30
    if last_year_same_window is not None:
        expected = min(expected, float(last_year_same_window))
    probability = exp(-expected)
    # As the numbers stand, three expected imply the probability; the rule names both.
    is_alarming = observed == 0 and expected >= MIN_EXPECTED and probability < ALPHA
    return Quiet(expected, probability, is_alarming)


def no_sla_reasons(complaints_90d: int, urgent_90d: int, trivial_90d: int) -> list[str]:
    """Return what calls for the SLA talk with a client that has no SLA; empty if nothing does.

    urgent_90d -- P1 and P2. Source: E-4.
    """
    judged = [
        ("complaints_90d", complaints_90d, NO_SLA_COMPLAINTS),
        ("p1_p2_90d", urgent_90d, NO_SLA_URGENT),
        ("trivial_90d", trivial_90d, NO_SLA_TRIVIAL),
    ]
    return [f"{name}>={limit}" for name, count, limit in judged if count >= limit]


def _within(days: Collection[date], today: date, length: int) -> int:
    """Count the days in a window that ends today and includes it."""
    return sum(timedelta(0) <= today - day < timedelta(days=length) for day in days)
