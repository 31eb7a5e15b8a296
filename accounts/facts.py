"""What a line of the account list and the head of the account page tell; upper apps add theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Account
from core.errors import Sentence
from core.models import User

Reader = Callable[[User, Sequence[Account], datetime], Mapping[UUID, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFact:
    """One fact about an account, such as its open complaints.

    order    -- smaller stands further left.
    template -- draws `value`, which is None for an account the reader left out.
    shown_to -- who may know it; asked before anything is read, without a query.
    read     -- (user, accounts, now) → value by account id, for a whole page with one query.
    sort     -- name by which the list can be ordered, if it can.
    """

    order: int
    label: Sentence
    template: str
    shown_to: Callable[[User], bool]
    read: Reader
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    label: Sentence
    template: str
    value: Any


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account with the facts that this reader may know, in order."""

    account: Account
    cells: list[Cell]


_facts: list[AccountFact] = []


def add_account_fact(fact: AccountFact) -> None:
    """Show the fact in the list and on the page of accounts. Call it from AppConfig.ready."""
    _facts.append(fact)


def facts_for(user: User) -> list[AccountFact]:
    """Return the facts this person may know, in order."""
    shown = [fact for fact in _facts if fact.shown_to(user)]
    return sorted(shown, key=lambda fact: fact.order)


def account_lines(user: User, accounts: Sequence[Account], now: datetime) -> list[AccountLine]:
    """Return the accounts with their facts; each fact is read once for all of them."""
    read = [(fact, fact.read(user, accounts, now)) for fact in facts_for(user)]
    return [
        AccountLine(
            account,
            [Cell(fact.label, fact.template, values.get(account.pk)) for fact, values in read],
        )
        for account in accounts
    ]
