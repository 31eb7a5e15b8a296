"""What service levels show on an account: a panel, a badge at its head and in the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.facts import AccountFact, add_account_fact
from accounts.models import Account
from accounts.timeline import Chapter, add_chapter
from core.models import User
from core.nav import Place, add_place
from core.panels import CalendarOutlook, Panel, add_account_panel, add_calendar_panel
from sla.models import Contract
from sla.permissions import reads_contracts, reads_warnings
from sla.promises import levels
from sla.queries import (
    contract_for,
    contracts_of,
    kept_this_month,
    local_day,
)
from sla.replanning import preview, preview_hours


def service_levels(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return the promises in force, and how they were kept this month."""
    contract = contract_for(account, local_day(account, now))
    talks = Contract.objects.filter(account=account, state__in=Contract.IN_TALKS)
    return {
        "account": account,
        "contract": contract,
        "levels": levels(contract, (contract or account).calendar),
        "kept": kept_this_month(account, now),
        "talk": talks.order_by("-revision", "-id").first(),
        "may_draft": user.has_perm("sla.draft", account),
    }


def badges(
    user: User, accounts: Sequence[Account], now: datetime
) -> Mapping[UUID, Contract | None]:
    return contracts_of(accounts, now)


def open_deadlines(user: User, outlook: CalendarOutlook, now: datetime) -> dict[str, Any]:
    """Return what the calendar's hours, saved or being typed, would do to open deadlines."""
    calendar, hours = outlook.calendar, outlook.hours
    return {
        "calendar": calendar,
        "told": preview_hours(calendar, hours, now) if hours else preview(calendar, now),
        "is_saved": hours is None,
        "may_recompute": user.has_perm("sla.recompute", calendar),
    }


def add_panels() -> None:
    add_calendar_panel(
        Panel(
            order=10,
            template="sla/calendar_panel.html",
            shown_to=lambda user, outlook: reads_contracts(user),
            context_for=open_deadlines,
        )
    )
    add_account_panel(
        Panel(
            order=20,
            template="sla/panel.html",
            shown_to=lambda user, account: reads_contracts(user),
            context_for=service_levels,
        )
    )
    add_account_fact(
        AccountFact(
            order=20,
            label=_("SLA"),
            template="sla/fact.html",
            shown_to=lambda user: True,
            read=badges,
        )
    )
    add_chapter(Chapter(order=40, key="sla", label=_("Service levels"), verbs=("sla.",)))
    add_place(
        Place(
            order=40,
            label=_("Service levels"),
            url_name="sla:index",
            icon="shield-check",
            shown_to=reads_contracts,
            hotkey="g s",
        )
    )
    add_place(
        Place(
            order=45,
            label=_("Early warning"),
            url_name="sla:warnings",
            icon="gauge",
            shown_to=reads_warnings,
            hotkey="g w",
        )
    )
