"""Who may change working calendars: the head of key accounts and the administrator (11.4)."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.access import has_role, permit, word_fact
from core.calendar_words import country_name
from core.models import User

word_fact("day", lambda day: date_format(date.fromisoformat(day)))
word_fact("holidays_of", country_name)
word_fact(
    "silent_years",
    lambda years: _("; none by law in {years}").format(years=years) if years else "",
)
keeps_calendars = has_role(User.Role.HEAD_OF_KAM, User.Role.ADMINISTRATOR)

permit(
    "core.create_calendar",
    keeps_calendars,
    says=_("Made the calendar {label}"),
    icon="calendar-plus",
)
permit("core.edit_calendar", keeps_calendars, says=_("Changed the calendar {label}"))
permit(
    "core.set_special_day",
    keeps_calendars,
    says=_("Set the hours of {day} ({name}) in the calendar {label}"),
    icon="calendar-event",
)
permit(
    "core.remove_special_day",
    keeps_calendars,
    says=_("Gave {day} ({name}) its usual hours again in the calendar {label}"),
    icon="calendar-off",
)
permit(
    "core.import_holidays",
    keeps_calendars,
    says=_(
        "Brought the public holidays of {holidays_of} for {years} into the calendar {label}: "
        "{days_off} days off, {working_days} moved working days{silent_years}"
    ),
    icon="calendar-check",
)
