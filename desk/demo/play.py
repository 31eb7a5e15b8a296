"""Plays the year in the order of time: whatever is due fires before the next thing happens."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

from core.models import Timer
from core.timers import run_due

Act = Callable[[datetime], None]


class Play:
    """A queue of acts by their moment; an act may add later ones."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def at(self, moment: datetime, act: Act) -> None:
        """Let the act happen at the moment, unless that lies in the future."""
        if moment <= self.now:
            heapq.heappush(self._acts, (moment, next(self._order), act))

    def run(self) -> int:
        """Return how many acts were played; timers due in between fire in between."""
        played = 0
        while self._acts:
            moment, _order, act = heapq.heappop(self._acts)
            self._fire(moment)
            act(moment)
            played += 1
        self._fire(self.now)
        return played

    def _fire(self, moment: datetime) -> None:
        if Timer.objects.filter(fired_at=None, fire_at__lte=moment).exists():
            run_due(moment)
