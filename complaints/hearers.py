"""Who must hear of what happens to complaints."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.hearers import heads, widen
from complaints.clockwork import HEAD_DECIDES
from complaints.closing import LATE
from complaints.models import CaseReview, Complaint
from core.announcements import Hearers, announce
from core.models import AuditEntry, User

DECIDING = (User.Role.HEAD_OF_KAM, User.Role.EXECUTIVE)
WORKERS = (
    "complaints.log", "complaints.assign", "complaints.comment", "complaints.reopen",
    "complaints.note_bounce", "complaints.move",
)  # fmt: skip


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


def confirmed(entries: list[AuditEntry]) -> Hearers:
    """Return the lead where the mistake has just become ours; nobody otherwise."""
    ours = [entry for entry in entries if entry.changes.get("confirmed_at", [""])[0] is None]
    return widen(_leads(ours))


def proposed(entries: list[AuditEntry]) -> Hearers:
    """Return the lead, and who decides if it is more than an account manager may agree to."""
    leads, everybody = _leads(entries), {role: _in_role(role) for role in DECIDING}
    return widen(
        {
            entry.pk: people | everybody.get(entry.details.get("decides", ""), set())
            for entry, people in zip(entries, leads.values(), strict=True)
        }
    )


def undecided(entries: list[AuditEntry]) -> Hearers:
    everywhere = heads()
    return widen({entry: people | everywhere for entry, people in _leads(entries).items()})


def asked(entries: list[AuditEntry]) -> Hearers:
    """Return the colleague whose opinion is asked for: it is between the two."""
    return {entry.pk: {UUID(entry.details["colleague"])} for entry in entries}


def reviewing(entries: list[AuditEntry]) -> Hearers:
    """Return the author of the review; once it is late the heads too."""
    rows = CaseReview.objects.filter(pk__in={entry.target_id for entry in entries})
    authors, everywhere = dict(rows.values_list("pk", "author_id")), heads()
    return widen(
        {
            entry.pk: {authors[entry.target_id]}
            | (everywhere if entry.details["step"] == LATE else set())
            for entry in entries
        }
    )


def troubled(entries: list[AuditEntry]) -> Hearers:
    """Return the heads: one cause hurts several clients, or somebody could get hurt."""
    everywhere = heads()
    return widen({entry.pk: everywhere for entry in entries})


def _leads(entries: Iterable[AuditEntry]) -> dict[UUID, set[UUID]]:
    """Return, by entry, who speaks with the client."""
    entries = list(entries)
    rows = Complaint.objects.filter(pk__in={entry.target_id for entry in entries})
    leads = dict(rows.values_list("pk", "lead_id"))
    return {entry.pk: {leads[entry.target_id]} for entry in entries}


def _in_role(role: str) -> set[UUID]:
    return set(User.objects.in_role(role).values_list("pk", flat=True))


def speak() -> None:
    for verb in WORKERS:
        announce(verb, workers)
    announce("complaints.record_callback", workers)
    announce("complaints.hand_over", workers)
    announce("complaints.ask_opinion", asked)
    announce("complaints.remind_review", reviewing)
    for verb in ("open_problem", "flag_danger"):
        announce(f"complaints.{verb}", troubled, always_by_mail=lambda entry: True)
    announce("complaints.remind_waiting", waiting)
    announce("complaints.close_silent", workers)
    announce("complaints.record_findings", confirmed)
    announce("complaints.record_remedy", proposed)
    announce("complaints.judge_remedy", proposed)
    announce("complaints.decide_remedy", workers)
    announce("complaints.answer_remedy", workers)
    announce("complaints.confirm_remedy", workers)
    announce("complaints.remind_remedy", undecided)
    for said in ("confirm_fixed", "deny_fixed", "rate"):
        announce(f"complaints.{said}", workers)
