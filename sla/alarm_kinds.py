"""What the alarms of early warning say and advise, and the duties that come with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Final

from babel.dates import format_date
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.kinds import (
    CHURN_RISK,
    NO_SLA,
    AlertKind,
    Facts,
    TaskKind,
    add_alert_kind,
    add_task_kind,
)
from accounts.models import Task
from core.errors import Sentence
from core.wording import reader_locale
from sla.models import Metric
from sla.warning_signs import RED
from sla.words import listed, number_text, percent_text

GONE_QUIET: Final = "gone_quiet"
CALL_TODAY, STAY_INTERVIEW, SLA_TALK = TASKS = ("call_today", "stay_interview", "sla_talk")
MOST_DAYS: Final = 4
"""More late days than that nobody reads in one sentence; the last ones count."""

AT_RISK = gettext_lazy("Risk of leaving")
SILENT = gettext_lazy("Gone quiet")
WITHOUT_SLA = gettext_lazy("No SLA: start the talk")
LATE_THINGS: Final[dict[str, Sentence]] = {
    Metric.FIRST_RESPONSE: pgettext_lazy("was late", "first answer"),
    Metric.UPDATE: pgettext_lazy("was late", "regular update"),
    "promise": pgettext_lazy("was late", "promise"),
    "callback": pgettext_lazy("was late", "follow-up call"),
}


def day_text(day: str) -> str:
    """Return "2 Mar" of a date as facts keep it."""
    return format_date(date.fromisoformat(day), "d MMM", locale=reader_locale())


Words = Callable[[Facts], str]


def outliving(label: Sentence) -> Callable[[Words], Words]:
    """Let the words fall back on the label: history keeps facts that lack a figure of today's."""

    def decorate(words: Words) -> Words:
        @wraps(words)
        def told(facts: Facts) -> str:
            try:
                return words(facts)
            except KeyError:
                return str(label)

        return told

    return decorate


@outliving(AT_RISK)
def churn_says(facts: Facts) -> str:
    """Return "Late 2 times in 60 days: 29 Jan (first answer) and 2 Mar (promise)"."""
    events = [
        _("%(day)s (%(what)s)") % {"day": day_text(event["on"]), "what": LATE_THINGS[event["what"]]}
        for event in facts["late"]
    ]
    shown = listed(["…", *events[-MOST_DAYS:]] if len(events) > MOST_DAYS else events)
    if facts["misses"] == 1:
        return _("Late once: %(events)s") % {"events": shown}
    told = ngettext(
        "Late %(count)d time in %(days)d days: %(events)s",
        "Late %(count)d times in %(days)d days: %(events)s",
        facts["misses"],
    )
    return told % {"count": facts["misses"], "days": facts["days"], "events": shown}


def churn_advice(facts: Facts) -> str:
    if facts.get("level") == RED:
        return _(
            "Talk within two working days with somebody who decides: why should they stay? "
            "It ends after such a talk and 60 days without another miss."
        )
    return _("Call today: say that you are sorry, and ask what it cost them and what they expect.")


@outliving(SILENT)
def quiet_says(facts: Facts) -> str:
    told = _(
        "Nothing heard since %(day)s: %(expected)s contacts were to be expected in %(days)d days. "
        "That happens by chance in %(share)s of cases."
    )
    return told % {
        "day": day_text(facts["last_on"]),
        "expected": number_text(Decimal(str(facts["expected"]))),
        "days": facts["days"],
        "share": percent_text(round(100 * Decimal(str(facts["probability"])), 2)),
    }


def quiet_advice(facts: Facts) -> str:
    return _("Call and ask how it goes: a client who says nothing may be looking around.")


@outliving(WITHOUT_SLA)
def no_sla_says(facts: Facts) -> str:
    """Return "No SLA, and in 90 days 4 complaints, 1 of P1 or P2, 3 over trifles"."""
    cases, urgent, trivial = (facts[name] for name in ("cases", "urgent", "trivial"))
    told = [ngettext("%(count)d complaint", "%(count)d complaints", cases) % {"count": cases}]
    if urgent:
        told.append(_("%(count)d of P1 or P2") % {"count": urgent})
    if trivial:
        told.append(
            ngettext("%(count)d over a trifle", "%(count)d over trifles", trivial)
            % {"count": trivial}
        )
    frame = _("No SLA, and in %(days)d days %(counts)s")
    return frame % {"days": facts["days"], "counts": ", ".join(told)}


def no_sla_advice(facts: Facts) -> str:
    return _("Start the SLA talk: the draft is filled in with what this client really got.")


def _talk_url(task: Task) -> str:
    return reverse("sla:talk", args=[task.account_id])


def draft_url(task: Task) -> str:
    return reverse("sla:draft", args=[task.account_id], query={"prefill": "history"})


def speak() -> None:
    add_alert_kind(
        AlertKind(
            key=CHURN_RISK,
            label=AT_RISK,
            says=churn_says,
            advice=churn_advice,
            template="sla/_churn_risk.html",
        )
    )
    add_alert_kind(
        AlertKind(
            key=GONE_QUIET,
            label=SILENT,
            says=quiet_says,
            advice=quiet_advice,
        )
    )
    add_alert_kind(
        AlertKind(
            key=NO_SLA,
            label=WITHOUT_SLA,
            says=no_sla_says,
            advice=no_sla_advice,
            template="sla/_no_sla.html",
        )
    )
    add_task_kind(
        TaskKind(
            key=CALL_TODAY,
            label=gettext_lazy("Call today"),
            says=lambda task: _("Call %(account)s: apologise and ask") % {"account": task.account},
            url=_talk_url,
        )
    )
    add_task_kind(
        TaskKind(
            key=STAY_INTERVIEW,
            label=gettext_lazy("Stay interview"),
            says=lambda task: (
                _("Ask %(account)s what would make them stay") % {"account": task.account}
            ),
            url=_talk_url,
        )
    )
    add_task_kind(
        TaskKind(
            key=SLA_TALK,
            label=gettext_lazy("SLA talk"),
            says=lambda task: _("Open the SLA talk with %(account)s") % {"account": task.account},
            url=draft_url,
        )
    )
