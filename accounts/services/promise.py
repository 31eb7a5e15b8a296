"""Everything of which we said "we will": made, kept, moved with consent, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.clockwork import business_days_later, clear_promise, schedule_promise
from accounts.models import Account, Contact, Promise
from core.errors import DomainError, InvalidTransition
from core.models import Row, User
from core.operations import Actor, operation
from core.reference import next_reference

MOST_MOVES = 2
"""The move with which a promise counts as late (X-5)."""


class AlreadyDue(DomainError):
    code = "already_due"


class DueInThePast(DomainError):
    code = "due_in_the_past"


class ConsentMissing(DomainError):
    code = "consent_missing"


class NotTheirContact(DomainError):
    code = "not_their_contact"


class OutcomeMissing(DomainError):
    code = "outcome_missing"


class PutOffTwice(DomainError):
    code = "put_off_twice"


def make_promise(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: Actor,
    account: Account,
    kind: str,
    text: str,
    due_at: datetime,
    made_by: User,
    contact: Contact | None = None,
    source: str = Promise.Source.CALL,
    subject: Row | None = None,
    now: datetime,
) -> Promise:
    """Record a promise and set its reminders.

    made_by -- who keeps it; defaults to nobody, a promise always has a person.
    due_at  -- later than now. It is broken one business day of the account's calendar after.
    """
    with operation("accounts.make_promise", actor=actor, on=account, at=now) as op:
        if due_at <= now:
            raise DueInThePast(_("A promise can only be due in the future."))
        if contact and not Contact.objects.of(account).filter(pk=contact.pk).exists():
            raise NotTheirContact(_("This person does not work for the account."))
        promise = Promise(
            account=account, contact=contact, kind=kind, text=text, due_at=due_at, source=source,
            made_by=made_by, made_at=now, break_at=business_days_later(account, due_at, 1),
            subject=subject,
        )  # fmt: skip
        promise.no = next_reference("PRM", now.year)
        op.details |= {"due": due_at.isoformat(), "kind": kind}
        op.create(promise)
        schedule_promise(promise, now)
    return promise


def keep_promise(*, actor: Actor, promise: Promise, note: str = "", now: datetime) -> Promise:
    """Record that it was done: in time, late, or after it was already broken."""
    with operation("accounts.keep_promise", actor=actor, on=promise, at=now, reason=note):
        _require_owed(promise)
        _require_no_outcome(promise, actor)
        promise.done_at = now
        if promise.state == Promise.State.OPEN:
            in_time = now <= promise.due_at and promise.renegotiations < MOST_MOVES
            promise.state = Promise.State.KEPT if in_time else Promise.State.KEPT_LATE
            if now > promise.break_at:
                promise.state = Promise.State.BROKEN
        clear_promise(promise)
    return promise


def renegotiate_promise(
    *, actor: Actor, promise: Promise, due_at: datetime, consent: str, now: datetime
) -> Promise:
    """Move a promise, only before it is due and with the client's consent (X-5)."""
    with operation("accounts.renegotiate_promise", actor=actor, on=promise, at=now):
        _require_open(promise)
        if now > promise.due_at:
            raise AlreadyDue(_("It is already due: do it now, a new time is no longer agreed."))
        if not consent.strip():
            raise ConsentMissing(_("Note how the client agreed to the new time."))
        _move(promise, due_at, now)
        promise.renegotiations += 1
        promise.consent = consent
        schedule_promise(promise, now)
    return promise


def withdraw_promise(*, actor: Actor, promise: Promise, reason: str, now: datetime) -> Promise:
    """Record that the client no longer wants it; the reason is kept in the history."""
    with operation("accounts.withdraw_promise", actor=actor, on=promise, at=now, reason=reason):
        _require_open(promise)
        _require_no_outcome(promise, actor)
        promise.state, promise.done_at = Promise.State.WITHDRAWN, now
        clear_promise(promise)
    return promise


def retry_promise(*, actor: Actor, promise: Promise, due_at: datetime, now: datetime) -> Promise:
    """Try again later: somebody called and nobody answered. It is no new promise."""
    with operation("accounts.retry_promise", actor=actor, on=promise, at=now) as op:
        _require_owed(promise)
        _move(promise, due_at, now)
        promise.state = Promise.State.OPEN
        promise.tries += 1
        op.details["tries"] = promise.tries
        schedule_promise(promise, now)
    return promise


def put_off_promise(*, actor: Actor, promise: Promise, due_at: datetime, now: datetime) -> Promise:
    """Move a call because the client, when he was reached, asked for another time.

    It is no try in vain. As with any promise the second move counts as late; so does the first
    of a call that was due already. After that it is not moved again.
    """
    with operation("accounts.put_off_promise", actor=actor, on=promise, at=now) as op:
        _require_owed(promise)
        if promise.renegotiations >= MOST_MOVES:
            raise PutOffTwice(
                _("It has been put off before. Ask now whether it is fixed, or record no answer.")
            )
        was_due = promise.due_at < now
        _move(promise, due_at, now)
        promise.state = Promise.State.OPEN
        promise.renegotiations = MOST_MOVES if was_due else promise.renegotiations + 1
        op.details["due"] = due_at.isoformat()
        schedule_promise(promise, now)
    return promise


def hand_over_promise(*, actor: Actor, promise: Promise, made_by: User, now: datetime) -> Promise:
    """Let somebody else keep it, who has taken over the client."""
    with operation("accounts.hand_over_promise", actor=actor, on=promise, at=now):
        _require_owed(promise)
        promise.made_by = made_by
    return promise


def void_promise(*, actor: Actor, promise: Promise, reason: str, now: datetime) -> Promise:
    """Drop a promise that what happened since has made needless."""
    with operation("accounts.void_promise", actor=actor, on=promise, at=now, reason=reason):
        _require_owed(promise)
        promise.state, promise.done_at = Promise.State.VOID, now
        clear_promise(promise)
    return promise


def _move(promise: Promise, due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        raise DueInThePast(_("A promise can only be due in the future."))
    promise.due_at = due_at
    promise.break_at = business_days_later(promise.account, due_at, 1)


def _require_open(promise: Promise) -> None:
    if not promise.is_open:
        owed = ["keep_promise"] if promise.is_owed else []
        raise InvalidTransition(promise.get_state_display(), owed)


def _require_no_outcome(promise: Promise, actor: Actor) -> None:
    """Refuse people what only the outcome of the call settles: the matter would never close."""
    if isinstance(actor, User) and promise.is_follow_up:
        raise OutcomeMissing(_("Record how the follow-up call went: that settles this promise."))


def _require_owed(promise: Promise) -> None:
    if not promise.is_owed:
        raise InvalidTransition(promise.get_state_display(), [])
