"""Moments, durations, amounts and initials in the words of the reader's language."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.shares import Share

SHORT: Final = "d MMM, HH:mm"
SHORT_WITH_YEAR: Final = "d MMM y, HH:mm"
DAY: Final = "d MMMM y"
LONG: Final = "EEEE, d MMMM y, HH:mm"
MINUTE: Final = timedelta(minutes=1)
NBSP: Final = "\N{NO-BREAK SPACE}"

Unit = Literal["day", "hour", "minute"]
UNITS: Final[tuple[tuple[Unit, timedelta], ...]] = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", MINUTE),
)
NEVER_A_LARGER_UNIT: Final = 10**9


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def reader_locale() -> Locale:
    return _locale(get_language() or "en")


def moment_text(at: datetime, pattern: str) -> str:
    """Return the moment on the reader's wall clock, by a pattern of Unicode TR 35."""
    return _moment_text(at, timezone.get_current_timezone(), pattern, reader_locale())


@lru_cache(maxsize=4096)
def _moment_text(at: datetime, zone: tzinfo, pattern: str, locale: Locale) -> str:
    return format_datetime(at.astimezone(zone), pattern, locale=locale)


def day_text(day: date) -> str:
    """Return "31 December 2026"."""
    return format_date(day, DAY, locale=reader_locale())


def relative_text(at: datetime, now: datetime) -> str:
    """Return "in 2 hours" or "3 days ago". The browser counts on by the same rule (time.js)."""
    return format_timedelta(
        at - now, granularity="minute", threshold=1.5, add_direction=True, locale=reader_locale()
    )


def duration_text(span: timedelta, *, largest: Unit = "day") -> str:
    """Return the two largest units, as "2 hr 10 min", at least a minute. Same rule as time.js.

    largest -- "hour" for business time, whose days are not 24 hours long.
    """
    left, parts = max(span, MINUTE), []
    for unit, length in UNITS[[name for name, _length in UNITS].index(largest) :]:
        count, left = divmod(left, length)
        if count:
            parts.append(_units_text(count, unit, reader_locale()))
    return " ".join(parts[:2])


@lru_cache(maxsize=4096)
def _units_text(count: int, unit: Unit, locale: Locale) -> str:
    span = count * dict(UNITS)[unit]
    return format_timedelta(
        span, granularity=unit, threshold=NEVER_A_LARGER_UNIT, format="short", locale=locale
    )


def money_text(amount: Decimal, currency: str) -> str:
    return format_currency(amount, currency, locale=reader_locale())


def share_text(share: Share) -> str:
    """Return "64.29 % (9 of 14)", or a dash of nothing."""
    if share.percent is None:
        return "–"
    percent = format_decimal(share.percent, "0.00", locale=reader_locale())
    facts = {"share": f"{percent}{NBSP}%", "met": share.part, "of": share.whole}
    return _("%(share)s (%(met)d of %(of)d)") % facts


def interval_text(share: Share) -> str:
    """Return between what the share lies with 95 % certainty, "" of nothing."""
    if share.low is None or share.high is None:
        return ""
    low, high = (
        format_decimal(each, "0.0", locale=reader_locale()) for each in (share.low, share.high)
    )
    return _("between %(low)s and %(high)s") % {"low": low, "high": f"{high}{NBSP}%"}


BROWSERS: Final = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS: Final = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")
SPOKEN: Final = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}


def browser_text(user_agent: str) -> str:
    """Return "Firefox, Windows"; what is unknown stays as the program calls itself."""
    # Browsers claim to be their ancestors as well, so the first name that fits is the right one.
    found = [
        next((name for name in names if name in user_agent), "") for names in (BROWSERS, SYSTEMS)
    ]
    spoken = ", ".join(SPOKEN.get(name, name) for name in found if name)
    return spoken or user_agent[:60]


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
