"""Hours of a day as bars of a picture that is 24 hours wide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Bar(NamedTuple):
    """A stretch of a day in seconds, as the `x` and `width` of a rectangle."""

    x: int
    width: int


def bar(opens: int, closes: int) -> Bar:
    return Bar(opens, max(closes - opens, 0))


def bars_of(hours: Iterable[tuple[int, int]]) -> list[Bar]:
    """Return the bars of hours that were split at midnight."""
    return [bar(opens, closes) for opens, closes in hours]
