"""Timers. Each reads the clock, calls one function and returns a number for the log."""

from celery import shared_task
from django.utils import timezone

from core import housekeeping, mail, timers
from core.webhooks import relay


@shared_task(name="core.run_timers")
def run_timers() -> int:
    return timers.run_due(timezone.now())


@shared_task(name="core.deliver_mail")
def deliver_mail() -> int:
    return mail.deliver_due(timezone.now())


@shared_task(name="core.deliver_webhooks")
def deliver_webhooks() -> int:
    return relay.deliver_due(timezone.now())


@shared_task(name="core.tidy_up")
def tidy_up() -> int:
    return housekeeping.tidy_up(timezone.now())
