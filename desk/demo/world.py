"""What every act of the demo needs."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.models import User
from core.worktime import WorkCalendar
from desk.demo.play import Play


@dataclass(frozen=True, slots=True)
class World:
    """What the acts need: people, calendar, the play itself and its dice."""

    staff: dict[str, User]
    hours: WorkCalendar
    play: Play
    dice: random.Random

    def working_moment(self, days_ago: float) -> datetime:
        """Return a moment of working time about so many days ago."""
        return self.hours.next_open(self.play.now - timedelta(days=days_ago)) + timedelta(
            minutes=self.dice.randrange(5, 180)
        )

    def later(self, start: datetime, hours: float) -> datetime:
        """Return the moment after so many working hours."""
        return self.hours.add(start, timedelta(hours=hours))
