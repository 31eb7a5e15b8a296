"""The follow-up call: is it really fixed, and has it stayed so? Its outcome closes or reopens (C-12)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.clockwork import business_days_later
from accounts.models import Promise
from complaints import clockwork, outbox
from complaints.calling import CALL_TIME, caused_and_resolved, owed_calls
from complaints.calls import case_for
from complaints.models import Complaint, Message
from complaints.services.intake import Intake, log_complaint
from complaints.services.outcomes import say_fixed, say_not_fixed
from complaints.transitions import require
from core.errors import DomainError, Sentence
from core.models import User
from core.operations import SYSTEM, Outcome, operation

MAX_TRIES: Final = 3
FURTHEST: Final = timedelta(days=14)
SATISFIED, NOT_SATISFIED = "satisfied", "not_satisfied"
NO_ANSWER, CALL_LATER = "no_answer", "call_later"
OUTCOMES: Final[dict[str, Sentence]] = {
    SATISFIED: _("the client is satisfied"),
    NOT_SATISFIED: _("the client is not satisfied"),
    NO_ANSWER: _("no answer"),
    CALL_LATER: _("the client asked for another time"),
}


class NoCallbackOwed(DomainError):
    code = "no_callback_owed"


class SamePerson(DomainError):
    code = "same_person"


class CallTimeMissing(DomainError):
    code = "call_time_missing"


class CallTooFar(DomainError):
    code = "call_too_far"


class RatingWithoutTalk(DomainError):
    code = "rating_without_talk"


class WordsMissing(DomainError):
    code = "words_missing"


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One call as it was made. call -- the promise it keeps; None when the client spoke by himself."""

    op: Outcome
    complaint: Complaint
    call: Promise | None
    actor: User
    note: str
    call_at: datetime | None
    at: datetime

    @property
    def is_pulse(self) -> bool:
        return self.call is not None and self.call.kind == Promise.Kind.PULSE


def record_callback(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    outcome: str,
    note: str = "",
    call_at: datetime | None = None,
    csat: int | None = None,
    callback: Promise | None = None,
    now: datetime,
) -> Complaint:
    """Record the call: satisfied closes, not_satisfied reopens with half the time.

    callback -- the call that is meant, which may expect a version; by default the first one owed.
    call_at  -- when the client wants to be called, for call_later: no try in vain, twice at most.
    csat     -- how well we did, 1…5, if the client says so.
    no_answer promises another try on the next business day; after the third a letter goes out
    and five silent business days close the complaint as not confirmed.
    Of a pulse call nothing but not_satisfied changes the complaint: it is taken up again, or past
    its 30 days becomes a new complaint in the words of the note.
    """
    with operation(
        "complaints.record_callback", actor=actor, on=complaint, at=now, reason=note
    ) as op:
        call = _call_meant(complaint, callback)
        if caused_and_resolved(complaint, actor.pk):
            raise SamePerson(
                _("You are named in the cause and resolved it yourself: let a colleague call.")
            )
        op.details["outcome"] = outcome
        _note(complaint, note, actor, now)
        _rate(complaint, outcome, csat, now)
        _ACTS[outcome](
            Talk(
                op=op, complaint=complaint, call=call, actor=actor, note=note.strip(),
                call_at=call_at, at=now,
            )
        )  # fmt: skip
    return complaint


def _call_meant(complaint: Complaint, callback: Promise | None) -> Promise | None:
    """Return the call that is settled now; None once the client was written to instead."""
    owed = {each.pk: each for each in owed_calls(complaint)}
    if callback is not None:
        if callback.pk not in owed:
            raise NoCallbackOwed(_("This call is not owed any more."))
        return callback
    call = next(iter(owed.values()), None)
    if call is None or call.kind == Promise.Kind.CALLBACK:
        require(complaint, "record_callback")
    return call


def _satisfied(talk: Talk) -> None:
    say_fixed(talk.op, talk.complaint, talk.call, talk.at)


def _not_satisfied(talk: Talk) -> None:
    if talk.is_pulse and not talk.complaint.may_reopen(talk.at):
        _log_anew(talk)
    else:
        say_not_fixed(talk.complaint, talk.call, talk.at)


def _log_anew(talk: Talk) -> None:
    """Open a new complaint that follows this one: it came back after more than 30 days."""
    old, call = talk.complaint, _call_of(talk)
    if not talk.note:
        raise WordsMissing(_("Write what the client says: it becomes a new complaint."))
    accounts.keep_promise(actor=SYSTEM, promise=call, now=talk.at)
    intake = Intake(
        client_words=talk.note, impact=old.impact, urgency=old.urgency, contact=call.contact,
        title=old.title, category=old.category, safety=old.safety, scope=old.scope, follows=old,
    )  # fmt: skip
    new = log_complaint(actor=talk.actor, account=old.account, intake=intake, now=talk.at)
    talk.op.details["followed_by"] = new.no


def _no_answer(talk: Talk) -> None:
    complaint, call = talk.complaint, _call_of(talk)
    if call.tries + 1 < MAX_TRIES:
        due = business_days_later(complaint.account, talk.at, 1, at=CALL_TIME)
        accounts.retry_promise(actor=SYSTEM, promise=call, due_at=due, now=talk.at)
        return
    accounts.keep_promise(actor=SYSTEM, promise=call, now=talk.at)
    if not talk.is_pulse:
        _write_instead(complaint, call, talk.at)


def _write_instead(complaint: Complaint, call: Promise, at: datetime) -> None:
    """Send the letter that follows three calls in vain, to whom they were made."""
    case = case_for(complaint, call)
    body = outbox.after_three_calls(case)
    mail_id = outbox.write_to_client(case, body, at)
    Message.objects.create(
        complaint=complaint, kind=Message.Kind.ACKNOWLEDGEMENT, body=body, at=at, mail_id=mail_id
    )
    clockwork.await_silence(complaint, at)


def _call_later(talk: Talk) -> None:
    call = _call_of(talk)
    if talk.call_at is None:
        raise CallTimeMissing(_("Enter when the client wants to be called."))
    if talk.call_at > talk.at + FURTHEST:
        raise CallTooFar(_("Agree on a time within two weeks: later nobody remembers."))
    accounts.put_off_promise(actor=SYSTEM, promise=call, due_at=talk.call_at, now=talk.at)


def _call_of(talk: Talk) -> Promise:
    if talk.call is None:
        raise NoCallbackOwed(_("No call is owed any more; the client has been written to."))
    return talk.call


def _note(complaint: Complaint, note: str, author: User, at: datetime) -> None:
    if note.strip():
        Message.objects.create(
            complaint=complaint, kind=Message.Kind.NOTE, body=note.strip(), author=author, at=at
        )


def _rate(complaint: Complaint, outcome: str, csat: int | None, at: datetime) -> None:
    if csat is None:
        return
    if outcome not in {SATISFIED, NOT_SATISFIED}:
        raise RatingWithoutTalk(_("Only a client who was asked whether it is fixed can rate us."))
    complaint.csat, complaint.rated_at = csat, at


_ACTS: Final[dict[str, Callable[[Talk], None]]] = {
    SATISFIED: _satisfied,
    NOT_SATISFIED: _not_satisfied,
    NO_ANSWER: _no_answer,
    CALL_LATER: _call_later,
}
