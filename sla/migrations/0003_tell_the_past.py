"""Contracts and clocks of before get what the new rules ask of them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F

from core.worktime import WorkCalendar
from sla.clock import Run, used

STEPS = {50: "50", 75: "75", 90: "90", 100: "breach", 101: "executive"}


def tell_the_past(apps, schema_editor):
    contracts = apps.get_model("sla", "Contract").objects
    contracts.filter(state="ended").update(state="terminated")
    contracts.exclude(state="draft").update(sent_at=F("created_at"))
    clocks = apps.get_model("sla", "Clock").objects
    for rank in STEPS:
        told = [step for other, step in STEPS.items() if other <= rank]
        clocks.filter(warned=rank).update(told=told)
    versions = apps.get_model("core", "CalendarVersion").objects
    for version in versions.filter(pk__in=clocks.values("calendar_version")):
        hours = _hours(version)
        closed = clocks.filter(calendar_version=version, stopped_at__isnull=False)
        for clock in closed.prefetch_related("runs").iterator(chunk_size=1000):
            calendar = WorkCalendar.always(hours.zone) if clock.around_the_clock else hours
            runs = [Run(run.starts_at, run.ends_at) for run in clock.runs.all()]
            spent = used(runs, calendar, clock.stopped_at)
            clocks.filter(pk=clock.pk).update(used=max(spent, timedelta()))


def _hours(version):
    return WorkCalendar(
        zone=ZoneInfo(version.zone),
        week={int(day): tuple(map(tuple, hours)) for day, hours in version.week.items()},
        special={row.date: tuple(map(tuple, row.hours)) for row in version.special_days.all()},
    )


def forget(apps, schema_editor):
    contracts = apps.get_model("sla", "Contract").objects
    contracts.exclude(state__in=["draft", "active"]).update(state="ended")
    clocks = apps.get_model("sla", "Clock").objects
    for rank, step in sorted(STEPS.items()):
        clocks.filter(told__contains=[step]).update(warned=rank)


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_contract_lifecycle")]

    operations = [migrations.RunPython(tell_the_past, forget)]
