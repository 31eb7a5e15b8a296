"""Eight things that an upset client wants: which we owe, and how many of them are given (C-7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

ALL: Final = range(1, 9)
ALWAYS: Final = frozenset({1, 2, 4, 6})
"""Heard, understood, prompt, respected: owed to everybody, asked for or not."""
YES: Final = "yes"
WHOLE: Final = Decimal("100.00")


@dataclass(frozen=True, slots=True)
class Completeness:
    """required -- numbers of the wants we owe; done -- those of them that are given."""

    required: tuple[int, ...]
    done: tuple[int, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        return tuple(number for number in self.required if number not in self.done)

    @property
    def percent(self) -> Decimal:
        share = Decimal(100 * len(self.done)) / len(self.required)
        return share.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def is_whole(self) -> bool:
        return not self.missing


def completeness(wanted: Mapping[int, str], done: Collection[int]) -> Completeness:
    """Return what is owed and what of it is given.

    wanted -- "yes", "no" or "unknown" by number; a number without an entry is unknown.
    """
    required = tuple(n for n in ALL if n in ALWAYS or wanted.get(n) == YES)
    return Completeness(required, tuple(number for number in required if number in done))
