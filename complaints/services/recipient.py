"""What becomes of those who must hear of a notice: heard, acted, rung up, given up (3.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from complaints.models import Recipient
from complaints.notice_firing import CALL, NOTICE_CALL, call_at
from complaints.notice_queries import calls_about
from complaints.notice_steps import require_answer
from core.errors import DomainError
from core.models import User
from core.operations import SYSTEM, Actor, Outcome, operation
from core.timers import clear_timers

State = Recipient.State
REACHED, NO_ANSWER, UNREACHABLE = "reached", "no_answer", "unreachable"
TRY_OUTCOMES: Final = {
    REACHED: _("Reached: has heard it"),
    NO_ANSWER: _("Not reached"),
    UNREACHABLE: _("Cannot be reached at all"),
}
LONGEST_COMMENTS: Final = 20_000
PAGE: Final = {"by": "client", "via": "page"}
"""Details of what the recipient does himself on his page."""


class TriesMissing(DomainError):
    code = "tries_missing"


class SaidAlready(DomainError):
    code = "said_already"


class CommentTooLong(DomainError):
    code = "comment_too_long"


def acknowledge_recipient(*, actor: Actor, recipient: Recipient, now: datetime) -> Recipient:
    """Record that he has read it. SYSTEM acts for the recipient on his own page."""
    with operation("complaints.acknowledge_recipient", actor=actor, on=recipient, at=now) as op:
        require_answer(recipient, "acknowledge_recipient")
        _tell_by(op, actor)
        _hear(recipient, now)
    return recipient


def record_action(*, actor: Actor, recipient: Recipient, now: datetime) -> Recipient:
    """Record that he has done what the notice asks, and so has read it too."""
    with operation("complaints.record_action", actor=actor, on=recipient, at=now) as op:
        require_answer(recipient, "record_action")
        _tell_by(op, actor)
        _hear(recipient, now)
        recipient.state, recipient.acted_at = State.ACTION_DONE, now
    return recipient


def record_try(
    *, actor: User, recipient: Recipient, channel: str, outcome: str, now: datetime
) -> Recipient:
    """Record an attempt to reach him: reached confirms it.

    outcome -- of TRY_OUTCOMES. "unreachable" gives him up without a further attempt and takes
    three tries by two ways, the letter included; raises TriesMissing before that.
    """
    with operation("complaints.record_try", actor=actor, on=recipient, at=now) as op:
        require_answer(recipient, "record_try")
        op.details |= {"channel": channel, "tried": outcome}
        if outcome == UNREACHABLE:
            _require_tried(recipient)
            recipient.state = State.UNREACHABLE
            _end_calls(recipient, now)
            return recipient
        recipient.tries = [*recipient.tries, {"channel": channel, "at": now.isoformat()}]
        if outcome == REACHED:
            _hear(recipient, now)
    return recipient


def comment_notice(*, actor: Actor, recipient: Recipient, body: str, now: datetime) -> Recipient:
    """Keep what the recipient writes to the named contact, who hears of it."""
    with operation("complaints.comment_notice", actor=actor, on=recipient, at=now) as op:
        if recipient.comment.endswith(body.strip()):
            raise SaidAlready(_("We have these words already."))
        comment = "\n\n".join(filter(None, (recipient.comment, body.strip())))
        if len(comment) > LONGEST_COMMENTS:
            raise CommentTooLong(_("That is a lot already. Please call your contact instead."))
        _tell_by(op, actor)
        recipient.comment = comment
    return recipient


def bounce_recipient(*, actor: Actor, mail_id: UUID, now: datetime) -> Recipient | None:
    """Note that the letter came back; somebody rings him up instead.

    mail_id -- of the outbox row. Returns None if it was no letter of a notice, or if he has
    confirmed or was given up in the meantime.
    """
    recipient = Recipient.objects.filter(mail_id=mail_id).first()
    if recipient is None or recipient.has_ended:
        return None
    with operation("complaints.bounce_recipient", actor=actor, on=recipient, at=now):
        if recipient.state in {State.SENT, State.DELIVERED}:
            recipient.state, recipient.phone_due_at = State.BOUNCED, now
            call_at({recipient.pk: now})
    return recipient


def _require_tried(recipient: Recipient) -> None:
    if not recipient.was_tried_enough:
        tries, ways = len(recipient.tries), len(recipient.channels_tried)
        raise TriesMissing(
            format_lazy(
                _(
                    "Three tries by two ways come first, such as the letter and two calls. "
                    "So far: tries {tries}, ways {ways}."
                ),
                tries=tries,
                ways=ways,
            ),
            tries=tries,
            ways=ways,
        )


def _hear(recipient: Recipient, now: datetime) -> None:
    recipient.state = State.ACKNOWLEDGED
    recipient.acknowledged_at = recipient.acknowledged_at or now
    _end_calls(recipient, now)


def _end_calls(recipient: Recipient, now: datetime) -> None:
    clear_timers(CALL, [recipient.pk])
    for task in calls_about(recipient, NOTICE_CALL):
        accounts.finish_task(actor=SYSTEM, task=task, now=now)


def _tell_by(op: Outcome, actor: Actor) -> None:
    if actor is SYSTEM:
        op.details |= PAGE
