"""The follow-up call: is it really fixed? Its outcome closes or reopens (C-12)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.clockwork import business_days_later
from accounts.models import Promise
from complaints import clockwork, outbox
from complaints.models import Complaint, Message
from complaints.queries import open_callback
from complaints.services.progress import CALLBACK_TIME, allowed_now, take_up_again
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation

MAX_TRIES = 3
OUTCOMES = {
    "satisfied": _("the client is satisfied"),
    "not_satisfied": _("the client is not satisfied"),
    "no_answer": _("no answer"),
}


class NoCallbackOwed(DomainError):
    code = "no_callback_owed"


def record_callback(
    *,
    actor: User,
    complaint: Complaint,
    outcome: str,
    note: str = "",
    callback: Promise | None = None,
    now: datetime,
) -> Complaint:
    """Record the call: satisfied closes, not_satisfied reopens with half the time.

    callback -- the call that is meant, which may expect a version; by default the one owed.
    no_answer promises another try on the next business day; after the third a letter goes out
    and five silent business days close the complaint as not confirmed.
    """
    with operation(
        "complaints.record_callback", actor=actor, on=complaint, at=now, reason=note
    ) as op:
        if complaint.state != Complaint.State.RESOLVED:
            raise InvalidTransition(complaint.get_state_display(), allowed_now(complaint))
        callback = callback or open_callback(complaint)
        if callback is None:
            raise NoCallbackOwed(_("No call is owed any more; the client has been written to."))
        op.details["outcome"] = outcome
        _note(complaint, note, actor, now)
        _ACTS[outcome](complaint, callback, now)
    return complaint


def _satisfied(complaint: Complaint, callback: Promise, at: datetime) -> None:
    accounts.keep_promise(actor=SYSTEM, promise=callback, now=at)
    complaint.state, complaint.closed_at = Complaint.State.CLOSED, at
    complaint.is_confirmed = True


def _not_satisfied(complaint: Complaint, callback: Promise, at: datetime) -> None:
    accounts.keep_promise(actor=SYSTEM, promise=callback, now=at)
    take_up_again(complaint, at)


def _no_answer(complaint: Complaint, callback: Promise, at: datetime) -> None:
    if callback.tries + 1 < MAX_TRIES:
        due = business_days_later(complaint.account, at, 1, at=CALLBACK_TIME)
        accounts.retry_promise(actor=SYSTEM, promise=callback, due_at=due, now=at)
        return
    accounts.keep_promise(actor=SYSTEM, promise=callback, now=at)
    body = outbox.after_three_calls(complaint)
    outbox.write_to_client(complaint, body, at)
    Message.objects.create(complaint=complaint, kind=Message.Kind.ACKNOWLEDGEMENT, body=body, at=at)
    clockwork.await_silence(complaint, at)


def _note(complaint: Complaint, note: str, author: User, at: datetime) -> None:
    if note.strip():
        Message.objects.create(
            complaint=complaint, kind=Message.Kind.NOTE, body=note.strip(), author=author, at=at
        )


_ACTS = {
    "satisfied": _satisfied,
    "not_satisfied": _not_satisfied,
    "no_answer": _no_answer,
}
