"""What we promise for one priority, as one says it to the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Sentence
from sla.house import Promised
from sla.models import Metric, Priority
from sla.words.times import every, every_time, within, within_time

MEANINGS: Final[dict[str, Sentence]] = {
    Priority.P1: gettext_lazy("Your business stands still, or somebody could get hurt"),
    Priority.P2: gettext_lazy("An important process is hurt"),
    Priority.P3: gettext_lazy("Something is wrong, but you can work"),
    Priority.P4: gettext_lazy("A nuisance, or it can wait"),
}
"""What each priority means to the client."""

DEEDS: Final[dict[str, Sentence]] = {
    Metric.FIRST_RESPONSE: gettext_lazy("Answer you"),
    Metric.NEXT_RESPONSE: gettext_lazy("Answer each further message"),
    Metric.UPDATE: gettext_lazy("Tell you how it stands"),
    Metric.WORKAROUND: gettext_lazy("Find a way around it"),
    Metric.RESOLUTION: gettext_lazy("Solve it"),
}
"""What we do by the end of each metric's time."""

_CLAUSES: Final[dict[str, Sentence]] = {
    Metric.FIRST_RESPONSE: gettext_lazy("we answer %(time)s"),
    Metric.NEXT_RESPONSE: gettext_lazy("we answer each further message %(time)s"),
    Metric.UPDATE: gettext_lazy("we tell you how it stands %(time)s"),
    Metric.WORKAROUND: gettext_lazy("we find a way around it %(time)s"),
    Metric.RESOLUTION: gettext_lazy("we solve it %(time)s"),
}


def by_when(metric: str, promised: Promised) -> str:
    """Return "every 4 working hours" for updates and "within 8 working hours" for all else."""
    return every(promised) if metric == Metric.UPDATE else within(promised)


def sentence(times: Mapping[str, Promised]) -> str:
    """Return "You call, we answer within 2 working hours; we solve it within 8 working hours.".

    A further message that is answered as fast as the first is not mentioned.
    """
    told = [metric for metric in Metric.values if metric in times and not _is_said(metric, times)]
    always = all(times[metric].around_the_clock for metric in told)
    clauses = "; ".join(_clause(metric, times[metric], always=always) for metric in told)
    frame = _("You call, day or night: %(promises)s.") if always else _("You call, %(promises)s.")
    return frame % {"promises": clauses}


def _is_said(metric: str, times: Mapping[str, Promised]) -> bool:
    first, further = Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE
    return metric == further and times.get(first) == times[further]


def _clause(metric: str, promised: Promised, *, always: bool) -> str:
    if metric == Metric.UPDATE:
        time = every_time(promised) if always else every(promised)
    else:
        time = within_time(promised) if always else within(promised)
    return str(_CLAUSES[metric] % {"time": time})
