"""The eight wants, judged one by one, and the client's word that we understood (3.4, C-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Message, Want
from complaints.recovery import recovery_of
from complaints.services.conversation import EmptyMessage
from complaints.services.renewal import renew
from complaints.transitions import require
from core.errors import DomainError
from core.models import User
from core.operations import operation


class EvidenceMissing(DomainError):
    code = "evidence_missing"


@dataclass(frozen=True, slots=True)
class WantInput:
    """What somebody judges of one want. evidence -- how we know that it is given."""

    wanted: str = Want.Wanted.UNKNOWN
    done: bool = False
    evidence: str = ""


def set_wants(
    *, actor: User, complaint: Complaint, wants: Mapping[int, WantInput], now: datetime
) -> Complaint:
    """Judge some of the eight wants; those that are not named stay as they are.

    What follows from what was done is given whether somebody ticks it or not.
    """
    with operation("complaints.set_wants", actor=actor, on=complaint, at=now) as op:
        require(complaint, "set_wants")
        recovery = recovery_of(complaint)
        before = recovery.completeness.percent
        for number, told in wants.items():
            _set(complaint, recovery.stored_wants.get(number), number, told, actor, now)
        after = recovery_of(complaint).completeness.percent
        op.changed("wants", str(before), str(after))
        renew(complaint)
    return complaint


def confirm_understanding(
    *, actor: User, complaint: Complaint, summary: str, now: datetime
) -> Complaint:
    """Record that the client agrees with how we put it: he has been heard.

    summary -- what we said back to the client, in his words; kept as an internal note.
    """
    with operation("complaints.confirm_understanding", actor=actor, on=complaint, at=now):
        require(complaint, "confirm_understanding")
        if not summary.strip():
            raise EmptyMessage(_("Write what you said back to the client."))
        Message.objects.create(
            complaint=complaint, kind=Message.Kind.NOTE, body=summary.strip(), author=actor, at=now
        )
        complaint.understood_at = now
    return complaint


def _set(
    complaint: Complaint,
    stored: Want | None,
    number: int,
    told: WantInput,
    author: User,
    at: datetime,
) -> None:
    evidence = told.evidence.strip()
    if told.done and not evidence:
        raise EvidenceMissing(_("Say for each want that is given how you know it."))
    row = stored or Want(complaint=complaint, number=number, at=at)
    if (row.wanted, row.done, row.evidence) != (told.wanted, told.done, evidence):
        row.wanted, row.done, row.evidence = told.wanted, told.done, evidence
        row.by, row.at = author, at
        row.save()
