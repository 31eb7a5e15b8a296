"""Who must hear of clocks (10.6, or the steps of the contract), contracts and credits."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from accounts.hearers import heads, widen
from accounts.models import Account
from core.announcements import Hearers, announce
from core.models import AuditEntry, User
from sla.approvals import APPROVERS, authors_of
from sla.models import Contract
from sla.steps import ASSIGNEE, EXECUTIVE, HEAD, MANAGER

BINDING: Final = (
    "sla.agree",
    "sla.sign",
    "sla.record_signature",
    "sla.activate",
    "sla.expiring",
    "sla.terminate",
    "sla.expire",
)
"""What binds us, or ceases to: the account manager and the heads hear of it."""


def warned(entries: list[AuditEntry]) -> Hearers:
    """Return the people named by the steps of each entry.

    Where nobody is assigned, the account manager hears in his place.
    """
    owners = _owners(entries)
    executives = set(User.objects.in_role(User.Role.EXECUTIVE).values_list("pk", flat=True))
    everywhere = {HEAD: heads(), EXECUTIVE: executives}
    return widen(
        {entry.pk: _people(entry, owners[entry.account_id], everywhere) for entry in entries}
    )


def _people(entry: AuditEntry, owner: UUID, everywhere: dict[str, set[UUID]]) -> set[UUID]:
    named = set(entry.details["hearers"])
    people = {UUID(person) for person in entry.details["people"]}
    assignee = entry.details["assignee"]
    if ASSIGNEE in named:
        people.add(UUID(assignee) if assignee else owner)
    if MANAGER in named:
        people.add(owner)
    for role in named & everywhere.keys():
        people |= everywhere[role]
    return people


def proposed_credits(entries: list[AuditEntry]) -> Hearers:
    """Return finance, who approves, and the account managers, whose clients were let down."""
    finance = set(User.objects.in_role(User.Role.FINANCE).values_list("pk", flat=True))
    owners = _owners(entries)
    return widen({entry.pk: {owners[entry.account_id], *finance} for entry in entries})


def approvers(entries: list[AuditEntry]) -> Hearers:
    """Return whose consent is asked for, but for those who wrote the terms."""
    contracts = _contracts(entries)
    wanted = {}
    for entry in entries:
        roles = {APPROVERS[kind] for kind in entry.details["kinds"]}
        people = set(User.objects.in_role(*roles).values_list("pk", flat=True))
        wanted[entry.pk] = people - authors_of(contracts[entry.target_id])
    return widen(wanted)


def author(entries: list[AuditEntry]) -> Hearers:
    """Return who drafted the contract."""
    contracts = _contracts(entries)
    authors = {entry.pk: contracts[entry.target_id].drafted_by_id for entry in entries}
    return widen({pk: {person} for pk, person in authors.items() if person})


def owner(entries: list[AuditEntry]) -> Hearers:
    """Return the account managers, who talk and write to the client."""
    owners = _owners(entries)
    return widen({entry.pk: {owners[entry.account_id]} for entry in entries})


def owner_and_heads(entries: list[AuditEntry]) -> Hearers:
    owners, everywhere = _owners(entries), heads()
    return widen({entry.pk: {owners[entry.account_id], *everywhere} for entry in entries})


def _contracts(entries: list[AuditEntry]) -> dict[UUID, Contract]:
    return Contract.objects.in_bulk({entry.target_id for entry in entries})


def _owners(entries: list[AuditEntry]) -> dict[UUID | None, UUID]:
    accounts = Account.objects.filter(pk__in={entry.account_id for entry in entries})
    return dict(accounts.values_list("pk", "owner_id"))


def speak() -> None:
    announce("sla.propose_credit", proposed_credits, always_by_mail=lambda entry: True)
    announce("sla.approve_credit", owner)
    announce("sla.waive_credit", proposed_credits)
    announce("sla.ask_approval", approvers)
    announce("sla.approve", author)
    for verb in BINDING:
        announce(verb, owner_and_heads)
    announce("sla.remind_renewal", owner)
    announce("sla.warn", warned)
    for verb in ("sla.breach", "sla.escalate"):
        announce(verb, warned, always_by_mail=lambda entry: True)
