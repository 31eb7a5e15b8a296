"""What becomes of a case when the client says that it is fixed, or that it is not.

These work inside the operation of their caller: a call that is recorded, or the client's own page.
"""

from __future__ import annotations

from datetime import datetime

from accounts import services as accounts
from accounts.models import Contact, Promise
from complaints import clockwork
from complaints.calling import promise_pulse
from complaints.closing import close
from complaints.models import Complaint
from complaints.services.progress import take_up_again
from core.operations import SYSTEM, Outcome


def say_fixed(
    op: Outcome,
    complaint: Complaint,
    call: Promise | None,
    at: datetime,
    *,
    by: Contact | None = None,
) -> None:
    """Settle the call and close, once nobody else must be called and no letter is out.

    call -- the one that was owed to him; None if he says so without one.
    by   -- who says so without a call; the complaint's contact unless named.
    """
    if call is not None:
        accounts.keep_promise(actor=SYSTEM, promise=call, now=at)
    if complaint.state != Complaint.State.RESOLVED:
        return
    promise_pulse(complaint, call.contact if call else by or complaint.contact, at)
    owed = Promise.objects.owed().about(complaint).filter(kind=Promise.Kind.CALLBACK)
    if not owed.exists() and not clockwork.awaits_silence(complaint):
        close(op, complaint, at, is_confirmed=True)


def say_not_fixed(complaint: Complaint, call: Promise | None, at: datetime) -> None:
    """Settle the call and take the case up again with half of the time (C-12)."""
    if call is not None:
        accounts.keep_promise(actor=SYSTEM, promise=call, now=at)
    take_up_again(complaint, at)
