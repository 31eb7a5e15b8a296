"""What needs attention: standing alerts and open tasks, beside the account and in its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.alert_lines import alert_line
from accounts.facts import AccountFact, add_account_fact
from accounts.models import Account, Alert
from accounts.queries import alert_list, reads_cases, task_list
from accounts.task_lines import task_line
from accounts.timeline import Chapter, add_chapter
from core.errors import Sentence
from core.models import User
from core.nav import Place, add_place
from core.panels import Panel, add_account_panel

MOST_TASKS: Final = 6
WORST_FIRST: Final = (Alert.Level.RED, Alert.Level.AMBER, Alert.Level.INFO)


@dataclass(frozen=True, slots=True)
class WorstAlert:
    """The worst level among `count` alerts that nobody has put off."""

    level: str
    word: Sentence
    count: int


def context_for(user: User, account: Account, now: datetime) -> dict[str, Any]:
    """Return the alerts that stand, worst first, and what is to be done, overdue first."""
    may_settle = user.has_perm("accounts.edit", account)
    alerts = alert_list(user).standing().filter(account=account)
    tasks = list(task_list(user).open().filter(account=account)[: MOST_TASKS + 1])
    worst_first = sorted(alerts, key=lambda alert: WORST_FIRST.index(Alert.Level(alert.level)))
    return {
        "account": account,
        "alerts": [alert_line(user, row, now, may_settle=may_settle) for row in worst_first],
        "tasks": [task_line(user, row, now, may_settle=may_settle) for row in tasks[:MOST_TASKS]],
        "has_more": len(tasks) > MOST_TASKS,
        "may_open": user.has_perm("accounts.open_task", account),
    }


def worst_alerts(
    user: User, accounts: Sequence[Account], now: datetime
) -> Mapping[UUID, WorstAlert]:
    levels: dict[UUID, list[str]] = {}
    awake = Alert.objects.visible_to(user).awake(now).filter(account__in=accounts)
    for account, level in awake.values_list("account", "level"):
        levels.setdefault(account, []).append(level)
    return {account: _worst(found) for account, found in levels.items()}


def _worst(levels: list[str]) -> WorstAlert:
    level = next(level for level in WORST_FIRST if level in levels)
    return WorstAlert(level, level.label, len(levels))


def _reads_cases(user: User, account: Account) -> bool:
    return reads_cases(user)


def show() -> None:
    add_account_panel(
        Panel(
            order=5,
            template="accounts/panels/attention.html",
            shown_to=_reads_cases,
            context_for=context_for,
        )
    )
    add_account_fact(
        AccountFact(
            order=5,
            label=_("Alerts"),
            template="accounts/facts/alerts.html",
            shown_to=reads_cases,
            read=worst_alerts,
        )
    )
    add_place(
        Place(
            order=33,
            label=_("Tasks"),
            url_name="accounts:tasks",
            icon="square-check",
            shown_to=reads_cases,
            hotkey="g t",
        )
    )
    add_chapter(
        Chapter(
            order=35,
            key="attention",
            label=_("Alerts and tasks"),
            verbs=(
                "accounts.raise_alert",
                "accounts.renew_alert",
                "accounts.expire_alert",
                "accounts.acknowledge_alert",
                "accounts.snooze_alert",
                "accounts.resolve_alert",
                "accounts.open_task",
                "accounts.edit_task",
                "accounts.finish_task",
                "accounts.cancel_task",
            ),
        )
    )
