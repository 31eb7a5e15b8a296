"""Work that apps repeat beside the timers and that may hang on somebody else's server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """work -- takes now, returns how much was done; says -- that, for whoever watches."""

    seconds: int
    says: str
    work: Callable[[datetime], int]


_ticks: list[Tick] = []


def repeat(tick: Tick) -> None:
    """Let `manage.py run_timers` do the work too. Call it from AppConfig.ready."""
    _ticks.append(tick)


def ticks() -> list[Tick]:
    return list(_ticks)
