"""Which files of a complaint a person may open."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from complaints.models import Attachment, Complaint
from complaints.permissions import works_on_it
from core.models import User


def files_of(complaint: Complaint, user: User) -> QuerySet[Attachment]:
    """Return the files, those of merged complaints included, oldest first.

    Restricted ones are for those who work on the case. Programs speak to the client: they get
    what he sent, and what they attached themselves.
    """
    there = Q(complaint=complaint) | Q(complaint__merged_into=complaint)
    rows = Attachment.objects.filter(there).order_by("at", "id")
    if user.has_role("api"):
        return rows.filter(Q(by=None) | Q(by=user), is_restricted=False)
    return rows if works_on_it(user, complaint) else rows.filter(is_restricted=False)
