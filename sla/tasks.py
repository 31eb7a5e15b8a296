"""Timers of service levels. Each reads the clock, calls one function and returns a number."""

from celery import shared_task
from django.utils import timezone

from sla import alarms, month


@shared_task(name="sla.close_months")
def close_months() -> int:
    return month.close_due_months(timezone.now())


@shared_task(name="sla.watch")
def watch() -> int:
    return alarms.watch(timezone.now())
