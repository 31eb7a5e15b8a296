"""Spans and moments in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, npgettext_lazy

from core.wording import DAY, reader_locale
from sla.house import Promised

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Units:
    hours: Any
    minutes: Any
    days: Any


_WITHIN: Final = {
    True: _Units(
        npgettext_lazy("within", "%(count)d hour", "%(count)d hours", "count"),
        npgettext_lazy("within", "%(count)d minute", "%(count)d minutes", "count"),
        npgettext_lazy("within", "%(count)d day", "%(count)d days", "count"),
    ),
    False: _Units(
        npgettext_lazy("within", "%(count)d working hour", "%(count)d working hours", "count"),
        npgettext_lazy("within", "%(count)d working minute", "%(count)d working minutes", "count"),
        npgettext_lazy("within", "%(count)d working day", "%(count)d working days", "count"),
    ),
}
_LONG: Final = {
    True: _Units(
        ngettext_lazy("%(count)d hour", "%(count)d hours", "count"),
        ngettext_lazy("%(count)d minute", "%(count)d minutes", "count"),
        ngettext_lazy("%(count)d day", "%(count)d days", "count"),
    ),
    False: _Units(
        ngettext_lazy("%(count)d working hour", "%(count)d working hours", "count"),
        ngettext_lazy("%(count)d working minute", "%(count)d working minutes", "count"),
        ngettext_lazy("%(count)d working day", "%(count)d working days", "count"),
    ),
}
_EVERY: Final = {
    True: _Units(
        ngettext_lazy("every %(count)d hour", "every %(count)d hours", "count"),
        ngettext_lazy("every %(count)d minute", "every %(count)d minutes", "count"),
        ngettext_lazy("every %(count)d day", "every %(count)d days", "count"),
    ),
    False: _Units(
        ngettext_lazy("every %(count)d working hour", "every %(count)d working hours", "count"),
        ngettext_lazy("every %(count)d working minute", "every %(count)d working minutes", "count"),
        ngettext_lazy("every %(count)d working day", "every %(count)d working days", "count"),
    ),
}
# Not the singular of the words above: several languages use their singular for 21 too.
_EVERY_ONE: Final = {
    True: _Units(
        gettext_lazy("every hour"), gettext_lazy("every minute"), gettext_lazy("every day")
    ),
    False: _Units(
        gettext_lazy("every working hour"),
        gettext_lazy("every working minute"),
        gettext_lazy("every working day"),
    ),
}
"""By whether the time runs around the clock."""
_MONTHS: Final = ngettext_lazy("every %(count)d month", "every %(count)d months", "count")


def within(promised: Promised) -> str:
    """Return "within 2 working hours", "within 1 working day" or "within 4 hours, day and night"."""
    if not promised.around_the_clock:
        return within_time(promised)
    return _("within %(time)s, day and night") % {"time": _told(promised, _WITHIN)}


def within_time(promised: Promised) -> str:
    """Return the same without "day and night", for sentences that have said so already."""
    return _("within %(time)s") % {"time": _told(promised, _WITHIN)}


def every(promised: Promised) -> str:
    """Return "every working day", "every 4 working hours" or "every hour, day and night"."""
    time = every_time(promised)
    return _("%(time)s, day and night") % {"time": time} if promised.around_the_clock else time


def every_time(promised: Promised) -> str:
    """Return the same without "day and night", for sentences that have said so already."""
    always = promised.around_the_clock
    count, unit = promised.days, "days"
    if not count:
        whole = promised.amount % HOUR == timedelta()
        unit = "hours" if whole else "minutes"
        count = promised.amount // (HOUR if whole else MINUTE)
    words = _EVERY_ONE if count == 1 else _EVERY
    return _counted(getattr(words[always], unit), count)


def every_months(count: int) -> str:
    if count == 1:
        return _("every month")
    return _counted(_MONTHS, count)


def days_text(count: int) -> str:
    return _counted(_LONG[True].days, count)


def day_text(day: date) -> str:
    """Return "1 April 2026"; unlike Django's own form of a date it ends no sentence."""
    return format_date(day, DAY, locale=reader_locale())


def length(promised: Promised) -> str:
    """Return "2 working hours" or "30 minutes"."""
    return _told(promised, _LONG)


def in_days(promised: Promised, day: timedelta | None) -> str:
    """Return "1 working day" when the time is whole working days of this length, else ""."""
    if promised.around_the_clock or promised.days or not day or promised.amount % day:
        return ""
    return _counted(_LONG[False].days, promised.amount // day)


def _told(promised: Promised, words: dict[bool, _Units]) -> str:
    units = words[promised.around_the_clock]
    if promised.days:
        return _counted(units.days, promised.days)
    hours, minutes = divmod(promised.amount // MINUTE, 60)
    told = [_counted(units.hours, hours)] if hours else []
    if minutes or not hours:
        told.append(_counted(units.minutes, minutes))
    return " ".join(told)


def _counted(words: Any, count: int) -> str:
    return str(words % {"count": count})


def listed(words: list[str]) -> str:
    """Return "one, two and three"."""
    if len(words) < 2:  # noqa: PLR2004 -- two make a list
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def any_of(words: list[str]) -> str:
    """Return "one, two or three"."""
    if len(words) < 2:  # noqa: PLR2004 -- two make a choice
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def wall_time(at: datetime) -> str:
    """Return "16:40", with the seconds only when there are some."""
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def exact(amount: timedelta) -> str:
    """Return "8:00:00", hours counted on beyond a day."""
    minutes, seconds = divmod(int(amount.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
