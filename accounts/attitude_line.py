"""A person's attitude over time as a picture: pure arithmetic, the template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

WIDTH: Final = 300
STEP: Final = 16
MARGIN: Final = 8
HIGHEST: Final = 2
LEVELS: Final = range(HIGHEST, -HIGHEST - 1, -1)


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int
    value: int


@dataclass(frozen=True, slots=True)
class AttitudeLine:
    """points -- oldest first, in a box of WIDTH by HEIGHT; levels -- y of +2 … −2."""

    points: list[Point]
    levels: list[int]
    width: int = WIDTH
    height: int = 2 * MARGIN + 2 * HIGHEST * STEP

    @property
    def path(self) -> str:
        """The points as an SVG polyline takes them; an attitude stays until the next reading."""
        steps = [f"{self.points[0].x},{self.points[0].y}"]
        for before, after in zip(self.points, self.points[1:], strict=False):
            steps += [f"{after.x},{before.y}", f"{after.x},{after.y}"]
        return " ".join([*steps, f"{self.width},{self.points[-1].y}"])


def attitude_line(readings: Sequence[tuple[datetime, int]], now: datetime) -> AttitudeLine | None:
    """Return the picture of (moment, value), oldest first, up to now; None of no reading."""
    if not readings:
        return None
    begin = readings[0][0]
    span = max((now - begin).total_seconds(), 1)
    points = [
        Point(_across((at - begin).total_seconds() / span), _height(value), value)
        for at, value in readings
    ]
    return AttitudeLine(points, [_height(level) for level in LEVELS])


def _across(share: float) -> int:
    return round(MARGIN + share * (WIDTH - 2 * MARGIN))


def _height(value: int) -> int:
    return MARGIN + (HIGHEST - value) * STEP
