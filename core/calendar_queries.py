"""Reads of working calendars, ready to render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from core.calendar_words import source_text
from core.models import AuditEntry, Calendar, SpecialDay, User
from core.models.calendar import CalendarQuerySet, Hours, Week, intervals
from core.opening_hours import hours_text
from core.pictures import Bar, bars_of
from core.worktime import WorkCalendar
from core.worktime.hours import split_week

IMPORTED = "core.import_holidays"


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A weekday with its hours in words, and as drawn: overnight hours show on both days."""

    name: Any
    hours: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class DayLine:
    """A special day with its hours in words."""

    date: date
    name: str
    hours: str
    is_closed: bool
    is_manual: bool
    source: str

    @property
    def iso(self) -> str:
        return self.date.isoformat()


def calendar_list(user: User) -> CalendarQuerySet:
    rows = Calendar.objects.visible_to(user).exclude(current=None)
    return rows.select_related("current").order_by("name", "id")


def week_days(calendar: Calendar) -> list[WeekDay]:
    week = {day: calendar.week.get(str(day), []) for day in range(7)}
    drawn = split_week({day: intervals(hours) for day, hours in week.items()})
    return [WeekDay(WEEKDAYS[day], hours_text(week[day]), bars_of(drawn[day])) for day in range(7)]


def planned_hours(calendar: Calendar, zone: str, week: Week) -> WorkCalendar:
    """Return the hours the calendar would have; its special days stay. Raises NeverOpen."""
    rows = SpecialDay.objects.filter(calendar_version=calendar.current_id)
    return WorkCalendar(
        zone=ZoneInfo(zone),
        week={int(day): intervals(hours) for day, hours in week.items()},
        special={date: intervals(hours) for date, hours in rows.values_list("date", "hours")},
    )


def week_summary(calendar: Calendar) -> str:
    """Return "Mon–Fri 09:00–18:00, Sat 10:00–14:00"; days of the same hours are told together."""
    week = [calendar.week.get(str(day), []) for day in range(7)]
    return "; ".join(_told(week)) or _("closed")


def _told(week: list[Hours]) -> Iterator[str]:
    for hours, group in groupby(range(7), key=lambda day: week[day]):
        days = list(group)
        if hours:
            first, last = WEEKDAYS_ABBR[days[0]], WEEKDAYS_ABBR[days[-1]]
            name = f"{first}–{last}" if len(days) > 1 else str(first)
            yield f"{name} {hours_text(hours)}"


def special_days(calendar: Calendar, first: date, until: date) -> list[DayLine]:
    """Return the dates with hours of their own in [first, until)."""
    rows = SpecialDay.objects.filter(
        calendar_version=calendar.current_id, date__gte=first, date__lt=until
    )
    return [_day_line(row) for row in rows]


def _day_line(row: SpecialDay) -> DayLine:
    is_manual = row.source == SpecialDay.MANUAL
    return DayLine(
        date=row.date,
        name=row.name,
        hours=hours_text(row.hours),
        is_closed=not row.hours,
        is_manual=is_manual,
        source=_("by hand") if is_manual else source_text(row.source),
    )


def years_of(calendar: Calendar) -> list[int]:
    """Return the years for which the calendar has days of its own."""
    rows = SpecialDay.objects.filter(calendar_version=calendar.current_id)
    return sorted(day.year for day in rows.dates("date", "year"))


def last_import(calendar: Calendar) -> AuditEntry | None:
    return history(calendar).filter(verb=IMPORTED).first()


def history(calendar: Calendar) -> QuerySet[AuditEntry]:
    """Return who changed the calendar, newest first."""
    return (
        AuditEntry.objects.filter(target_id=calendar.pk)
        .select_related("actor")
        .order_by("-at", "-id")
    )
