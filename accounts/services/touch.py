"""Logging what was said with a client, and what an informal meeting cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact, Touch
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import Outcome, operation

EDITABLE = {
    "kind", "direction", "two_way", "client_said", "next_step", "sentiment", "informal_kind",
    "hospitality_value", "hospitality_currency",
}  # fmt: skip


class NotTheirContact(DomainError):
    code = "not_their_contact"


class NotInformal(DomainError):
    code = "not_informal"


class ReasonMissing(DomainError):
    code = "reason_missing"


def log_touch(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    account: Account,
    summary: str,
    at: datetime | None = None,
    contacts: Iterable[Contact] = (),
    fields: Mapping[str, Any],
    now: datetime,
) -> Touch:
    """Record a talk. A moment in the future is a planned touch and does not count as one yet.

    fields -- any of EDITABLE. Hospitality is told per guest, in the account's currency unless said;
    above HOSPITALITY_LIMIT it waits for a head's approval (S-8).
    """
    unknown = set(fields) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    with operation("accounts.log_touch", actor=actor, on=account, at=now) as op:
        touch = Touch(account=account, by=actor, at=at or now, summary=summary, **fields)
        _judge_hospitality(touch)
        op.happened_at = min(touch.at, now)
        op.details["kind"] = touch.kind
        op.create(touch)
        touch.contacts.set(_people_of(account, list(contacts)))
        if touch.two_way and touch.at <= now:
            account.last_touch_at = max(filter(None, [account.last_touch_at, touch.at]))
    return touch


def approve_hospitality(*, actor: User, touch: Touch, now: datetime) -> Touch:
    """Agree that more is spent on guests than the limit; never to what one has logged oneself."""
    with operation("accounts.approve_hospitality", actor=actor, on=touch, at=now) as op:
        _decide(op, touch, Touch.Hospitality.APPROVED, actor)
    return touch


def refuse_hospitality(*, actor: User, touch: Touch, reason: str, now: datetime) -> Touch:
    """Say that it is too much, and why."""
    with operation("accounts.refuse_hospitality", actor=actor, on=touch, at=now) as op:
        if not reason.strip():
            raise ReasonMissing(
                _("Say why in a few words; whoever invited must be able to answer.")
            )
        _decide(op, touch, Touch.Hospitality.REFUSED, actor)
        touch.hospitality_reason = reason
    return touch


def _judge_hospitality(touch: Touch) -> None:
    is_invitation = bool(touch.informal_kind) or touch.hospitality_value is not None
    if is_invitation and touch.kind != Touch.Kind.INFORMAL:
        raise NotInformal(
            _(
                "Lunches, dinners and what they cost belong to an informal meeting. Choose that kind."
            )
        )
    if touch.hospitality_value is None:
        touch.hospitality_currency = ""
        return
    touch.hospitality_currency = touch.hospitality_currency or touch.account.currency
    limit, currency = settings.HOSPITALITY_LIMIT
    is_within = touch.hospitality_currency == currency and touch.hospitality_value <= limit
    state = Touch.Hospitality
    touch.hospitality_state = state.WITHIN if is_within else state.WAITING


def _decide(op: Outcome, touch: Touch, state: Touch.Hospitality, actor: User) -> None:
    if not touch.waits_for_approval:
        raise InvalidTransition(touch.get_hospitality_state_display() or "–", [])
    touch.hospitality_state, touch.hospitality_by = state, actor
    op.details["kind"] = touch.kind


def _people_of(account: Account, contacts: list[Contact]) -> list[Contact]:
    theirs = set(Contact.objects.of(account).values_list("pk", flat=True))
    if not {contact.pk for contact in contacts} <= theirs:
        raise NotTheirContact(_("This person does not work for the account."))
    return contacts
