"""Adding, changing and handing over accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.models.account import MAX_DEPTH
from core.errors import DomainError
from core.models import User
from core.operations import Actor, operation
from core.reference import next_reference

EDITABLE = {
    "kind", "name", "legal_name", "registration_no", "vat_id", "country", "city", "website",
    "parent", "parent_relation", "stage", "tier", "language", "time_zone", "calendar", "currency",
    "payment_term_days", "client_since", "source", "notes",
}  # fmt: skip


class CircularGroup(DomainError):
    code = "circular_group"


class GroupTooDeep(DomainError):
    code = "group_too_deep"


class ClientNeedsFirstDay(DomainError):
    code = "client_since_missing"


class NotAnOwner(DomainError):
    code = "not_an_owner"


def create_account(
    *, actor: Actor, owner: User, fields: Mapping[str, Any], now: datetime
) -> Account:
    """Add a client company; fields are those a person edits, `name` and `calendar` at least."""
    with operation("accounts.create", actor=actor, on=None, at=now) as op:
        _check_owner(owner)
        account = Account(owner=owner)
        _apply(account, fields)
        _place_in_group(account)
        account.no = next_reference("ACC")
        account.refresh_texts()
        op.create(account)
    return account


def edit_account(
    *, actor: Actor, account: Account, fields: Mapping[str, Any], now: datetime
) -> Account:
    """Change what a person edits; a new parent moves the whole branch below the account."""
    with operation("accounts.edit", actor=actor, on=account, at=now):
        old_lineage = account.ancestors
        _apply(account, fields)
        _place_in_group(account)
        account.refresh_texts()
        if account.ancestors != old_lineage:
            _move_branch(account)
    return account


def reassign_account(
    *,
    actor: Actor,
    account: Account,
    owner: User,
    deputy: User | None,
    team: Iterable[User],
    now: datetime,
) -> Account:
    """Give the account to another account manager, deputy and team; all three hear of it."""
    with operation("accounts.reassign", actor=actor, on=account, at=now) as op:
        _check_owner(owner)
        before = _team_ids(account)
        account.owner, account.deputy = owner, deputy
        account.team.set(team)
        op.changed("team", before, _team_ids(account))
    return account


def _check_owner(owner: User) -> None:
    if not owner.is_active or not owner.front_office:
        raise NotAnOwner(_("Only an active account manager or head can own an account."))


def _team_ids(account: Account) -> list[str]:
    return sorted(str(person) for person in account.team.values_list("pk", flat=True))


def _apply(account: Account, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(account, name, value)
    if account.stage in {Account.Stage.CLIENT, Account.Stage.FORMER} and not account.client_since:
        raise ClientNeedsFirstDay(_("Say since when the company is a client."))


def _place_in_group(account: Account) -> None:
    """Set the ancestors from the parent, which is locked so that nobody moves it meanwhile."""
    if account.parent_id is None:
        account.ancestors, account.parent_relation = [], ""
        return
    parent = Account.objects.select_for_update(no_key=True).get(pk=account.parent_id)
    if account.pk in parent.lineage:
        raise CircularGroup(_("A company cannot belong to itself or to its own branch."))
    account.ancestors = [*parent.ancestors, parent.pk]
    _check_depth(len(account.ancestors))


def _check_depth(ancestors: int) -> None:
    if ancestors >= MAX_DEPTH:
        raise GroupTooDeep(_("A group has at most five levels."))


def _move_branch(account: Account) -> None:
    above: list[UUID] = [*account.ancestors, account.pk]
    branch = list(
        Account.objects.select_for_update(no_key=True)
        .filter(ancestors__contains=[account.pk])
        .order_by("pk")
    )
    for child in branch:
        child.ancestors = above + child.ancestors[child.ancestors.index(account.pk) + 1 :]
        _check_depth(len(child.ancestors))
    Account.objects.bulk_update(branch, ["ancestors"])
