"""Adding, changing, signing and handing over accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.models.account import MAX_DEPTH
from accounts.queries import usual_calendar
from core.errors import DomainError
from core.models import Calendar, User
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


class NotToBeSigned(DomainError):
    code = "illegal_transition"


class SignedInTheFuture(DomainError):
    code = "signed_in_the_future"


class NobodyToHold(DomainError):
    code = "nobody_to_hold"


class CalendarMissing(DomainError):
    code = "calendar_missing"


SIGNABLE: Final = (Account.Stage.LEAD, Account.Stage.PROSPECT)
UNSIGNABLE: Final = {
    Account.Stage.CLIENT: _("This company is a client already: its contract is recorded."),
    Account.Stage.FORMER: _("This company was a client and left. Win it back first."),
    Account.Stage.DECLINED: _("We declined this company. Make it a lead again first."),
}


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


def sign_contract(
    *, actor: Actor, account: Account, number: str, signed_on: date, now: datetime
) -> Account:
    """Record the signed contract: from its day on the company is a client.

    signed_on -- by the client's own calendar, not in the future.
    """
    with operation("accounts.sign_contract", actor=actor, on=account, at=now) as op:
        if refused := UNSIGNABLE.get(Account.Stage(account.stage)):
            raise NotToBeSigned(refused, allowed=[])
        if signed_on > now.astimezone(ZoneInfo(account.time_zone)).date():
            raise SignedInTheFuture(_("A contract is recorded when it is signed, not before."))
        account.stage, account.client_since = Account.Stage.CLIENT, signed_on
        op.details |= {"number": number, "signed_on": signed_on.isoformat()}
    return account


def set_annual_margin(
    *, actor: Actor, account: Account, annual_margin: Decimal | None, now: datetime
) -> Account:
    """Say what we earn with the client in a year, in the account's currency; None is unknown."""
    with operation("accounts.set_annual_margin", actor=actor, on=account, at=now):
        account.annual_margin = annual_margin
    return account


def hold_unknown(*, actor: Actor, now: datetime) -> Account:
    """Return the account for complaints of people whom nobody can place yet, made when missing.

    It belongs to the head of key accounts who has served longest.
    """
    unknown = Account.objects.filter(is_unknown=True)
    if standing := unknown.first():
        return standing
    with transaction.atomic():
        owner = _longest_serving_head()
        # Two who ask at once wait for each other at the head's row.
        if standing := unknown.first():
            return standing
        with operation("accounts.hold_unknown", actor=actor, on=None, at=now) as op:
            account = Account(owner=owner, is_unknown=True, calendar=_usual_calendar())
            account.name = "Not known yet"
            account.no = next_reference("ACC")
            account.refresh_texts()
            return op.create(account)


def _usual_calendar() -> Calendar:
    calendar = usual_calendar()
    if calendar is None:
        raise CalendarMissing(_("Deadlines need working hours. Add a calendar first."))
    return calendar


def _longest_serving_head() -> User:
    heads = User.objects.in_role(User.Role.HEAD_OF_KAM).order_by("created_at", "id")
    head = heads.select_for_update(no_key=True).first()
    if head is None:
        raise NobodyToHold(
            _("Nobody can hold what comes from people we do not know. Add a head of key accounts.")
        )
    return head


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
