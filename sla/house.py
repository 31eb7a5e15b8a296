"""The house standard: what every client without a contract is promised (4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Promised:
    """A target: an amount of open time, or of any time when it runs around the clock.

    days -- instead of an amount: so many working days, each as long as the calendar is open on the
            date on which the clock starts, or on the next one that is open at all.
    """

    amount: timedelta = timedelta()
    around_the_clock: bool = False
    days: int = 0

    def counted(self, calendar: WorkCalendar, at: datetime) -> timedelta:
        """Return the time to count for a clock that starts at `at`."""
        if not self.days:
            return self.amount
        first_day = calendar.next_open(at).astimezone(calendar.zone).date()
        return self.days * calendar.open_on(first_day)


def _always(**span: int) -> Promised:
    return Promised(timedelta(**span), around_the_clock=True)


def _open(**span: int) -> Promised:
    return Promised(timedelta(**span))


HOUSE_STANDARD: dict[tuple[str, str], Promised] = {
    ("p1", "first_response"): _always(minutes=30),
    ("p2", "first_response"): _open(hours=2),
    ("p3", "first_response"): _open(hours=4),
    ("p4", "first_response"): _open(hours=8),
    ("p1", "next_response"): _always(minutes=30),
    ("p2", "next_response"): _open(hours=2),
    ("p3", "next_response"): _open(hours=4),
    ("p4", "next_response"): _open(hours=8),
    ("p1", "update"): _always(hours=1),
    ("p2", "update"): _open(hours=4),
    ("p3", "update"): Promised(days=1),
    ("p4", "update"): Promised(days=3),
    ("p1", "workaround"): _always(hours=2),
    ("p1", "resolution"): _always(hours=4),
    ("p2", "resolution"): _open(hours=8),
    ("p3", "resolution"): _open(hours=24),
    ("p4", "resolution"): _open(hours=40),
}
"""(priority, metric) → target. A further message is answered as fast as the first."""
