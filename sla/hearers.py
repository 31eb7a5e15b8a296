"""Who must hear of warnings and breaches (10.6)."""

from __future__ import annotations

from uuid import UUID

from accounts.hearers import heads, widen
from accounts.models import Account
from core.announcements import Hearers, announce
from core.models import AuditEntry, User
from sla.clock import EXECUTIVE, RANKS

MANAGER_FROM, HEAD_FROM = 75, 90


def warned(entries: list[AuditEntry]) -> Hearers:
    """50 % the assignee, 75 % the account manager too, 90 % and the breach the heads too.

    Where nobody is assigned, the account manager hears of it from the first warning on.
    An entry about several steps is heard by the people of all of them.
    """
    accounts = Account.objects.filter(pk__in={entry.account_id for entry in entries})
    owners: dict[UUID | None, UUID] = dict(accounts.values_list("pk", "owner_id"))
    everywhere = heads()
    executives = set(User.objects.in_role(User.Role.EXECUTIVE).values_list("pk", flat=True))
    wanted: dict[UUID, set[UUID]] = {}
    for entry in entries:
        steps = set(entry.details["steps"])
        people = executives if EXECUTIVE in steps else set()
        shares = [RANKS[step] for step in steps - {EXECUTIVE}]
        if shares:
            people = people | _people(entry, max(shares), owners, everywhere)
        wanted[entry.pk] = people
    return widen(wanted)


def _people(
    entry: AuditEntry, share: int, owners: dict[UUID | None, UUID], everywhere: set[UUID]
) -> set[UUID]:
    assignee = entry.details["assignee"]
    people = {UUID(assignee)} if assignee else set()
    if share >= MANAGER_FROM or not people:
        people.add(owners[entry.account_id])
    return people | everywhere if share >= HEAD_FROM else people


def speak() -> None:
    announce("sla.warn", warned)
    for verb in ("sla.breach", "sla.escalate"):
        announce(verb, warned, always_by_mail=lambda entry: True)
