"""Lets apps above add panels to pages of apps below: to an account's, to a calendar's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.models import Calendar, User
from core.worktime import WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel of a page.

    order       -- smaller stands higher.
    template    -- drawn with what context_for returns; panels know nothing of each other.
    shown_to    -- who may see the field set; asked before anything is read.
    context_for -- (user, row, now) → context, in as few queries as a list page. The row is an
                   account, or a calendar as CalendarOutlook.
    """

    order: int
    template: str
    shown_to: Callable[[User, Any], bool]
    context_for: Callable[[User, Any, datetime], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DrawnPanel:
    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CalendarOutlook:
    """A calendar with the hours somebody is about to give it; None is its page as it stands."""

    calendar: Calendar
    hours: WorkCalendar | None = None


_panels: list[Panel] = []
_calendar_panels: list[Panel] = []


def add_account_panel(panel: Panel) -> None:
    """Show the panel on every account page. Call it from AppConfig.ready."""
    _panels.append(panel)


def add_calendar_panel(panel: Panel) -> None:
    """Show the panel on every calendar's page and while it is edited. Call it from ready."""
    _calendar_panels.append(panel)


def account_panels(user: User, account: Any, now: datetime) -> list[DrawnPanel]:
    """Return the panels of the account that this person may see, in order."""
    return _drawn(_panels, user, account, now)


def calendar_panels(user: User, outlook: CalendarOutlook, now: datetime) -> list[DrawnPanel]:
    """Return what apps above have to say of the calendar, in order."""
    return _drawn(_calendar_panels, user, outlook, now)


def _drawn(panels: list[Panel], user: User, row: Any, now: datetime) -> list[DrawnPanel]:
    return [
        DrawnPanel(panel.template, panel.context_for(user, row, now))
        for panel in sorted(panels, key=lambda panel: panel.order)
        if panel.shown_to(user, row)
    ]
