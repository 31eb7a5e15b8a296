"""Forgets what need not be kept."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from core.models import IdempotencyKey, OutgoingMail, Timer, WebhookDelivery

IDEMPOTENCY_KEPT = timedelta(hours=24)
SENT_MAIL_KEPT = timedelta(days=30)
SENT_EVENTS_KEPT, FAILED_EVENTS_KEPT = timedelta(days=30), timedelta(days=90)
FIRED_TIMERS_KEPT = timedelta(days=400)


def tidy_up(now: datetime) -> int:
    """Delete expired sessions, answered keys, what was sent and long-fired timers; return how many."""
    past = [
        Session.objects.filter(expire_date__lt=now),
        IdempotencyKey.objects.filter(created_at__lt=now - IDEMPOTENCY_KEPT),
        OutgoingMail.objects.filter(state="sent", sent_at__lt=now - SENT_MAIL_KEPT),
        WebhookDelivery.objects.filter(state="sent", ended_at__lt=now - SENT_EVENTS_KEPT),
        WebhookDelivery.objects.filter(state="failed", ended_at__lt=now - FAILED_EVENTS_KEPT),
        Timer.objects.filter(fired_at__lt=now - FIRED_TIMERS_KEPT),
    ]
    return sum(rows.delete()[0] for rows in past)
