"""How long bad news flies: from whoever knew first to the manager, and on to the client (E-3)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Flight:
    """Times from when the first of us knew; None while somebody has not heard."""

    to_manager: timedelta | None
    to_client: timedelta | None


def flight(first_known: datetime, aware: datetime | None, told: datetime | None) -> Flight:
    """Return how long bad news took to the manager and to the client.

    Raises ValueError if somebody is said to have heard before anybody knew. Source: E-3.
    """
    if any(moment is not None and moment < first_known for moment in (aware, told)):
        raise ValueError("Nobody can hear the news before it is first known.")
    return Flight(
        to_manager=None if aware is None else aware - first_known,
        to_client=None if told is None else told - first_known,
    )


def median_and_p90(values: Collection[timedelta]) -> tuple[timedelta, timedelta] | None:
    """Return the median and the 90th percentile; None if there are no values.

    The percentile is the nearest rank: the least value that 90 % of all do not exceed. It is one
    that really happened, so it can be shown and promised.
    """
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    median = (ordered[middle] + ordered[~middle]) / 2
    return median, ordered[ceil(len(ordered) * 9 / 10) - 1]
