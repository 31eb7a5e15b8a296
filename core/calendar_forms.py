"""Forms of working calendars. They check shape only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core.models.calendar import Hours, Week
from core.opening_hours import UnreadableHours, hours_text, read_hours
from core.pages import VersionedForm
from core.pictures import Bar, bars_of
from core.user_forms import ZONES
from core.worktime.hours import split_week

DAY_NAMES: Final = tuple(f"day_{number}" for number in range(7))
FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1970, 2100, 5


class HoursField(forms.CharField):
    """Hours of one day as text; a sentence tells what cannot be read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=120, required=False, strip=True, **options)

    def to_python(self, value: Any) -> Any:
        try:
            return read_hours(super().to_python(value) or "")
        except UnreadableHours as error:
            raise ValidationError(str(error.sentence), code="unreadable_hours") from error

    def run_validators(self, value: Any) -> None:
        """Leave it: the length is that of the text, and there is nothing else to check."""

    def prepare_value(self, value: Any) -> Any:
        return hours_text(value) if isinstance(value, list) else value


def _country_choices() -> list[tuple[str, str]]:
    return [("", "–"), *((code, str(name)) for code, name in countries)]


@dataclass(frozen=True, slots=True)
class DayRow:
    """A weekday of the editor: its field and, as far as it can be read, its picture."""

    name: Any
    field: forms.BoundField
    bars: list[Bar]


class CalendarForm(forms.Form):
    """Name, place and the hours of each weekday."""

    name = forms.CharField(label=_("Name"), max_length=80)
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(zone, zone) for zone in ZONES],
        help_text=_("The hours below are on the clocks of this place, in summer and in winter."),
    )
    country = forms.ChoiceField(
        label=_("Country whose holidays apply"), choices=_country_choices, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            name: HoursField(label=WEEKDAYS[number]) for number, name in enumerate(DAY_NAMES)
        }

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return [self["name"], self["zone"], self["country"]]

    @property
    def day_rows(self) -> list[DayRow]:
        """Draw the week as it is typed; what runs over midnight shows on the next day too."""
        drawn = split_week(
            {number: _pairs(self._typed(name)) for number, name in enumerate(DAY_NAMES)}
        )
        return [
            DayRow(WEEKDAYS[number], self[name], bars_of(drawn[number]))
            for number, name in enumerate(DAY_NAMES)
        ]

    def clean(self) -> dict[str, Any]:
        """Gather the days into the week that the service takes."""
        given = super().clean() or self.cleaned_data
        week = {str(number): given.get(name, []) for number, name in enumerate(DAY_NAMES)}
        return {key: value for key, value in given.items() if key not in DAY_NAMES} | {"week": week}

    def _typed(self, name: str) -> Hours:
        value = self[name].value()
        if isinstance(value, list):
            return value
        try:
            return read_hours(value or "")
        except UnreadableHours:
            return []


class EditCalendarForm(CalendarForm, VersionedForm):
    pass


class SpecialDayForm(VersionedForm):
    day = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(
        label=_("What day it is"),
        max_length=160,
        help_text=_("For example: Company day, Stocktaking, Working Saturday."),
    )
    hours = HoursField(
        label=_("Hours"),
        help_text=_("“closed”, or hours such as 09:00–13:00. They replace the usual ones."),
    )


class ImportHolidaysForm(VersionedForm):
    country = forms.ChoiceField(label=_("Country"), choices=_country_choices)
    part = forms.CharField(
        label=_("Part of the country"),
        max_length=3,
        required=False,
        help_text=_("Where a part has days of its own: ENG for England, BY for Bavaria."),
    )
    first_year = forms.IntegerField(label=_("From year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    last_year = forms.IntegerField(label=_("To year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def clean(self) -> dict[str, Any]:
        """Turn country and part into a code, and the two years into all between them."""
        given = super().clean() or self.cleaned_data
        first, last = given.pop("first_year", None), given.pop("last_year", None)
        part = given.pop("part", "")
        if first and last and not 0 <= last - first < MOST_YEARS:
            self.add_error("last_year", _("Choose one to five years, the first one first."))
        if part and given.get("country"):
            given["country"] = f"{given['country']}-{part.upper()}"
        return given | {"years": list(range(first or 0, (last or 0) + 1))}


def initial_week(week: Week) -> dict[str, Hours]:
    return {name: week.get(str(number), []) for number, name in enumerate(DAY_NAMES)}


def _pairs(hours: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((opens, closes) for opens, closes in hours)
