"""What rules call their alerts and tasks: the app that owns a rule says its words in `ready()`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from accounts.models import Alert, Task
from core.errors import Sentence

Facts = Mapping[str, Any]
CHURN_RISK: Final = "churn_risk"
NO_SLA: Final = "no_sla"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """One alarm that a rule can raise; its facts are figures and ids.

    The history keeps the facts of older releases: says and advice must bear those as well.

    says     -- facts → what was seen, with its figures, in the reader's language.
    advice   -- facts → what to do now.
    template -- draws more beside the two from `alert`, such as whom to call; "" for nothing.
    """

    key: str
    label: Sentence
    says: Callable[[Facts], Sentence]
    advice: Callable[[Facts], Sentence]
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskKind:
    """One duty that a rule can give.

    says -- task → verb and object, in the reader's language.
    url  -- task → address of the exact form that does it, "" if that is the task's own page.
    burns -- task → whether it stands on top of the day, for somebody could get hurt.
    """

    key: str
    label: Sentence
    says: Callable[[Task], Sentence]
    url: Callable[[Task], str]
    burns: Callable[[Task], bool] = lambda task: False


_alerts: dict[str, AlertKind] = {}
_tasks: dict[str, TaskKind] = {}


def add_alert_kind(kind: AlertKind) -> None:
    """Let alerts of this kind speak. Call it from AppConfig.ready."""
    _alerts[kind.key] = kind


def add_task_kind(kind: TaskKind) -> None:
    """Let tasks of this kind speak. Call it from AppConfig.ready."""
    _tasks[kind.key] = kind


def alert_kind(key: str) -> AlertKind:
    """Return the kind; one that nobody added shows its key, for rows outlive their rules."""
    return _alerts.get(key) or AlertKind(
        key=key, label=key, says=lambda facts: key, advice=lambda facts: ""
    )


def task_kind(key: str) -> TaskKind:
    """Return the kind; one that nobody added shows its key, for rows outlive their rules."""
    return _tasks.get(key) or TaskKind(
        key=key, label=key, says=lambda task: key, url=lambda task: ""
    )


def stored_facts(facts: Facts) -> dict[str, Any]:
    """Return the facts as the database gives them back, so that equal ones compare equal."""
    stored: dict[str, Any] = json.loads(json.dumps(dict(facts), cls=DjangoJSONEncoder))
    return stored


def alert_says(alert: Alert) -> str:
    return str(alert_kind(alert.kind).says(alert.facts))


def alert_advice(alert: Alert) -> str:
    return str(alert_kind(alert.kind).advice(alert.facts))


def task_says(task: Task) -> str:
    return str(task_kind(task.kind).says(task))


add_task_kind(
    TaskKind(key=Task.OWN, label=_("Own task"), says=lambda task: task.title, url=lambda task: "")
)
