"""Who must hear of what happens to complaints."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.hearers import heads, widen
from complaints.clockwork import HEAD_DECIDES
from complaints.models import Complaint
from core.announcements import Hearers, announce
from core.models import AuditEntry

WORKERS = ("complaints.log", "complaints.assign", "complaints.comment", "complaints.reopen")


def _people(entries: Iterable[AuditEntry]) -> dict[UUID, set[UUID]]:
    """Return, by entry, who works on the complaint: assignee and lead."""
    ids = {entry.target_id for entry in entries}
    rows = Complaint.objects.filter(pk__in=ids).values_list("pk", "assignee_id", "lead_id")
    workers = {pk: {assignee, lead} - {None} for pk, assignee, lead in rows}
    return {entry.pk: workers[entry.target_id] for entry in entries}


def workers(entries: list[AuditEntry]) -> Hearers:
    return widen(_people(entries))


def waiting(entries: list[AuditEntry]) -> Hearers:
    """Return the workers; after ten business days the heads decide."""
    people, everywhere = _people(entries), heads()
    return widen(
        {
            entry.pk: people[entry.pk]
            | (everywhere if entry.details["days"] == HEAD_DECIDES else set())
            for entry in entries
        }
    )


def speak() -> None:
    for verb in WORKERS:
        announce(verb, workers)
    announce("complaints.record_callback", workers)
    announce("complaints.remind_waiting", waiting)
    announce("complaints.close_silent", workers)
