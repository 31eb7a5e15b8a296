"""What the duties and the alarm of a contract say: its renewal talk and its reviews."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.kinds import AlertKind, TaskKind, add_alert_kind, add_task_kind
from accounts.models import Task
from core.wording import day_text

RENEWAL_TALK: Final = "renewal_talk"
SLA_REVIEW: Final = "sla_review"
REVIEW_OVERDUE: Final = "review_overdue"


def _talk_says(task: Task) -> str:
    return _("Talk about renewing %(no)s, which ends on %(day)s") % _said(task.facts, "ends_on")


def _review_says(task: Task) -> str:
    return _("Hold the review of %(no)s planned for %(day)s") % _said(task.facts, "planned_on")


def _said(facts: dict[str, Any], day: str) -> dict[str, str]:
    return {"no": facts["no"], "day": day_text(date.fromisoformat(facts[day]))}


def _renew_url(task: Task) -> str:
    return reverse("sla:detail", args=[task.subject_id])


def _review_url(task: Task) -> str:
    return reverse("sla:hold_review", args=[task.subject_id])


def speak() -> None:
    add_task_kind(
        TaskKind(
            key=RENEWAL_TALK,
            label=gettext_lazy("Renewal talk"),
            says=_talk_says,
            url=_renew_url,
        )
    )
    add_task_kind(
        TaskKind(
            key=SLA_REVIEW,
            label=gettext_lazy("SLA review"),
            says=_review_says,
            url=_review_url,
        )
    )
    add_alert_kind(
        AlertKind(
            key=REVIEW_OVERDUE,
            label=gettext_lazy("SLA review overdue"),
            says=lambda facts: (
                _("The review of %(no)s was planned for %(day)s and has not been held")
                % _said(dict(facts), "planned_on")
            ),
            advice=lambda facts: _("Agree on a day with the client, and hold it."),
        )
    )
