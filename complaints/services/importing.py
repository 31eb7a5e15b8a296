"""Taking in old complaints: looked through first, then all good lines at once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, ComplaintImport
from complaints.models.complaint import TITLE_LENGTH
from complaints.old_complaints import Line, read_old_complaints
from complaints.priority import priority_of
from core.errors import DomainError, InvalidTransition
from core.models import AuditEntry, User
from core.operations import operation, record, system_entry
from core.reference import next_references

State = ComplaintImport.State


class NothingToImport(DomainError):
    code = "nothing_to_import"


def check_import(*, actor: User, name: str, text: str, now: datetime) -> ComplaintImport:
    """Look through a file of old complaints and keep it until somebody decides; nothing else.

    Raises FileUnreadable if it is no such file.
    """
    with operation("complaints.check_import", actor=actor, on=None, at=now) as op:
        reading = read_old_complaints(actor, text, now)
        run = ComplaintImport(
            name=name[-160:], content=text, by=actor, at=now, good=len(reading.good),
            known=len(reading.known), problems=reading.problems(),
        )  # fmt: skip
        op.details["lines"] = len(reading.lines)
        op.create(run)
    return run


def run_import(*, actor: User, run: ComplaintImport, now: datetime) -> ComplaintImport:
    """Take in the good lines: closed complaints without clocks, letters or calls.

    Lines that were imported in the meantime are left out; those with errors stay behind.
    """
    with operation("complaints.run_import", actor=actor, on=run, at=now) as op:
        _require_checked(run)
        reading = read_old_complaints(actor, run.content, now)
        if not reading.good:
            raise NothingToImport(
                _("No line of the file can be imported. Correct it and try again.")
            )
        made = [_complaint(line, actor) for line in reading.good]
        _number(made)
        Complaint.objects.bulk_create(made)
        record([_entry(each, actor, now) for each in made])
        run.good, run.known = len(made), len(reading.known)
        run.problems, run.content, run.state = reading.problems(), "", State.IMPORTED
        op.details["count"] = len(made)
    return run


def drop_import(*, actor: User, run: ComplaintImport, now: datetime) -> ComplaintImport:
    """Forget the file without taking anything in."""
    with operation("complaints.drop_import", actor=actor, on=run, at=now):
        _require_checked(run)
        run.content, run.state = "", State.DROPPED
    return run


def _require_checked(run: ComplaintImport) -> None:
    if run.state != State.CHECKED:
        raise InvalidTransition(run.get_state_display(), [])


def _complaint(line: Line, actor: User) -> Complaint:
    told = dict(line.told or {})
    words, account = told["words"].strip(), told["account"]
    complaint = Complaint(
        account=account, contact=told["contact"], channel=told["channel"],
        received_at=told["received_at"], first_known_at=told["received_at"],
        title=(told["title"] or words.splitlines()[0])[:TITLE_LENGTH], client_words=words,
        language=account.language, category=told["category"], impact=told["impact"],
        urgency=told["urgency"], root_cause=told["root_cause"], logged_by=actor,
        lead=account.owner, priority=priority_of(told["impact"], told["urgency"]),
        state=Complaint.State.CLOSED, resolution_type=told["resolution_type"],
        resolution=told["resolution"].strip(), resolved_at=told["resolved_at"],
        closed_at=told["closed_at"], is_confirmed=told["confirmed"], external_ref=told["number"],
    )  # fmt: skip
    complaint.created_at = complaint.updated_at = told["received_at"]
    return complaint


def _number(made: list[Complaint]) -> None:
    """Give numbers of the year in which each was received, in the order of the file."""
    years = Counter(each.received_at.year for each in made)
    ready = {year: iter(next_references("CMP", year, count)) for year, count in years.items()}
    for each in made:
        each.no = next(ready[each.received_at.year])
        each.refresh_texts()


def _entry(complaint: Complaint, actor: User, at: datetime) -> AuditEntry:
    entry = system_entry(
        "complaints.import_old", target=complaint, at=at, details={"number": complaint.external_ref}
    )
    entry.actor, entry.happened_at = actor, complaint.received_at
    return entry
