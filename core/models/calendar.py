"""Working calendars. A version never changes; editing makes the next one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from core.ids import uuid7
from core.models.row import Row
from core.models.user import User
from core.worktime import WorkCalendar

Intervals = tuple[tuple[int, int], ...]
Hours = list[list[int]]
Week = dict[str, Hours]


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def visible_to(self, user: User) -> CalendarQuerySet:
        """Return all: opening hours are no secret among those who sign in."""
        return self.all()


class Calendar(Row):
    """Opening hours by a name; `current` is the version that new deadlines run on."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    country = CountryField(_("country whose holidays apply"), blank=True)
    current = models.ForeignKey("core.CalendarVersion", models.PROTECT, null=True, related_name="+")

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("calendar"), _("calendars")

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return self.name

    @property
    def running_id(self) -> UUID:
        """The version that new deadlines run on; a calendar is never left without one."""
        if self.current_id is None:
            raise LookupError(f"the calendar {self.name} has no hours")
        return self.current_id

    @property
    def zone(self) -> str:
        return self.current.zone if self.current else ""

    @property
    def week(self) -> Week:
        return self.current.week if self.current else {}


class CalendarVersion(models.Model):
    """Immutable hours: deadlines that run on a version keep it.

    week -- {"0": [[32400, 64800]], …}: Monday is 0, seconds of the local day, half-open.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    zone = models.CharField(_("time zone"), max_length=40)
    week = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_number")
        ]
        triggers = [
            pgtrigger.Protect(
                name="calendar_version_is_final", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.number}"


class SpecialDay(models.Model):
    """A date whose hours replace the week's; no hours means closed.

    source -- "manual", or the name of the list of public holidays; manual rows win.
    """

    MANUAL = "manual"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    calendar_version = models.ForeignKey(
        CalendarVersion, models.CASCADE, related_name="special_days"
    )
    date = models.DateField(_("date"))
    hours = models.JSONField(default=list)
    name = models.CharField(_("name"), max_length=160)
    source = models.CharField(_("source"), max_length=40, default=MANUAL)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar_version", "date"], name="one_special_day_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


def intervals(hours: list[list[int]]) -> Intervals:
    """Return the stored hours as the pure module wants them."""
    return tuple((int(start), int(end)) for start, end in hours)


@lru_cache(maxsize=512)
def work_calendar(version_id: UUID) -> WorkCalendar:
    """Return the arithmetic of a version; cached for good, since a version never changes."""
    version = CalendarVersion.objects.get(pk=version_id)
    days: Any = version.special_days.values_list("date", "hours")
    return WorkCalendar(
        zone=ZoneInfo(version.zone),
        week={int(day): intervals(hours) for day, hours in version.week.items()},
        special={date: intervals(hours) for date, hours in days},
    )


__all__ = ["Calendar", "CalendarVersion", "SpecialDay", "intervals", "work_calendar"]
