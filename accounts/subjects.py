"""What a promise is about, which belongs to an app above."""

from __future__ import annotations

from accounts.models import Promise
from core.models import AuditEntry
from core.places import place_of


def subject_url(promise: Promise) -> str:
    """Return the page of what the promise is about, or an empty text."""
    if promise.subject_id is None or promise.subject_type_id is None:
        return ""
    about = AuditEntry(target_type_id=promise.subject_type_id, target_id=promise.subject_id)
    return place_of(about)
