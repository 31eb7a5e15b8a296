"""Letters of ours that did not arrive: whoever wrote them must know."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from complaints import services
from complaints.models import Message
from core.operations import SYSTEM


def came_back(mail_id: UUID, now: datetime) -> None:
    """Note on its complaint, or at its recipient of a notice, that the letter came back."""
    written = Message.objects.filter(mail_id=mail_id, bounced_at=None).select_related("complaint")
    for message in written:
        services.note_bounce(actor=SYSTEM, complaint=message.complaint, message=message, now=now)
    services.bounce_recipient(actor=SYSTEM, mail_id=mail_id, now=now)
