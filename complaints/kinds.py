"""What the duties that complaints give are called."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.kinds import AlertKind, Facts, TaskKind, add_alert_kind, add_task_kind
from accounts.models import Task
from core.wording import SHORT_WITH_YEAR, moment_text

OWN_MISTAKE: Final = "own_mistake"
REQUEST: Final = "request"
URGENT_MEETING: Final = "urgent_meeting"
OPEN_PRICE: Final = "open_price"
GIVE_AND_GET: Final = "give_and_get"
HEAD_CALL: Final = "head_call"
PROCESS_CHANGE: Final = "process_change"
PROBLEM_CHECK: Final = "problem_check"
FORMAL, INFORMAL = "formal", "informal"
MEETING_PARTS: Final = (FORMAL, INFORMAL)


def _request_says(task: Task) -> str:
    return _("Deal with the request %(no)s") % {"no": task.facts["no"]}


def case_url(task: Task) -> str:
    """Return the page of the complaint that the task is about."""
    return reverse("complaints:detail", args=[task.subject_id])


def _about_url(task: Task) -> str:
    return reverse("complaints:detail", args=[task.facts["complaint"]])


def _meeting_url(task: Task) -> str:
    return reverse("complaints:hold_meeting", args=[task.pk])


def _meeting_says(task: Task) -> str:
    words = {"account": task.account.name}
    if FORMAL in task.facts.get("held", ()):
        return _("Talk informally with somebody loyal at %(account)s") % words
    if INFORMAL in task.facts.get("held", ()):
        return _("Meet %(account)s formally, with figures") % words
    return _("Urgent meeting with %(account)s, formal and informal") % words


def _price_says(task: Task) -> str:
    return _("Answer %(account)s with an open price") % {"account": task.account.name}


def _give_says(task: Task) -> str:
    return _("Ask %(account)s for something in return") % {"account": task.account.name}


def _head_says(task: Task) -> str:
    return _("Call %(account)s as the head of key accounts") % {"account": task.account.name}


# All colleagues may read a task: none says which tactic it answers, or names a complaint that
# not all of them may read.
PLAYS: Final = (
    TaskKind(
        key=URGENT_MEETING,
        label=gettext_lazy("Urgent meeting"),
        says=_meeting_says,
        url=_meeting_url,
    ),
    TaskKind(key=OPEN_PRICE, label=gettext_lazy("Open price"), says=_price_says, url=_about_url),
    TaskKind(
        key=GIVE_AND_GET,
        label=gettext_lazy("Concession for concession"),
        says=_give_says,
        url=_about_url,
    ),
    TaskKind(
        key=HEAD_CALL, label=gettext_lazy("Call by the head"), says=_head_says, url=_about_url
    ),
)


def _mistake_says(facts: Facts) -> str:
    due = moment_text(datetime.fromisoformat(facts["due"]), SHORT_WITH_YEAR)
    words = {"no": facts["no"], "due": due}
    return _("Own mistake, and the client does not know: %(no)s was to be told by %(due)s") % words


def _mistake_advice(facts: Facts) -> str:
    return _("Tell the client now what happened, what it means for them and what we do.")


def _change_says(task: Task) -> str:
    return str(_("Change how we work: %(change)s (%(no)s)") % task.facts)


def _problem_says(task: Task) -> str:
    return str(_("Find out whom else it hits, and whether to warn them: %(no)s") % task.facts)


def _problem_url(task: Task) -> str:
    return reverse("complaints:problem", args=[task.subject_id])


LEARNING: Final = (
    TaskKind(
        key=PROCESS_CHANGE,
        label=gettext_lazy("Change after a review"),
        says=_change_says,
        url=lambda task: "",
    ),
    TaskKind(
        key=PROBLEM_CHECK,
        label=gettext_lazy("Repeated cause"),
        says=_problem_says,
        url=_problem_url,
    ),
)


def speak() -> None:
    add_alert_kind(
        AlertKind(
            key=OWN_MISTAKE,
            label=gettext_lazy("Own mistake: tell and finish"),
            says=_mistake_says,
            advice=_mistake_advice,
        )
    )
    for kind in (*PLAYS, *LEARNING):
        add_task_kind(kind)
    add_task_kind(
        TaskKind(key=REQUEST, label=gettext_lazy("Request"), says=_request_says, url=case_url)
    )
