"""Business time: how much of real time a calendar is open, exact to the microsecond.

A moment is open when its local wall clock lies in a half-open interval of its local date.
So an hour that the clocks repeat counts twice, an hour they skip does not count at all,
and a date that the zone left out (Apia, 30 December 2011) has no open time.

A datetime that its zone skips or repeats means what PEP 495 says: `fold=0` reads it by the offset
before the change, `fold=1` by the one after.

Pure arithmetic: no database, no system clock. Moments go in as aware datetimes of any zone
and come out in UTC, because subtracting two datetimes of one zone is wrong across a clock change.
"""

from core.worktime.calendar import WorkCalendar
from core.worktime.days import CountedDay, CountedDays, Reason
from core.worktime.errors import CalendarExhausted, NeverOpen

__all__ = [
    "CalendarExhausted",
    "CountedDay",
    "CountedDays",
    "NeverOpen",
    "Reason",
    "WorkCalendar",
]
