"""Working calendars: a week as bars, holidays with their source, and what changes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.calendar_forms import (
    CalendarForm,
    EditCalendarForm,
    ImportHolidaysForm,
    SpecialDayForm,
    initial_week,
)
from core.calendar_queries import (
    calendar_list,
    history,
    last_import,
    planned_hours,
    special_days,
    week_days,
    week_summary,
    years_of,
)
from core.models import Calendar, SpecialDay
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of
from core.panels import CalendarOutlook, DrawnPanel, calendar_panels
from core.services import calendar as calendars
from core.worktime import NeverOpen

form_page = require_http_methods(["GET", "POST"])
for_keepers = permission_required("core.edit_calendar", raise_exception=True)
FIVE_DAYS = [[9 * 3600, 18 * 3600]]
MOST_HISTORY = 20


def _found(request: Request, pk: UUID) -> Calendar:
    return get_object_or_404(calendar_list(request.user), pk=pk)


def _today(calendar: Calendar, now: datetime) -> date:
    return now.astimezone(ZoneInfo(calendar.zone)).date()


@require_GET
def index(request: Request) -> HttpResponse:
    page = page_of(request, calendar_list(request.user), "name", "id")
    context = {
        "page": page,
        "lines": [(calendar, week_summary(calendar)) for calendar in page.rows],
        "may_create": request.user.has_perm("core.create_calendar"),
    }
    return render_page(request, "calendars/index.html", context, fragment="rows")


@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    calendar, now = _found(request, pk), timezone.now()
    first, until, year = _shown_days(request, _today(calendar, now))
    context = {
        "calendar": calendar,
        "week": week_days(calendar),
        "days": special_days(calendar, first, until),
        "year": year,
        "years": years_of(calendar),
        "imported": last_import(calendar),
        "history": history(calendar)[:MOST_HISTORY],
        "may_edit": request.user.has_perm("core.edit_calendar", calendar),
        "panels": calendar_panels(request.user, CalendarOutlook(calendar), now),
    }
    return render_page(request, "calendars/detail.html", context, fragment="main")


def _shown_days(request: Request, today: date) -> tuple[date, date, int | None]:
    """Return the days that `?year=` asks for, or else the next twelve months."""
    asked = request.GET.get("year", "")
    if asked.isdecimal() and date.min.year <= int(asked) < date.max.year:
        return date(int(asked), 1, 1), date(int(asked) + 1, 1, 1), int(asked)
    return today, date(today.year + 1, today.month, 1), None


@for_keepers
@form_page
def create_calendar(request: Request) -> HttpResponse:
    usual = {str(day): FIVE_DAYS if day < 5 else [] for day in range(7)}  # noqa: PLR2004 -- Mon–Fri
    form = CalendarForm(
        request.POST or None, initial={"zone": request.user.time_zone} | initial_week(usual)
    )
    if not _only_draws(request) and (
        calendar := submit(request, form, calendars.create_calendar, now=timezone.now())
    ):
        return go_to(request, "calendars:detail", calendar.pk, says=_("Added."))
    return render_page(request, "calendars/edit.html", {"form": form}, fragment="form")


def _only_draws(request: Request) -> bool:
    """Say whether the person wants to look at the picture of the hours before saving."""
    return "draw" in request.POST


@for_keepers
@form_page
def edit_calendar(request: Request, pk: UUID) -> HttpResponse:
    calendar = _found(request, pk)
    shown = {name: getattr(calendar, name) for name in ("version", "name", "zone", "country")}
    form = EditCalendarForm(request.POST or None, initial=shown | initial_week(calendar.week))
    if not _only_draws(request) and submit(
        request, form, calendars.edit_calendar, calendar=calendar, now=timezone.now()
    ):
        return go_to(request, "calendars:detail", pk, says=_("Saved."))
    context = {"form": form, "calendar": calendar, "panels": _outlook(request, calendar, form)}
    return render_page(request, "calendars/edit.html", context, fragment="form")


def _outlook(request: Request, calendar: Calendar, form: EditCalendarForm) -> list[DrawnPanel]:
    """Return what the hours being typed would change elsewhere, once they can be read."""
    if not (form.is_bound and form.is_valid()):
        return []
    given = form.cleaned_data
    try:
        hours = planned_hours(calendar, given["zone"], given["week"])
    except NeverOpen:
        return []  # the service tells it when the form is saved
    return calendar_panels(request.user, CalendarOutlook(calendar, hours), timezone.now())


@for_keepers
@form_page
def set_special_day(request: Request, pk: UUID) -> HttpResponse:
    calendar = _found(request, pk)
    form = SpecialDayForm(request.POST or None, initial=_present_day(request, calendar))
    if submit(request, form, calendars.set_special_day, calendar=calendar, now=timezone.now()):
        return go_to(request, "calendars:detail", pk, says=_("Saved."))
    context = {"form": form, "calendar": calendar}
    return render_page(request, "calendars/set_special_day.html", context, fragment="form")


def _present_day(request: Request, calendar: Calendar) -> dict[str, Any]:
    """Return what the calendar says of the day in `?day=`; a new day is closed."""
    blank: dict[str, Any] = {"version": calendar.version, "hours": []}
    days = SpecialDay.objects.filter(calendar_version=calendar.current_id)
    row = next((each for each in days if each.date.isoformat() == request.GET.get("day")), None)
    return blank | ({"day": row.date, "name": row.name, "hours": row.hours} if row else {})


@for_keepers
@require_POST
def remove_special_day(request: Request, pk: UUID, day: date) -> HttpResponse:
    calendar = _found(request, pk)
    act(request, calendars.remove_special_day, calendar=calendar, day=day, now=timezone.now())
    return go_to(request, "calendars:detail", pk, says=_("The day has its usual hours again."))


@for_keepers
@form_page
def import_holidays(request: Request, pk: UUID) -> HttpResponse:
    calendar, now = _found(request, pk), timezone.now()
    year = _today(calendar, now).year
    shown = {"country": calendar.country, "first_year": year, "last_year": year + 1}
    form = ImportHolidaysForm(request.POST or None, initial=shown | {"version": calendar.version})
    given = {"calendar": calendar, "language": request.user.language}
    if result := submit(request, form, calendars.import_holidays, now=now, **given):
        says = getattr(result, "says", _("The holidays are in."))
        return go_to(request, "calendars:detail", pk, says=says)
    context = {"form": form, "calendar": calendar}
    return render_page(request, "calendars/import_holidays.html", context, fragment="form")
