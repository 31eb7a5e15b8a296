"""Delivery of the mail outbox: at least once, with growing pauses, never lost."""

from __future__ import annotations

import random
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q

from core.models import Heartbeat, OutgoingMail

LEASE = timedelta(minutes=5)
BATCH = 50
PAUSES = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
PAUSES += [timedelta(hours=hours) for hours in (2, 5, 10, 24)]
FINAL_REFUSAL: Final = 500
"""Answers of a mail server from here on mean never, those below mean not now."""
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
    message = EmailMessage(_line(mail.subject), mail.body, to=[mail.to], headers=_head(mail))
    try:
        message.connection = get_connection()
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _later(mail, error, now)
        return False
    mail.state, mail.sent_at, mail.claimed_until = mail.State.SENT, now, None
    mail.save(update_fields=["state", "sent_at", "claimed_until"])
    return True


def _head(mail: OutgoingMail) -> dict[str, str]:
    """Return the further lines of the head. Whoever gets a machine's letter need not answer it."""
    automatic = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return {
        **{name: _line(value) for name, value in mail.headers.items()},
        "Message-ID": f"<{mail.pk}@{id_domain()}>",
        "X-Kamerton": house_mark(),
        **(automatic if mail.is_automatic else {}),
    }


def _line(text: str) -> str:
    """Return the text as one line: a line break would begin another header."""
    return " ".join(text.split())


def id_domain() -> str:
    """Return what stands behind the @ of the Message-IDs of our letters."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return address.rpartition("@")[2].lower() or "kamerton"


def house_mark() -> str:
    """Return the value of X-Kamerton by which this installation knows its own letters."""
    return urlsplit(settings.BASE_URL).netloc


def _later(mail: OutgoingMail, error: Exception, now: datetime) -> None:
    mail.attempts += 1
    mail.last_error = f"{type(error).__name__}: {error}"[:2000]
    mail.claimed_until = None
    if mail.attempts > len(PAUSES) or _is_final(error):
        mail.state = mail.State.FAILED
    else:
        jitter = random.uniform(1.0, 1.2)  # noqa: S311 -- spreads load, keeps no secret
        mail.next_try_at = now + PAUSES[mail.attempts - 1] * jitter
    with transaction.atomic():
        mail.save(update_fields=["attempts", "last_error", "claimed_until", "state", "next_try_at"])
        if mail.state == mail.State.FAILED:
            _tell_returned(mail.pk, now)
    log.warning("mail_delayed", mail=str(mail.pk), attempts=mail.attempts, state=mail.state)


def _is_final(error: Exception) -> bool:
    """Say whether trying again is no use: nobody of that address, or no letter at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= FINAL_REFUSAL for code, _said in error.recipients.values())
    return isinstance(error, ValueError)


def note_return(mail_id: UUID, why: str, now: datetime) -> None:
    """Note that a letter came back after it had been sent, and tell whose it was."""
    rows = OutgoingMail.objects.filter(pk=mail_id)
    rows.update(state=OutgoingMail.State.FAILED, last_error=why[:2000])
    _tell_returned(mail_id, now)


Returned = Callable[[UUID, datetime], None]
"""(id of the letter, now): what an app does when its letter did not arrive."""

_returned: list[Returned] = []


def when_returned(told: Returned) -> None:
    """Let an app hear of letters that did not arrive. Call it from AppConfig.ready."""
    _returned.append(told)


def _tell_returned(mail_id: UUID, now: datetime) -> None:
    for told in _returned:
        told(mail_id, now)
