"""What a client may do on his own page: one answer for the page and for the services behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from accounts.models import Promise
from complaints.models import Complaint

State = Complaint.State
READABLE_AFTER: Final = timedelta(days=30)
"""How long after the end the client may still write; later his page can only be read."""


def is_read_only(complaint: Complaint, now: datetime) -> bool:
    if complaint.state in {State.MERGED, State.CONVERTED}:
        return True
    return complaint.closed_at is not None and now - complaint.closed_at > READABLE_AFTER


def call_to(contact_id: UUID | None, owed: Iterable[Promise]) -> Promise | None:
    """Return the follow-up call that is owed to the contact, of all that are."""
    calls = (each for each in owed if each.kind == Promise.Kind.CALLBACK)
    return next((each for each in calls if each.contact_id in {None, contact_id}), None)


def may_confirm(complaint: Complaint, contact_id: UUID | None, owed: Sequence[Promise]) -> bool:
    """Say whether he can still tell that it is fixed: we say so, and he has not answered.

    owed -- all that is owed about the complaint. Who was written to after three calls may answer
    as long as nobody else must be called.
    """
    if complaint.state != State.RESOLVED:
        return False
    must_call = any(each.kind == Promise.Kind.CALLBACK for each in owed)
    return call_to(contact_id, owed) is not None or not must_call


def may_deny(complaint: Complaint, now: datetime) -> bool:
    """Say whether it can be taken up again because the client says that it is not fixed."""
    return complaint.state in {State.RESOLVED, State.CLOSED} and complaint.may_reopen(now)


def may_rate(complaint: Complaint, now: datetime) -> bool:
    """Say whether the follow-up call is over and he has not rated this end of the matter yet."""
    if complaint.state != State.CLOSED or is_read_only(complaint, now):
        return False
    ended = complaint.resolved_at
    return complaint.rated_at is None or (ended is not None and complaint.rated_at < ended)
