"""Promises of time in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext

from core.errors import Sentence
from sla.house import Promised
from sla.models import Metric, Priority

MEANINGS: dict[str, Sentence] = {
    Priority.P1: gettext_lazy("Your business stands still, or somebody could get hurt"),
    Priority.P2: gettext_lazy("An important process is hurt"),
    Priority.P3: gettext_lazy("Something is wrong, but you can work"),
    Priority.P4: gettext_lazy("A nuisance, or it can wait"),
}
"""What each priority means to the client."""

DEEDS: dict[str, Sentence] = {
    Metric.FIRST_RESPONSE: gettext_lazy("Answer you"),
    Metric.RESOLUTION: gettext_lazy("Solve it"),
}
"""What we do by the end of each metric's time."""


def within(promised: Promised) -> str:
    """Return "within 2 working hours", or "within 30 minutes, day and night"."""
    if promised.around_the_clock:
        time = _clock_time(promised.amount)
        return _("within %(time)s, day and night") % {"time": time}
    return _("within %(time)s") % {"time": _working_time(promised.amount)}


def sentence(response: Promised | None, resolution: Promised | None) -> str:
    """Return "You call, we answer within 2 working hours; we solve it within 8 working hours."."""
    said = {
        "response": within(response) if response else "",
        "resolution": within(resolution) if resolution else "",
    }
    if not resolution:
        return _("You call, we answer %(response)s.") % said
    if not response:
        return _("You call, we solve it %(resolution)s.") % said
    return _("You call, we answer %(response)s; we solve it %(resolution)s.") % said


def in_days(promised: Promised, day: timedelta | None) -> str:
    """Return "1 working day" when the time is whole working days of this length, else ""."""
    if promised.around_the_clock or not day or promised.amount % day:
        return ""
    count = promised.amount // day
    return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}


def _working_time(amount: timedelta) -> str:
    hours, minutes = _split(amount)
    return _both(
        npgettext("within", "%(count)d working hour", "%(count)d working hours", hours),
        hours,
        npgettext("within", "%(count)d working minute", "%(count)d working minutes", minutes),
        minutes,
    )


def _clock_time(amount: timedelta) -> str:
    hours, minutes = _split(amount)
    return _both(
        npgettext("within", "%(count)d hour", "%(count)d hours", hours),
        hours,
        npgettext("within", "%(count)d minute", "%(count)d minutes", minutes),
        minutes,
    )


def _split(amount: timedelta) -> tuple[int, int]:
    return divmod(int(amount.total_seconds()) // 60, 60)


def _both(hour_words: str, hours: int, minute_words: str, minutes: int) -> str:
    told = [hour_words % {"count": hours}] if hours else []
    if minutes or not hours:
        told.append(minute_words % {"count": minutes})
    return " ".join(told)


def wall_time(at: datetime) -> str:
    """Return "16:40", with the seconds only when there are some."""
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def exact(span: timedelta) -> str:
    """Return "8:00:00", hours counted on beyond a day."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
