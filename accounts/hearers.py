"""Who must hear of what happens to accounts and promises (10.6)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import Account, Promise
from accounts.queries import with_deputies
from core.announcements import Hearers, announce
from core.models import AuditEntry, User


def heads() -> set[UUID]:
    """Return the heads of key accounts."""
    return set(User.objects.in_role(User.Role.HEAD_OF_KAM).values_list("pk", flat=True))


def widen(wanted: dict[UUID, set[UUID]]) -> dict[UUID, set[UUID]]:
    """Add to each entry's people whoever stands in for them today."""
    everyone = with_deputies(set().union(*wanted.values())) if wanted else {}
    return {
        entry: set().union(*(everyone[person] for person in people))
        for entry, people in wanted.items()
    }


def _promises(entries: Iterable[AuditEntry]) -> dict[UUID, Promise]:
    wanted = {entry.target_id for entry in entries}
    return Promise.objects.select_related("account").in_bulk(wanted)


def reminded(entries: list[AuditEntry]) -> Hearers:
    promises = _promises(entries)
    return widen({entry.pk: {promises[entry.target_id].made_by_id} for entry in entries})


def broken(entries: list[AuditEntry]) -> Hearers:
    promises, everywhere = _promises(entries), heads()
    return widen(
        {
            entry.pk: {
                promises[entry.target_id].made_by_id,
                promises[entry.target_id].account.owner_id,
                *everywhere,
            }
            for entry in entries
        }
    )


def reassigned(entries: list[AuditEntry]) -> Hearers:
    """Return the owner of before, the owner of now, the deputy and the team."""
    accounts = Account.objects.prefetch_related("team").in_bulk(
        {entry.target_id for entry in entries}
    )
    return widen({entry.pk: _holders(accounts[entry.target_id], entry) for entry in entries})


def _holders(account: Account, entry: AuditEntry) -> set[UUID]:
    before, _now = entry.changes.get("owner_id", (None, None))
    team = {person.pk for person in account.team.all()}
    people = {account.owner_id, account.deputy_id, UUID(before) if before else None, *team}
    return {person for person in people if person is not None}


def speak() -> None:
    announce(
        "accounts.remind_promise",
        reminded,
        always_by_mail=lambda entry: entry.details["step"] == "due",
    )
    announce("accounts.break_promise", broken, always_by_mail=lambda entry: True)
    announce("accounts.reassign", reassigned)
