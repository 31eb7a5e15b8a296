"""The house standard: what every client without a contract is promised (4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Promised:
    """A target: an amount of open time, or of any time when it runs around the clock."""

    amount: timedelta
    around_the_clock: bool = False


HOUSE_STANDARD: dict[tuple[str, str], Promised] = {
    ("p1", "first_response"): Promised(timedelta(minutes=30), around_the_clock=True),
    ("p2", "first_response"): Promised(timedelta(hours=2)),
    ("p3", "first_response"): Promised(timedelta(hours=4)),
    ("p4", "first_response"): Promised(timedelta(hours=8)),
    ("p1", "resolution"): Promised(timedelta(hours=4), around_the_clock=True),
    ("p2", "resolution"): Promised(timedelta(hours=8)),
    ("p3", "resolution"): Promised(timedelta(hours=24)),
    ("p4", "resolution"): Promised(timedelta(hours=40)),
}
"""(priority, metric) → target."""
