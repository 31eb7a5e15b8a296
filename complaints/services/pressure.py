"""Pressure tactics and their plays; the urgent meeting with its two parts (C-3, S-7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.clockwork import business_days_later
from accounts.models import Account, Contact, Task, Touch
from complaints.kinds import FORMAL, HEAD_CALL, INFORMAL, MEETING_PARTS, URGENT_MEETING
from complaints.models import Complaint, Pressure
from complaints.plays import PLAYS
from complaints.pressure import pressure_of
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation

END_OF_DAY: Final = time(18)
MEET_WITHIN_DAYS: Final = 1
GRAVE_IMPACT: Final = Complaint.Impact.IMPORTANT


class UnknownPart(DomainError):
    code = "unknown_part"


class PartHeld(DomainError):
    code = "part_held"


class ClientSaidMissing(DomainError):
    code = "client_said_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One part of an urgent meeting as it was held.

    client_said -- what is really going on there; the informal talk exists to learn it.
    hospitality_value -- spent on each guest, in the account's currency.
    """

    summary: str
    at: datetime | None = None
    contacts: Collection[Contact] = field(default_factory=tuple)
    client_said: str = ""
    informal_kind: str = ""
    hospitality_value: Decimal | None = None


def name_tactics(
    *, actor: User, complaint: Complaint, tactics: Iterable[str], words: str = "", now: datetime
) -> Pressure:
    """Note how the client presses us; each new tactic opens its play. Priority stays as it is.

    words -- what was said. A tactic left out is taken back; its task stays.
    """
    with operation("complaints.name_tactics", actor=actor, on=complaint, at=now) as op:
        pressure = op.also(pressure_of(complaint) or _blank(complaint, actor))
        before = set(pressure.tactics)
        pressure.tactics = [each for each in Pressure.Tactic.values if each in set(tactics)]
        pressure.words, pressure.noted_by = words.strip(), actor
        added = [each for each in pressure.tactics if each not in before]
        for kind in dict.fromkeys(PLAYS[Pressure.Tactic(each)] for each in added):
            _open_play(complaint, kind, now)
        if added:
            urge_meeting(complaint, now)
    return pressure


def urge_meeting(complaint: Complaint, at: datetime) -> None:
    """Let the account manager meet the client within a business day; one meeting at a time."""
    if not complaint.account.is_unknown:
        _open_play(complaint, URGENT_MEETING, at)


def hold_meeting(*, actor: User, task: Task, part: str, talk: Talk, now: datetime) -> Task:
    """Log one part of the urgent meeting, formal or informal; with both the task is done.

    Raises ClientSaidMissing if the informal talk brought nothing to light.
    """
    with transaction.atomic():
        with operation("complaints.hold_meeting", actor=actor, on=task, at=now) as op:
            held = _held_before(task, part)
            if part == INFORMAL and not talk.client_said.strip():
                raise ClientSaidMissing(
                    _("Write what is really going on at the client: that is what the talk is for.")
                )
            _log(actor, task.account, part, talk, now)
            task.facts = task.facts | {"held": [*held, part]}
            op.details |= {"part": part, "task": task.kind}
        if set(task.facts["held"]) == set(MEETING_PARTS):
            accounts.finish_task(actor=actor, task=task, now=now)
    return task


def _blank(complaint: Complaint, actor: User) -> Pressure:
    return Pressure(complaint=complaint, tactics=[], noted_by=actor)


def _open_play(complaint: Complaint, kind: str, at: datetime) -> None:
    account = complaint.account
    accounts.open_task(
        actor=SYSTEM,
        account=account,
        kind=kind,
        assignee=_head(account) if kind == HEAD_CALL else account.owner,
        due_at=business_days_later(account, at, MEET_WITHIN_DAYS, at=END_OF_DAY),
        facts={"no": complaint.no, "complaint": complaint.pk},
        now=at,
    )


def _head(account: Account) -> User:
    """Return the longest-serving head of key accounts, or the manager where there is none."""
    heads = User.objects.in_role(User.Role.HEAD_OF_KAM)
    return heads.order_by("created_at", "id").first() or account.owner


def _held_before(task: Task, part: str) -> list[str]:
    if task.kind != URGENT_MEETING or part not in MEETING_PARTS:
        raise UnknownPart(_("An urgent meeting has a formal and an informal part."))
    if task.state != Task.State.OPEN:
        raise InvalidTransition(task.get_state_display(), [])
    held: list[str] = task.facts.get("held", [])
    if part in held:
        raise PartHeld(_("This part has been logged already."))
    return held


def _log(actor: User, account: Account, part: str, talk: Talk, now: datetime) -> None:
    kind = Touch.Kind.MEETING if part == FORMAL else Touch.Kind.INFORMAL
    fields = {"kind": kind, "two_way": True, "client_said": talk.client_said}
    if part == INFORMAL:
        fields |= {
            "informal_kind": talk.informal_kind,
            "hospitality_value": talk.hospitality_value,
        }
    accounts.log_touch(
        actor=actor, account=account, summary=talk.summary, at=talk.at, contacts=talk.contacts,
        fields=fields, now=now,
    )  # fmt: skip
