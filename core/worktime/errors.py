class NeverOpen(ValueError):
    """The calendar has no weekly hours, so sooner or later it would never open again."""


class CalendarExhausted(OverflowError):
    """The answer lies outside the years that calendars know (1900 to 2199)."""
