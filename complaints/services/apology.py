"""Saying that we are sorry: regret is no admission (C-4)."""

from __future__ import annotations

from datetime import datetime

from complaints.models import Apology, Complaint
from complaints.services.conversation import EMAIL, keep_apology, write_answer
from complaints.transitions import require, require_reason
from core.models import User
from core.operations import operation


def apologise(  # noqa: PLR0913 -- a letter and how it goes
    *,
    actor: User,
    complaint: Complaint,
    form: str,
    text: str,
    channel: str = EMAIL,
    admission_of_liability: bool = False,
    override_reason: str = "",
    now: datetime,
) -> Apology:
    """Say that we are sorry; the words are kept as they were said.

    form -- one of Apology.Form. admission_of_liability -- only if our lawyers agree.
    """
    with operation("complaints.apologise", actor=actor, on=complaint, at=now):
        require(complaint, "apologise")
        message = write_answer(
            complaint, text, actor, now, channel=channel, override_reason=override_reason
        )
        return keep_apology(message, form, admission_of_liability=admission_of_liability)


def skip_apology(*, actor: User, complaint: Complaint, reason: str, now: datetime) -> Complaint:
    """Note why nobody says that we are sorry."""
    with operation("complaints.skip_apology", actor=actor, on=complaint, at=now, reason=reason):
        require(complaint, "skip_apology")
        complaint.no_apology_reason = require_reason(reason)
    return complaint
