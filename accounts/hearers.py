"""Who must hear of what happens to accounts, promises and bad news (10.6)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.clockwork import ASK_DEPUTY, OVERDUE
from accounts.models import Account, Alert, BadNews, Promise, Task
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


def _bad_news(entries: Iterable[AuditEntry]) -> dict[UUID, BadNews]:
    rows = BadNews.objects.select_related("account__deputy").prefetch_related("account__team")
    return rows.in_bulk({entry.target_id for entry in entries})


def reported(entries: list[AuditEntry]) -> Hearers:
    news, everywhere = _bad_news(entries), heads()
    return widen(
        {entry.pk: {news[entry.target_id].account.owner_id, *everywhere} for entry in entries}
    )


def unacknowledged(entries: list[AuditEntry]) -> Hearers:
    """Return who can act beside the owner, or else the heads; him and the heads when overdue."""
    news, everywhere = _bad_news(entries), heads()
    standing_in = with_deputies({each.account.owner_id for each in news.values()})
    wanted: dict[UUID, set[UUID]] = {entry.pk: set() for entry in entries}
    for entry in entries:
        account, steps = news[entry.target_id].account, entry.details["steps"]
        if ASK_DEPUTY in steps:
            wanted[entry.pk] |= _beside(account, standing_in[account.owner_id]) or everywhere
        if OVERDUE in steps:
            wanted[entry.pk] |= {account.owner_id, *everywhere}
    return widen(wanted)


def _beside(account: Account, owners: set[UUID]) -> set[UUID]:
    """Return the account's deputy, its team and those of the owners who stand in for the first."""
    named = [*account.team.all(), *filter(None, [account.deputy])]
    return {person.pk for person in named if person.is_active} | owners - {account.owner_id}


def thanked(entries: list[AuditEntry]) -> Hearers:
    news = _bad_news(entries)
    return {entry.pk: {news[entry.target_id].reported_by_id} for entry in entries}


def alarmed(entries: list[AuditEntry]) -> Hearers:
    """Return who deals with it and the account manager; of what is red the heads too."""
    alerts = Alert.objects.select_related("account").in_bulk({entry.target_id for entry in entries})
    everywhere = heads()
    return widen(
        {entry.pk: _alarmed(alerts[entry.target_id], entry, everywhere) for entry in entries}
    )


def _alarmed(alert: Alert, entry: AuditEntry, everywhere: set[UUID]) -> set[UUID]:
    level = entry.details["level"]
    if level == Alert.Level.INFO:
        return set()
    people = {alert.assignee_id, alert.account.owner_id}
    return people | everywhere if level == Alert.Level.RED else people


def tasked(entries: list[AuditEntry]) -> Hearers:
    """Return whoever has the task from now on; nobody when that has not changed."""
    given = [entry for entry in entries if "assignee_id" in entry.changes]
    tasks = Task.objects.in_bulk({entry.target_id for entry in given})
    return widen({entry.pk: {tasks[entry.target_id].assignee_id} for entry in given})


def speak() -> None:
    announce(
        "accounts.remind_promise",
        reminded,
        always_by_mail=lambda entry: entry.details["step"] == "due",
    )
    announce("accounts.break_promise", broken, always_by_mail=lambda entry: True)
    announce("accounts.reassign", reassigned)
    announce(
        "accounts.raise_alert",
        alarmed,
        always_by_mail=lambda entry: entry.details["level"] == Alert.Level.RED,
    )
    announce("accounts.open_task", tasked)
    announce("accounts.edit_task", tasked)
    announce("accounts.report_bad_news", reported, always_by_mail=lambda entry: True)
    announce("accounts.remind_bad_news", unacknowledged, always_by_mail=lambda entry: True)
    announce("accounts.thank_messenger", thanked)
