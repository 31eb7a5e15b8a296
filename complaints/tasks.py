"""Timers of complaints. Each reads the clock, calls one function and returns a number."""

from celery import shared_task
from django.utils import timezone

from complaints.mail import fetching


@shared_task(name="complaints.fetch_mail")
def fetch_mail() -> int:
    return fetching.fetch_due(timezone.now())
