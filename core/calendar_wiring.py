"""What working calendars offer when the server starts."""

from django.utils.translation import gettext_lazy as _

from core import calendar_permissions as permissions
from core.models import Calendar
from core.nav import Place, add_place
from core.places import place

add_place(
    Place(
        order=80,
        label=_("Calendars"),
        url_name="calendars:index",
        icon="calendar-time",
        shown_to=permissions.keeps_calendars,
    )
)
place(Calendar, "calendars:detail")
