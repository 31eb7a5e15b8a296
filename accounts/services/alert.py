"""Alarms: raised by rules, dealt with by people, expired when they are no longer true."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.kinds import Facts, stored_facts
from accounts.models import Account, Alert
from accounts.queries import standing
from core.errors import DomainError, InvalidTransition
from core.models import Row, User
from core.operations import Actor, Outcome, operation

RANKS: Final = {level: rank for rank, level in enumerate(Alert.Level.values)}
SHORTEST_SNOOZE: Final = timedelta(minutes=1)
LONGEST_SNOOZE: Final = timedelta(days=14)
POSSIBLE: Final = {
    Alert.State.OPEN: ["acknowledge_alert", "resolve_alert", "snooze_alert"],
    Alert.State.ACKNOWLEDGED: ["resolve_alert", "snooze_alert"],
}


class ReasonMissing(DomainError):
    code = "reason_missing"


class SnoozeTooLong(DomainError):
    code = "snooze_too_long"


class SnoozeTooShort(DomainError):
    code = "snooze_too_short"


def raise_alert(  # noqa: PLR0913 -- what a rule has seen is told in one breath
    *,
    actor: Actor,
    account: Account,
    kind: str,
    level: str,
    facts: Facts,
    assignee: User | None = None,
    subject: Row | None = None,
    now: datetime,
) -> Alert:
    """Raise the alarm, or bring the standing one of (kind, account, subject) up to date.

    facts    -- figures and ids for the sentence of the kind. They go into the history, which is
                never erased: nothing personal.
    assignee -- who deals with it, the account manager unless said. A standing alert keeps its own.

    The same facts again change nothing and leave no trace. One that becomes red is new to
    everybody: open again, and awake.
    """
    facts = stored_facts(facts)
    with transaction.atomic():
        alert = _standing_one(account, kind, subject)
        if alert is None:
            with operation("accounts.raise_alert", actor=actor, on=account, at=now) as op:
                alert = Alert(
                    account=account, kind=kind, level=level, facts=facts, subject=subject,
                    assignee=assignee or account.owner, raised_at=now, renewed_at=now,
                )  # fmt: skip
                op.create(alert)
                _tell(op, alert)
        elif RANKS[level] > RANKS[alert.level]:
            with operation("accounts.raise_alert", actor=actor, on=alert, at=now) as op:
                _renew(alert, level, facts, now)
                _tell(op, alert)
        elif (level, facts) != (alert.level, alert.facts):
            renew_alert(actor=actor, alert=alert, level=level, facts=facts, now=now)
    return alert


def renew_alert(*, actor: Actor, alert: Alert, level: str, facts: Facts, now: datetime) -> Alert:
    """Bring the figures of a standing alert up to date; nobody is told."""
    with operation("accounts.renew_alert", actor=actor, on=alert, at=now) as op:
        _require(alert, "renew_alert")
        _renew(alert, level, stored_facts(facts), now)
        _tell(op, alert)
    return alert


def acknowledge_alert(*, actor: Actor, alert: Alert, now: datetime) -> Alert:
    """Record that whoever deals with it has seen it."""
    with operation("accounts.acknowledge_alert", actor=actor, on=alert, at=now) as op:
        _require(alert, "acknowledge_alert")
        alert.state, alert.acknowledged_at = Alert.State.ACKNOWLEDGED, now
        _tell(op, alert)
    return alert


def snooze_alert(
    *, actor: Actor, alert: Alert, until: datetime, reason: str, now: datetime
) -> Alert:
    """Put it off, from a minute to 14 days; it stays true all the while (E-4)."""
    with operation("accounts.snooze_alert", actor=actor, on=alert, at=now, reason=reason) as op:
        _require(alert, "snooze_alert")
        _require_reason(reason)
        if until - now < SHORTEST_SNOOZE:
            raise SnoozeTooShort(_("Put it off until a moment that still lies ahead."))
        if until - now > LONGEST_SNOOZE:
            raise SnoozeTooLong(_("An alert can be put off for 14 days at most."))
        alert.snoozed_until, alert.snooze_reason = until, reason
        op.details["until"] = until.isoformat()
        _tell(op, alert)
    return alert


def resolve_alert(*, actor: Actor, alert: Alert, reason: str, now: datetime) -> Alert:
    """Record that it was dealt with, and how; a rule that still finds it true raises a new one."""
    with operation("accounts.resolve_alert", actor=actor, on=alert, at=now, reason=reason) as op:
        _require(alert, "resolve_alert")
        _require_reason(reason)
        alert.state, alert.ended_at = Alert.State.RESOLVED, now
        _tell(op, alert)
    return alert


def expire_alert(*, actor: Actor, alert: Alert, now: datetime) -> Alert:
    """End an alert of which its rule finds that it is no longer true."""
    with operation("accounts.expire_alert", actor=actor, on=alert, at=now) as op:
        _require(alert, "expire_alert")
        alert.state, alert.ended_at = Alert.State.EXPIRED, now
        _tell(op, alert)
    return alert


def _standing_one(account: Account, kind: str, subject: Row | None) -> Alert | None:
    """Return the standing alert; two rules that see the same wait here for each other."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    of_subject = standing(account, kind).filter(subject_id=subject.pk if subject else None)
    # Locked too: a person may be ending it at this moment.
    return of_subject.select_for_update(no_key=True).first()


def _renew(alert: Alert, level: str, facts: Facts, now: datetime) -> None:
    if RANKS[level] > RANKS[alert.level] and level == Alert.Level.RED:
        alert.state, alert.acknowledged_at = Alert.State.OPEN, None
        alert.snoozed_until, alert.snooze_reason = None, ""
    alert.level, alert.facts, alert.renewed_at = level, facts, now


def _tell(op: Outcome, alert: Alert) -> None:
    """Keep with the entry what was seen, for the sentence must stay as it was that day."""
    seen = {"kind": alert.kind, "facts": alert.facts}
    op.details |= {"seen": seen, "level": alert.level}


def _require(alert: Alert, action: str) -> None:
    possible = POSSIBLE.get(Alert.State(alert.state), [])
    by_rules = alert.is_standing and action in {"renew_alert", "expire_alert"}
    if action not in possible and not by_rules:
        raise InvalidTransition(alert.get_state_display(), possible)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Say why in a few words; others will ask."))
