"""What the figures of a review say: how it went, and what to propose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.shares import Share
from core.wording import duration_text, share_text
from sla.credit_facts import month_text
from sla.models import Metric
from sla.review_figures import Cell, Miss, ReviewPack
from sla.spans import Month

IN_A_ROW: Final = 3
ENOUGH_TO_PROMISE_MORE: Final = 30
FEW_CAUSES: Final = 3
HALF: Final = 2
NOTHING: Final = "–"


def months_text(months: Sequence[Month]) -> str:
    """Return "January 2026 – March 2026", or one month."""
    told = dict.fromkeys(month_text(month.first) for month in (*months[:1], *months[-1:]))
    return " – ".join(told)


def cell_text(cell: Cell) -> str:
    """Return "91.67 % (44 of 48)", a dash if nothing fell due."""
    return share_text(Share(cell.met, cell.of)) if cell.of else NOTHING


def late_text(miss: Miss) -> str:
    if miss.late is None:
        return _("still open")
    return duration_text(max(miss.late, timedelta()))


def trend_text(pack: ReviewPack) -> str:
    """Return how the share of kept promises moved over the months."""
    told = [month for month in pack.months if pack.kept_in(month).of]
    if not told:
        return _("Nothing fell due.")
    facts = {
        "share": cell_text(pack.kept_in(told[-1])),
        "month": month_text(told[-1].first),
    }
    if len(told) == 1:
        return _("Kept in time: %(share)s in %(month)s.") % facts
    facts |= {
        "before": cell_text(pack.kept_in(told[0])),
        "since": month_text(told[0].first),
    }
    return _("Kept in time: %(before)s in %(since)s, %(share)s in %(month)s.") % facts


def volume_text(pack: ReviewPack) -> str:
    count = sum(pack.cases[month] for month in pack.months)
    said = ngettext("%(count)d case began.", "%(count)d cases began.", count)
    return said % {"count": count}


def proposals(pack: ReviewPack) -> list[str]:
    """Return what the figures suggest, by rules that anybody can check."""
    return [*_missed_in_a_row(pack), *_common_cause(pack), *_always_met(pack)]


def _missed_in_a_row(pack: ReviewPack) -> Iterator[str]:
    last = pack.year[-IN_A_ROW:]
    for metric, cells in pack.history.items():
        if len(last) == IN_A_ROW and all(cells[month].is_short for month in last):
            yield _(
                "“%(metric)s” missed its target three months in a row: %(shares)s. "
                "Agree on what will change it, or on a time that can be kept."
            ) % {
                "metric": Metric(metric).label,
                "shares": ", ".join(cell_text(cells[month]) for month in last),
            }


def _common_cause(pack: ReviewPack) -> Iterator[str]:
    known = sum(count for _cause, count in pack.causes)
    for cause, count in pack.causes[:1]:
        if count >= FEW_CAUSES and count * HALF >= known:
            yield _(
                "Most misses have one cause: %(cause)s (%(count)d of %(all)d with a known cause). "
                "Remove it first."
            ) % {"cause": cause, "count": count, "all": known}


def _always_met(pack: ReviewPack) -> Iterator[str]:
    for line in pack.lines:
        if line.total.of >= ENOUGH_TO_PROMISE_MORE and line.total.is_spotless:
            yield _(
                "“%(metric)s” was kept in all %(count)d cases. We could promise a shorter time."
            ) % {"metric": line.metric.label, "count": line.total.of}
