"""Asking the client what would put it right, and what he proposes (C-9)."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from complaints import outbox, remedy_timer
from complaints.deciding import deciders_of
from complaints.models import Complaint, Message, Remedy
from complaints.recovery import finding_of, remedy_of
from complaints.services.conversation import (
    EMAIL,
    EmptyMessage,
    hear,
    tell_client_did_it,
    write_answer,
)
from complaints.services.renewal import renew
from complaints.transitions import require, require_reason, require_remedy
from core.errors import DomainError
from core.models import User
from core.operations import Actor, Outcome, operation

State = Remedy.State
CENT: Final = Decimal("0.01")
PAGE: Final = Complaint.Channel.PORTAL


class RateMissing(DomainError):
    code = "rate_missing"


def ask_client(
    *,
    actor: User,
    complaint: Complaint,
    channel: str = EMAIL,
    note: str = "",
    override_reason: str = "",
    now: datetime,
) -> Remedy:
    """Ask what would put it right, by the standard question in the client's language.

    channel -- a letter goes out by mail; of any other it is only recorded that it was asked.
    note    -- how it went; internal.
    """
    with operation("complaints.ask_client", actor=actor, on=complaint, at=now) as op:
        require(complaint, "ask_client")
        remedy = op.also(remedy_of(complaint))
        require_remedy(remedy, "ask_client")
        write_answer(
            complaint, outbox.question(complaint), actor, now, channel=channel,
            override_reason=override_reason,
        )  # fmt: skip
        _note(complaint, note, actor, now)
        mark_asked(remedy, actor, now)
    return remedy


def note_failed_ask(*, actor: User, complaint: Complaint, note: str, now: datetime) -> Remedy:
    """Document an attempt to ask that failed; after two we may go on unasked (C-9)."""
    with operation("complaints.note_failed_ask", actor=actor, on=complaint, at=now) as op:
        require(complaint, "note_failed_ask")
        remedy = op.also(remedy_of(complaint))
        require_remedy(remedy, "note_failed_ask")
        _note(complaint, require_reason(note), actor, now)
        remedy.tries += 1
    return remedy


def record_remedy(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: Actor,
    complaint: Complaint,
    client_text: str,
    estimated_cost: Decimal | None = None,
    currency: str = "",
    rate: Decimal | None = None,
    now: datetime,
) -> Remedy:
    """Record what the client wants; the lead hears of it, and the heads if nobody decides.

    actor    -- SYSTEM if the client writes it himself, on his page.
    currency -- of the cost, that of the account unless said; then rate says how much of the
    account's currency one of it is.
    """
    with operation("complaints.record_remedy", actor=actor, on=complaint, at=now) as op:
        require(complaint, "record_remedy")
        remedy = op.also(remedy_of(complaint))
        require_remedy(remedy, "record_remedy")
        if not client_text.strip():
            raise EmptyMessage(_("Write something first."))
        tell_client_did_it(op, actor, PAGE)
        if not isinstance(actor, User):
            hear(complaint, client_text, actor, now, channel=PAGE)
        _propose(remedy, client_text.strip(), now)
        _estimate(remedy, complaint, estimated_cost, currency, rate)
        _tell_decider(op, complaint, remedy)
        remedy_timer.await_decision(complaint, now)
        renew(complaint)
    return remedy


def judge_remedy(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    complaint: Complaint,
    feasible: str,
    how: str,
    lawful: bool = True,
    estimated_cost: Decimal | None = None,
    now: datetime,
) -> Remedy:
    """Say whether we can do it and how. estimated_cost -- None leaves what was estimated."""
    with operation("complaints.judge_remedy", actor=actor, on=complaint, at=now) as op:
        require(complaint, "judge_remedy")
        remedy = op.also(remedy_of(complaint))
        require_remedy(remedy, "judge_remedy")
        remedy.feasible, remedy.feasible_by = feasible, actor
        remedy.feasible_how = require_reason(how)
        remedy.lawful = lawful
        if estimated_cost is not None:
            _estimate(remedy, complaint, estimated_cost, "", None)
        _tell_decider(op, complaint, remedy)
    return remedy


def mark_asked(remedy: Remedy, actor: User, at: datetime) -> None:
    """Note inside an operation that the client was asked; what he said before stays with it."""
    remedy.state, remedy.asked_at, remedy.asked_by = State.ASKED, at, actor


def _propose(remedy: Remedy, words: str, at: datetime) -> None:
    """Start over with what the client says now; unasked, it counts as if we had asked."""
    if remedy.asked_at is None:
        remedy.asked_at = at
    remedy.state, remedy.client_text, remedy.proposed_at = State.PROPOSED, words, at
    remedy.feasible, remedy.feasible_how = Remedy.Feasible.UNKNOWN, ""
    remedy.feasible_by, remedy.lawful = None, True
    remedy.decided_by = remedy.decided_at = None
    remedy.decision_reason = remedy.counter_text = remedy.client_answer = ""


def _estimate(
    remedy: Remedy,
    complaint: Complaint,
    cost: Decimal | None,
    currency: str,
    rate: Decimal | None,
) -> None:
    """Keep the cost in the account's currency, and what it was in another one with the rate."""
    remedy.original_cost = remedy.original_rate = None
    remedy.original_currency, remedy.estimated_cost = "", cost
    if cost is None or currency in {"", complaint.account.currency}:
        return
    if rate is None or rate <= 0:
        raise RateMissing(
            format_lazy(
                _("Say how much {own} one {other} is."),
                own=complaint.account.currency, other=currency,
            )
        )  # fmt: skip
    remedy.original_cost, remedy.original_currency, remedy.original_rate = cost, currency, rate
    remedy.estimated_cost = (cost * rate).quantize(CENT, ROUND_HALF_UP)


def _tell_decider(op: Outcome, complaint: Complaint, remedy: Remedy) -> None:
    """Let those hear of it whose decision it is, if it is more than an account manager's."""
    deciders = deciders_of(remedy, finding_of(complaint))
    if deciders and User.Role.ACCOUNT_MANAGER not in deciders:
        op.details["decides"] = deciders[0]


def _note(complaint: Complaint, note: str, author: User, at: datetime) -> None:
    if note.strip():
        Message.objects.create(
            complaint=complaint, kind=Message.Kind.NOTE, body=note.strip(), author=author, at=at
        )
