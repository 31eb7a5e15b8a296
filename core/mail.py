"""Delivery of the mail outbox: at least once, with growing pauses, never lost."""

from __future__ import annotations

import random
import smtplib
from datetime import datetime, timedelta

import structlog
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q

from core.models import Heartbeat, OutgoingMail

LEASE = timedelta(minutes=5)
BATCH = 50
PAUSES = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
PAUSES += [timedelta(hours=hours) for hours in (2, 5, 10, 24)]
log = structlog.get_logger(__name__)


def deliver_due(now: datetime) -> int:
    """Send what waits and return how many went; a mail server that is down delays, never loses."""
    sent = 0
    while mails := _claim(now):
        sent += sum(_send(mail, now) for mail in mails)
    Heartbeat.objects.update_or_create(name="mail", defaults={"at": now})
    return sent


def _claim(now: datetime) -> list[OutgoingMail]:
    """Take a lease on some waiting mails; a worker that dies leaves them to the next one."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    waiting = OutgoingMail.objects.filter(free, state="waiting", next_try_at__lte=now)
    with transaction.atomic():
        mails = list(
            waiting.order_by("next_try_at", "id").select_for_update(skip_locked=True)[:BATCH]
        )
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            claimed_until=now + LEASE
        )
    return mails


def _send(mail: OutgoingMail, now: datetime) -> bool:
    headers = {"Message-ID": f"<{mail.pk}@kamerton>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers)
    try:
        message.connection = get_connection()
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        _later(mail, error, now)
        return False
    mail.state, mail.sent_at, mail.claimed_until = mail.State.SENT, now, None
    mail.save(update_fields=["state", "sent_at", "claimed_until"])
    return True


def _later(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    mail.attempts += 1
    mail.last_error = f"{type(error).__name__}: {error}"[:2000]
    mail.claimed_until = None
    if mail.attempts > len(PAUSES):
        mail.state = mail.State.FAILED
    else:
        jitter = random.uniform(1.0, 1.2)  # noqa: S311 -- spreads load, keeps no secret
        mail.next_try_at = now + PAUSES[mail.attempts - 1] * jitter
    mail.save(update_fields=["attempts", "last_error", "claimed_until", "state", "next_try_at"])
    log.warning("mail_delayed", mail=str(mail.pk), attempts=mail.attempts, state=mail.state)
