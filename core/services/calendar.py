"""Working calendars. Every change makes the next version; clocks that run keep theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from operator import itemgetter
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.calendar_words import country_name
from core.errors import DomainError
from core.models import Calendar, CalendarVersion, SpecialDay
from core.models.calendar import Hours, Week, intervals
from core.opening_hours import span_text
from core.operations import Actor, Outcome, operation
from core.public_holidays import PublicHolidays, UnknownCountry, public_holidays
from core.worktime import NeverOpen, WorkCalendar

WEEKDAYS = tuple("0123456")
LONGEST_CLOSURE = timedelta(days=30)
MANUAL = SpecialDay.MANUAL


class CalendarNameTaken(DomainError):
    code = "calendar_name_taken"


class CalendarNeverOpens(DomainError):
    """The calendar has no hours at all, or none for 30 days (4.10)."""

    code = "calendar_never_opens"


class NoHolidaysKnown(DomainError):
    code = "country_unknown"


class NoSuchDay(DomainError):
    code = "no_such_day"


@dataclass(frozen=True, slots=True)
class OwnHours:
    """A date with hours of its own; none is closed."""

    name: str
    hours: Hours
    source: str = MANUAL


@dataclass(frozen=True, slots=True)
class Plan:
    """What a version says."""

    zone: str
    week: Week
    days: dict[date, OwnHours]


@dataclass(frozen=True, slots=True)
class HolidayImport:
    """What an import found. silent_years -- years for which the country has no days off."""

    calendar: Calendar
    country: str
    years: list[int]
    days_off: int
    working_days: int
    silent_years: list[int]

    @property
    def says(self) -> str:
        if not self.silent_years:
            return gettext("%(days)d days off and %(working)d moved working days are in.") % {
                "days": self.days_off, "working": self.working_days,
            }  # fmt: skip
        return gettext(
            "%(country)s has no public days off by law in %(years)s, so none are marked. "
            "Add the days on which you close by hand."
        ) % {
            "country": country_name(self.country),
            "years": ", ".join(map(str, self.silent_years)),
        }


def create_calendar(
    *, actor: Actor, name: str, country: str, zone: str, week: Week, now: datetime
) -> Calendar:
    """Make a calendar of weekly hours; special days and holidays are added afterwards."""
    with operation("core.create_calendar", actor=actor, on=None, at=now) as outcome:
        _check_name(name)
        plan = Plan(zone, _whole(week), {})
        _check_open(plan, now)
        calendar = outcome.create(Calendar(name=name, country=country))
        _write_version(calendar, plan, now)
        calendar.save(update_fields=["current"])
    return calendar


def edit_calendar(  # noqa: PLR0913 -- the fields of one form
    *,
    actor: Actor,
    calendar: Calendar,
    name: str,
    country: str,
    zone: str,
    week: Week,
    now: datetime,
) -> Calendar:
    """Change name, zone or weekly hours; special days stay."""
    with operation("core.edit_calendar", actor=actor, on=calendar, at=now) as outcome:
        _check_name(name, beside=calendar)
        calendar.name, calendar.country = name, country
        _renew(calendar, replace(_plan_of(calendar), zone=zone, week=_whole(week)), outcome)
    return calendar


def set_special_day(
    *, actor: Actor, calendar: Calendar, day: date, name: str, hours: Hours, now: datetime
) -> Calendar:
    """Give a date its own hours, none to close it; an imported holiday is overruled."""
    with operation("core.set_special_day", actor=actor, on=calendar, at=now) as outcome:
        outcome.details |= {"day": day.isoformat(), "name": name}
        plan = _plan_of(calendar)
        _renew(calendar, replace(plan, days=plan.days | {day: OwnHours(name, hours)}), outcome)
    return calendar


def remove_special_day(*, actor: Actor, calendar: Calendar, day: date, now: datetime) -> Calendar:
    """Give a date the hours of its weekday again."""
    with operation("core.remove_special_day", actor=actor, on=calendar, at=now) as outcome:
        plan = _plan_of(calendar)
        if day not in plan.days:
            raise NoSuchDay(_("This date has no hours of its own any more."))
        outcome.details |= {"day": day.isoformat(), "name": plan.days[day].name}
        rest = {other: hours for other, hours in plan.days.items() if other != day}
        _renew(calendar, replace(plan, days=rest), outcome)
    return calendar


def import_holidays(
    *,
    actor: Actor,
    calendar: Calendar,
    country: str,
    years: Iterable[int],
    language: str,
    now: datetime,
) -> HolidayImport:
    """Replace the imported days of these years by the country's public holidays of today's lists.

    Days entered by hand win. A moved working day gets the usual hours.
    country -- ISO 3166-1, or 3166-2 for a part with its own days ("GB-ENG").
    """
    years = sorted(set(years))
    try:
        found = public_holidays(country, years, language)
    except UnknownCountry as error:
        raise NoHolidaysKnown(_("No public holidays are known for this country.")) from error
    with operation("core.import_holidays", actor=actor, on=calendar, at=now) as outcome:
        calendar.country = found.country[:2]
        plan = _plan_of(calendar)
        kept = {day: told for day, told in plan.days.items() if _stays(day, told, years)}
        imported = _imported(found, plan.week)
        _renew(calendar, replace(plan, days=imported | kept), outcome)
        result = _counted(calendar, found, years)
        outcome.details |= {
            "holidays_of": result.country,
            "years": ", ".join(map(str, years)),
            "days_off": result.days_off,
            "working_days": result.working_days,
            "silent_years": ", ".join(map(str, result.silent_years)),
        }
    return result


def _stays(day: date, told: OwnHours, years: list[int]) -> bool:
    return told.source == MANUAL or day.year not in years


def _imported(found: PublicHolidays, week: Week) -> dict[date, OwnHours]:
    """Return the days as the calendar keeps them; a moved working day that is open anyway is left."""
    usual = next(hours for hours in week.values() if hours)
    return {
        holiday.day: OwnHours(
            holiday.name[:160], usual if holiday.is_working else [], found.country
        )
        for holiday in found.days
        if not (holiday.is_working and week[str(holiday.day.weekday())])
    }


def _counted(calendar: Calendar, found: PublicHolidays, years: list[int]) -> HolidayImport:
    working = sum(holiday.is_working for holiday in found.days)
    return HolidayImport(
        calendar=calendar,
        country=found.country,
        years=years,
        days_off=len(found.days) - working,
        working_days=working,
        silent_years=list(found.silent_years),
    )


def _check_name(name: str, beside: Calendar | None = None) -> None:
    others = Calendar.objects.exclude(pk=beside.pk) if beside else Calendar.objects.all()
    if others.filter(name=name).exists():
        raise CalendarNameTaken(_("There is a calendar of this name already."))


def _plan_of(calendar: Calendar) -> Plan:
    rows = SpecialDay.objects.filter(calendar_version=calendar.current_id)
    days = {row.date: OwnHours(row.name, row.hours, row.source) for row in rows}
    return Plan(calendar.zone, _whole(calendar.week), days)


def _whole(week: Week) -> Week:
    return {day: week.get(day, []) for day in WEEKDAYS}


def _renew(calendar: Calendar, plan: Plan, outcome: Outcome) -> None:
    """Write the next version if the plan differs from the present one."""
    before = _plan_of(calendar)
    if plan == before:
        return
    _check_open(plan, outcome.at)
    _write_version(calendar, plan, outcome.at)
    outcome.changed("zone", before.zone, plan.zone)
    outcome.changed("week", _week_lines(before), _week_lines(plan))
    outcome.changed("special_days", _days_only_in(before, plan), _days_only_in(plan, before))


def _week_lines(plan: Plan) -> list[str]:
    return [f"{day} {_line(hours)}" for day, hours in plan.week.items()]


def _days_only_in(plan: Plan, other: Plan) -> list[str]:
    return [
        f"{day} {own.name}: {_line(own.hours)}"
        for day, own in sorted(plan.days.items(), key=itemgetter(0))
        if other.days.get(day) != own
    ]


def _line(hours: Hours) -> str:
    """Return the hours in the words of no language, for the audit."""
    return ", ".join(span_text(interval) for interval in hours) or "–"


def _check_open(plan: Plan, at: datetime) -> None:
    """Refuse hours under which nobody works for 30 days on end, now or later."""
    try:
        hours = _work_calendar(plan)
    except NeverOpen as error:
        raise CalendarNeverOpens(
            _("This calendar would never be open. Give at least one day its hours.")
        ) from error
    horizon = max([at.date(), *plan.days]) + LONGEST_CLOSURE + timedelta(days=8)
    until = datetime.combine(horizon, time(), tzinfo=UTC)
    closed_at = at
    for opened, closed in chain(hours.spans(at, until), [(until, until)]):
        if opened - closed_at > LONGEST_CLOSURE:
            raise CalendarNeverOpens(
                format_lazy(
                    _("From {date} nobody would work for 30 days on end. Open some of these days."),
                    date=date_format(closed_at),
                )
            )
        closed_at = closed


def _work_calendar(plan: Plan) -> WorkCalendar:
    return WorkCalendar(
        zone=ZoneInfo(plan.zone),
        week={int(day): intervals(hours) for day, hours in plan.week.items()},
        special={day: intervals(own.hours) for day, own in plan.days.items()},
    )


def _write_version(calendar: Calendar, plan: Plan, at: datetime) -> None:
    last = calendar.current.number if calendar.current else 0
    version = CalendarVersion.objects.create(
        calendar=calendar, number=last + 1, zone=plan.zone, week=plan.week, created_at=at
    )
    SpecialDay.objects.bulk_create(
        SpecialDay(
            calendar_version=version, date=day, name=own.name, hours=own.hours, source=own.source
        )
        for day, own in plan.days.items()
    )
    calendar.current = version
