"""The outbox, when somebody has repaired what made mails fail."""

from __future__ import annotations

from datetime import datetime

from core.models import OutgoingMail, User
from core.operations import operation


def retry_mail(*, actor: User, now: datetime) -> int:
    """Let every failed mail be tried again, and return how many there were."""
    with operation("core.retry_mail", actor=actor, on=actor, at=now) as outcome:
        failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED)
        count = failed.update(state=OutgoingMail.State.WAITING, attempts=0, next_try_at=now)
        outcome.details["count"] = count
    return count
