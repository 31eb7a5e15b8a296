"""Follow-up calls as a caller needs them: whom to ring, what to say, since when it is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Account, Contact, Promise
from complaints.models import Complaint
from complaints.texts import client_text
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """promise -- the call that is owed; script -- in the client's language."""

    promise: Promise
    complaint: Complaint
    contact: Contact | None
    language: str
    script: str
    is_overdue: bool

    @property
    def try_number(self) -> int:
        return self.promise.tries + 1


def call_of(promise: Promise, complaint: Complaint, caller: User, now: datetime) -> Call:
    resolved = complaint.resolved_at or now
    script = client_text(
        "callback_open",
        complaint.client_language,
        caller=caller.name,
        days=max((now - resolved) // timedelta(days=1), 1),
        no=complaint.no,
    )
    return Call(
        promise=promise,
        complaint=complaint,
        contact=complaint.contact,
        language=complaint.client_language,
        script=script,
        is_overdue=promise.is_overdue(now),
    )


def recordable_by(user: User, complaints: Iterable[Complaint]) -> set[UUID]:
    """Return the accounts whose calls the person may record: one query for a whole list.

    The rule is that of the permission complaints.record_callback; a test compares them.
    """
    accounts = {each.account_id for each in complaints}
    if user.has_role(User.Role.SUPPORT_AGENT, User.Role.HEAD_OF_KAM):
        return accounts
    if not user.has_role(User.Role.ACCOUNT_MANAGER):
        return set()
    own = Account.objects.filter(pk__in=accounts).own_of(user)
    return set(own.values_list("pk", flat=True))
