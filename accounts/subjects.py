"""What a promise, an alert or a task is about, which belongs to an app above."""

from __future__ import annotations

from accounts.models import Alert, Promise, Task
from core.models import AuditEntry
from core.places import place_of


def subject_url(row: Promise | Alert | Task) -> str:
    """Return the page of what the row is about, or an empty text."""
    if row.subject_id is None or row.subject_type_id is None:
        return ""
    about = AuditEntry(target_type_id=row.subject_type_id, target_id=row.subject_id)
    return place_of(about)
