"""How often a client presses us, beside how often he is right (C-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.shares import Share


@dataclass(frozen=True, slots=True)
class Pressed:
    """One complaint: whether it came with a pressure tactic, and whether it was (partly) justified."""

    with_tactic: bool
    justified: bool


@dataclass(frozen=True, slots=True)
class PressureIndex:
    """pressed -- with a tactic of all; justified -- of all; justified_pressed -- of those with one.

    The shares stand side by side so that nobody reads pressure as being wrong.
    """

    pressed: Share
    justified: Share
    justified_pressed: Share


def pressure_index(complaints: Iterable[Pressed]) -> PressureIndex:
    """Count the complaints of a window, 180 days by the rule."""
    all_of_them = list(complaints)
    pressed = [each for each in all_of_them if each.with_tactic]
    return PressureIndex(
        pressed=Share(len(pressed), len(all_of_them)),
        justified=Share(_justified(all_of_them), len(all_of_them)),
        justified_pressed=Share(_justified(pressed), len(pressed)),
    )


def _justified(complaints: Iterable[Pressed]) -> int:
    return sum(each.justified for each in complaints)
