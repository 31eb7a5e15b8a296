"""Working calendars over REST: the same services as the pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django_countries import countries
from rest_framework import serializers
from rest_framework.routers import SimpleRouter

from core.calendar_queries import calendar_list
from core.models import Calendar, SpecialDay
from core.models.calendar import Hours, Week
from core.opening_hours import UnreadableHours, read_hours, span_text
from core.rest.inputs import Input
from core.rest.outputs import Output
from core.rest.views import ReadViewSet, actor_of, service_action, service_call
from core.services import calendar as calendars
from core.user_forms import ZONES

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_YEARS = 5


class HoursField(serializers.ListField):
    """Hours of a day as a list of spans: ["09:00-13:00", "14:00-18:00"]; empty is closed."""

    child = serializers.CharField(max_length=20)

    def to_internal_value(self, data: Any) -> Hours:
        try:
            return read_hours(", ".join(super().to_internal_value(data)))
        except UnreadableHours as error:
            raise serializers.ValidationError(
                str(error.sentence), code="unreadable_hours"
            ) from error

    def to_representation(self, data: Hours) -> list[str]:
        return [span_text(interval).replace("–", "-") for interval in data]


class WeekField(Input):
    """The hours of each weekday; a day that is left out is closed."""

    def get_fields(self) -> dict[str, Any]:
        return {day: HoursField(required=False, default=list) for day in DAYS}

    def to_internal_value(self, data: Any) -> Any:
        named = super().to_internal_value(data)
        return {str(number): named[day] for number, day in enumerate(DAYS)}

    def to_representation(self, instance: Week) -> dict[str, Any]:
        return {
            day: HoursField().to_representation(instance.get(str(number), []))
            for number, day in enumerate(DAYS)
        }


class SpecialDayOutput(Output[SpecialDay]):
    day = serializers.DateField(source="date")
    name = serializers.CharField()
    hours = HoursField()
    origin = serializers.CharField(
        source="source", help_text="`manual`, or the country of the public holidays."
    )


class CalendarOutput(Output[Calendar]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    country = serializers.CharField(help_text="ISO 3166-1; empty if none.")
    zone = serializers.CharField()
    week = WeekField()


class CalendarDetailOutput(CalendarOutput):
    special_days = SpecialDayOutput(many=True, source="current.special_days")


class ImportOutput(Output[calendars.HolidayImport]):
    calendar = CalendarDetailOutput()
    country = serializers.CharField()
    years = serializers.ListField(child=serializers.IntegerField())
    days_off = serializers.IntegerField()
    working_days = serializers.IntegerField()
    silent_years = serializers.ListField(child=serializers.IntegerField())
    says = serializers.CharField()


class CalendarInput(Input):
    name = serializers.CharField(max_length=80)
    country = serializers.ChoiceField(
        choices=[(code, code) for code in countries.countries], allow_blank=True, default=""
    )
    zone = serializers.ChoiceField(choices=[(zone, zone) for zone in ZONES])
    week = WeekField()


class SpecialDayInput(Input):
    day = serializers.DateField()
    name = serializers.CharField(max_length=160)
    hours = HoursField(default=list)


class DayInput(Input):
    day = serializers.DateField()


class ImportInput(Input):
    country = serializers.RegexField(r"^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$", help_text="BG, GB-ENG")
    years = serializers.ListField(
        child=serializers.IntegerField(min_value=1970, max_value=2100),
        min_length=1,
        max_length=MOST_YEARS,
    )
    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="en")


class CalendarViewSet(ReadViewSet[Calendar]):
    """Working hours, special days and public holidays."""

    scope = "sla"
    queryset = Calendar.objects.all()
    serializer_class = CalendarOutput
    detail_class = CalendarDetailOutput
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Calendar]:
        return calendar_list(actor_of(self.request)).prefetch_related("current__special_days")

    @service_call(calendars.create_calendar, takes=CalendarInput, creates=True)
    def create(self) -> None:
        """Make a calendar of weekly hours."""

    @service_call(calendars.edit_calendar, on="calendar", takes=CalendarInput)
    def partial_update(self) -> None:
        """Change name, zone or weekly hours; deadlines that run keep the version they started on."""

    @service_action(calendars.set_special_day, on="calendar", takes=SpecialDayInput)
    def set_special_day(self) -> None:
        """Give a date its own hours; none close it."""

    @service_action(calendars.remove_special_day, on="calendar", takes=DayInput)
    def remove_special_day(self) -> None:
        """Give a date the hours of its weekday again."""

    @service_action(calendars.import_holidays, on="calendar", takes=ImportInput, shows=ImportOutput)
    def import_holidays(self) -> None:
        """Bring in the public holidays and moved working days of a country."""


def register(router: SimpleRouter) -> None:
    router.register("calendars", CalendarViewSet, basename="calendar")
