"""What accounts itself shows at the side of an account's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Value, When

from accounts.bad_news_lines import bad_news_line
from accounts.models import Account, Contact
from accounts.promise_lines import promise_line
from accounts.queries import (
    bad_news_list,
    branch_of,
    contact_list,
    holding_list,
    people_to_call,
    promise_list,
    reads_cases,
    reads_cost,
    reads_stake,
)
from core.models import User
from core.panels import Panel, add_account_panel

MOST = 6
MOST_CALLED = 3


def promises(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return what we still owe the client, overdue first."""
    owed = promise_list(user).owed().filter(account=account)
    rows = list(owed[: MOST + 1])
    may_settle = user.has_perm("accounts.edit", account)
    return {
        "account": account,
        "lines": [promise_line(user, row, now, may_settle=may_settle) for row in rows[:MOST]],
        "has_more": len(rows) > MOST,
        "may_promise": user.has_perm("accounts.make_promise", account),
    }


def bad_news(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return what nobody has acknowledged, or the client has not been told."""
    rows = bad_news_list(user).filter(account=account)
    news = (rows.unacknowledged() | rows.untold()).order_by("-reported_at", "-id")
    return {
        "account": account,
        "lines": [bad_news_line(row, now) for row in news[:MOST]],
        "may_acknowledge": user.has_perm("accounts.acknowledge_bad_news", account),
    }


def people(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return the client's people, first those who may be called."""
    reachable = Case(When(state=Contact.State.ACTIVE, then=Value(0)), default=Value(1))
    rows = list(contact_list(user).of(account).order_by(reachable, "name", "id"))
    return {
        "account": account,
        "people": rows,
        "may_add": user.has_perm("accounts.add_contact", account),
    }


def call_first(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return the loyal insiders, best first, or with whom to begin when there are none."""
    told = people_to_call(user, account, now)
    return {
        "account": account,
        "told": told,
        "loyal": told.loyal[:MOST_CALLED] if told else [],
        "is_told": told is not None and bool(told.loyal or told.least_negative or told.unread),
    }


def holdings(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return what the client has of us, and what others have through him."""
    rows = list(holding_list(user).of(account).standing()[: MOST + 1])
    return {
        "account": account,
        "holdings": rows[:MOST],
        "has_more": len(rows) > MOST,
        "may_add": user.has_perm("accounts.add_holding", account),
    }


def margin(user: User, account: Account, now: datetime) -> dict[str, Any]:
    return {
        "account": account,
        "may_set": user.has_perm("accounts.set_annual_margin", account),
    }


def group(user: User, account: Account, now: datetime) -> dict[str, Any]:
    return {"account": account, "branch": branch_of(account, user)}


def _reads_cases(user: User, account: Account) -> bool:
    return reads_cases(user)


def add_panels() -> None:
    add_account_panel(
        Panel(
            order=6,
            template="accounts/panels/bad_news.html",
            shown_to=_reads_cases,
            context_for=bad_news,
        )
    )
    add_account_panel(
        Panel(
            order=10,
            template="accounts/panels/promises.html",
            shown_to=_reads_cases,
            context_for=promises,
        )
    )
    add_account_panel(
        Panel(
            order=40,
            template="accounts/panels/people.html",
            shown_to=_reads_cases,
            context_for=people,
        )
    )
    add_account_panel(
        Panel(
            order=38,
            template="accounts/panels/call_first.html",
            shown_to=reads_stake,
            context_for=call_first,
        )
    )
    add_account_panel(
        Panel(
            order=45,
            template="accounts/panels/holdings.html",
            shown_to=_reads_cases,
            context_for=holdings,
        )
    )
    add_account_panel(
        Panel(
            order=50,
            template="accounts/panels/margin.html",
            shown_to=reads_cost,
            context_for=margin,
        )
    )
    add_account_panel(
        Panel(
            order=60,
            template="accounts/panels/group.html",
            shown_to=lambda user, account: True,
            context_for=group,
        )
    )
