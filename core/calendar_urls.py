"""Pages of working calendars. One name: `calendars:edit_calendar` is the verb `core.edit_calendar`."""

from datetime import date

from django.urls import path, register_converter

from core.views import calendars


class DayConverter:
    """A date in an address, as 2026-03-03."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

app_name = "calendars"
urlpatterns = [
    path("", calendars.index, name="index"),
    path("new/", calendars.create_calendar, name="create_calendar"),
    path("<uuid:pk>/", calendars.detail, name="detail"),
    path("<uuid:pk>/edit/", calendars.edit_calendar, name="edit_calendar"),
    path("<uuid:pk>/day/", calendars.set_special_day, name="set_special_day"),
    path(
        "<uuid:pk>/day/<day:day>/remove/", calendars.remove_special_day, name="remove_special_day"
    ),
    path("<uuid:pk>/holidays/", calendars.import_holidays, name="import_holidays"),
]
