"""Equal attention as the page shows it: figures with their n, bars, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Sentence
from core.shares import Share
from core.wording import reader_locale, share_text
from sla.attention import MOST_ATTENTION, Served, share_used
from sla.credits import Kept
from sla.fairness import AMBER, LARGE, RED, SMALL, Component, EqualAttention, Group
from sla.models import Clock, Priority
from sla.subjects import facts_of

BAR: Final = 1000
"""How wide a whole bar is drawn."""
WORST_SHOWN: Final = 1.5
"""Beyond so much of the time a bar is full: late is late."""
NBSP: Final = "\u00a0"
LEAST_P: Final = 0.0001
FAVOURED: Final[dict[str, Sentence]] = {
    LARGE: gettext_lazy("← large clients are better off"),
    SMALL: gettext_lazy("small clients are better off →"),
    "": gettext_lazy("nobody is better off"),
}
FLAGS: Final[dict[str, Sentence]] = {
    RED: gettext_lazy("Unequal"),
    AMBER: gettext_lazy("Watch"),
    "": gettext_lazy("Even"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedLine:
    """One component. large_bar, small_bar -- of BAR.

    verdict -- "" if too few to judge; level and favours only if it is not even.
    """

    label: Sentence
    meaning: Sentence
    large: str
    small: str
    large_bar: int
    small_bar: int
    ratio: str
    favours: Sentence
    level: str
    verdict: Sentence


@dataclass(frozen=True, slots=True)
class MixLine:
    """How promises of one priority were kept; weight is its share of the common mix, or ""."""

    priority: Priority
    large: str
    small: str
    weight: str


@dataclass(frozen=True, slots=True)
class ServedLine:
    served: Served
    share: str
    bar: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    clock: Clock
    label: str
    share: str
    bar: int
    is_late: bool


def fixed(number: float, places: int) -> str:
    """Return the number with exactly so many decimals, as the reader writes it."""
    return format_decimal(Decimal(str(round(number, places))), f"0.{'0' * places}", reader_locale())


def percent(share: float) -> str:
    return f"{fixed(100 * share, 2)}{NBSP}%"


def comparison_of(compared: EqualAttention) -> list[ComparedLine]:
    """Return the three components, each with both groups beside each other."""
    return [
        _line(
            _("Promises kept"),
            _("First answers and solutions in time, as if both had the same mix of priorities."),
            compared.sla,
            compared,
            whole=1,
        ),
        _line(
            _("Speed"),
            _("How much of the time for the first answer was used, in the middle. Less is better."),
            compared.response,
            compared,
            whole=1,
        ),
        _line(
            _("Our own calls"),
            _("Talks that we began, of those planned; each client counts for 120 % at most."),
            compared.touch,
            compared,
            whole=MOST_ATTENTION,
        ),
    ]


def _line(
    label: str, meaning: str, component: Component, compared: EqualAttention, *, whole: float
) -> ComparedLine:
    is_judged = compared.enough and component.ratio is not None
    return ComparedLine(
        label=label,
        meaning=meaning,
        large=_percent_or_dash(component.large),
        small=_percent_or_dash(component.small),
        large_bar=_bar(component.large or 0, whole),
        small_bar=_bar(component.small or 0, whole),
        ratio="–" if component.ratio is None else fixed(component.ratio, 4),
        favours=FAVOURED[component.favours] if component.flag else "",
        level=component.flag if is_judged else "",
        verdict=FLAGS[component.flag] if is_judged else "",
    )


def _percent_or_dash(share: float | None) -> str:
    return "–" if share is None else percent(share)


def _bar(share: float, whole: float) -> int:
    return round(BAR * min(share / whole, 1))


def mix_of(compared: EqualAttention) -> list[MixLine]:
    """Return every priority of which anything was counted."""
    large, small = compared.large.kept, compared.small.kept
    return [
        MixLine(
            priority,
            _kept(large.get(priority)),
            _kept(small.get(priority)),
            percent(compared.weights[priority]) if priority in compared.weights else "",
        )
        for priority in Priority
        if priority in large or priority in small
    ]


def raw_attainment(group: Group) -> str:
    """Return how the group's promises were kept, whatever their priority."""
    kept = group.kept.values()
    return _kept(Kept(sum(each.met for each in kept), group.counted))


def _kept(kept: Kept | None) -> str:
    return share_text(Share(kept.met, kept.counted)) if kept and kept.counted else "–"


def told_interval(compared: EqualAttention) -> str:
    """Return how far apart kept promises are, and whether chance explains it; "" if unknown."""
    difference = compared.difference
    if difference is None:
        return ""
    points = {
        "points": fixed(100 * abs(difference.value), 2),
        "low": fixed(100 * difference.ci[0], 2),
        "high": fixed(100 * difference.ci[1], 2),
    }
    if difference.value < 0:
        told = _(
            "Promises to small clients are kept %(points)s points less often than to large ones"
        )
    else:
        told = _(
            "Promises to small clients are kept %(points)s points more often than to large ones"
        )
    interval = _("with 95 %% certainty between %(low)s and %(high)s points.") % points
    chance = (
        _("That is more than chance explains.")
        if difference.is_significant
        else _("Chance alone may explain that.")
    )
    return f"{told % points}, {interval} {chance}"


def told_speed(compared: EqualAttention) -> str:
    """Return whether chance explains the difference of speed; "" without answers to compare."""
    test = compared.rank_test
    if test is None:
        return ""
    sign, p = ("<", LEAST_P) if test.p < LEAST_P else ("=", test.p)
    shown = {"p": f"p {sign} {fixed(p, 4)}"}
    if test.is_significant:
        return _("Speed differs by more than chance explains (Mann–Whitney, %(p)s).") % shown
    return _("Chance alone may explain the difference of speed (Mann–Whitney, %(p)s).") % shown


def served_line(served: Served) -> ServedLine:
    bar = _bar(served.share, WORST_SHOWN)
    return ServedLine(served, percent(served.share), bar, is_late=served.share > 1)


def answer_lines(clocks: Iterable[Clock], now: datetime) -> list[AnswerLine]:
    """Return the answers with the number of what was asked."""
    rows = list(clocks)
    facts = facts_of(rows)
    shares = [(clock, share_used(clock, now)) for clock in rows]
    return [
        AnswerLine(
            clock,
            facts[clock.subject_id].label,
            percent(share),
            _bar(share, WORST_SHOWN),
            is_late=share > 1,
        )
        for clock, share in shares
    ]
