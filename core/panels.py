"""Lets apps above add panels to an account's page without accounts importing them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel of the account's page.

    order       -- smaller stands higher.
    template    -- drawn with what context_for returns; panels know nothing of each other.
    shown_to    -- who may see the field set; asked before anything is read.
    context_for -- (user, account, now) → context, in as few queries as a list page.
    """

    order: int
    template: str
    shown_to: Callable[[User, Any], bool]
    context_for: Callable[[User, Any, datetime], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DrawnPanel:
    template: str
    context: dict[str, Any]


_panels: list[Panel] = []


def add_account_panel(panel: Panel) -> None:
    """Show the panel on every account page. Call it from AppConfig.ready."""
    _panels.append(panel)


def account_panels(user: User, account: Any, now: datetime) -> list[DrawnPanel]:
    """Return the panels of the account that this person may see, in order."""
    shown = sorted(_panels, key=lambda panel: panel.order)
    return [
        DrawnPanel(panel.template, panel.context_for(user, account, now))
        for panel in shown
        if panel.shown_to(user, account)
    ]
