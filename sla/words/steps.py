"""Escalation steps as sentences: when it happens, who hears of it, how often, at what hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from core.errors import Sentence
from sla.house import Promised
from sla.models import Metric, Priority
from sla.steps import ASSIGNEE, EXECUTIVE, HEAD, MANAGER, RAISE, REASSIGN, Step
from sla.words.terms import percent_text
from sla.words.times import every, length, listed

HEARERS: Final[dict[str, Sentence]] = {
    ASSIGNEE: pgettext_lazy("hears of it", "who works on it"),
    MANAGER: pgettext_lazy("hears of it", "the account manager"),
    HEAD: pgettext_lazy("hears of it", "the head of key accounts"),
    EXECUTIVE: pgettext_lazy("hears of it", "the executive"),
}


def step_text(step: Step, names: Mapping[UUID, str]) -> str:
    """Return "At 75 % of the time the account manager hears of it, also at night.".

    names -- of the persons that steps name, by their ids.
    """
    told = [_("%(when)s %(what)s") % {"when": _when(step), "what": _what(step, names)}]
    if step.again:
        told.append(_again(step, step.again))
    if step.any_hour:
        told.append(_("also at night"))
    sentence = f"{', '.join(told)}."
    only = _only(step)
    return f"{only}: {sentence}" if only else sentence


def _only(step: Step) -> str:
    """Return "P1 critical, First response", or "" for a step of all clocks."""
    told = [Priority(step.priority).label] if step.priority else []
    if step.metric:
        told.append(Metric(step.metric).label)
    return ", ".join(map(str, told))


def _when(step: Step) -> str:
    if step.percent:
        return _("At %(share)s of the time") % {"share": percent_text(step.percent)}
    if not step.from_due:
        return _("At the deadline")
    span = length(_counted_as(step, abs(step.from_due)))
    if step.from_due < timedelta():
        return _("%(span)s before the deadline") % {"span": span}
    return _("%(span)s after the deadline") % {"span": span}


def _counted_as(step: Step, span: timedelta) -> Promised:
    """Return the span as the clocks of the step count it; those of P1 run day and night."""
    return Promised(span, around_the_clock=step.priority == Priority.P1)


def _what(step: Step, names: Mapping[UUID, str]) -> str:
    people = [str(HEARERS[hearer]) for hearer in step.hearers]
    person = names.get(step.person_id, "") if step.person_id else ""
    if step.action == REASSIGN:
        return _("%(person)s takes it over") % {"person": person}
    if person:
        people.append(person)
    hear = ngettext("%(people)s hears of it", "%(people)s hear of it", len(people))
    told = hear % {"people": listed(people)} if people else ""
    if step.action != RAISE:
        return told
    if not told:
        return _("the priority goes up")
    return _("the priority goes up, and %(told)s") % {"told": told}


def _again(step: Step, pause: timedelta) -> str:
    told = _("again %(every)s") % {"every": every(_counted_as(step, pause))}
    if step.most == 1:
        return _("%(again)s, at most once") % {"again": told}
    most = ngettext(
        "%(again)s, at most %(count)d time", "%(again)s, at most %(count)d times", step.most
    )
    return most % {"again": told, "count": step.most}
