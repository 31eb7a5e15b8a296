"""What a person has read. Personal state, not business: no operation, no audit entry.

Who glanced at the bell is nobody's history, and asking whether he may would ask him.
"""

from __future__ import annotations

from datetime import datetime

from core.models import Notification, User


def mark_read(*, actor: User, notification: Notification, now: datetime) -> Notification:
    """Note that the person has read it; the first time counts. Another's stays as it is."""
    mine = Notification.objects.visible_to(actor).unread()
    mine.filter(pk=notification.pk).update(read_at=now)
    notification.refresh_from_db(fields=["read_at"])
    return notification


def mark_all_read(*, actor: User, now: datetime) -> int:
    """Note that the person has read all there is, and return how many that were."""
    return Notification.objects.visible_to(actor).unread().update(read_at=now)
