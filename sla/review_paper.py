"""The pack of a review on paper, in the client's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Sentence
from core.paper import (
    Bar,
    Bars,
    Block,
    Figure,
    Figures,
    Heading,
    Paper,
    Paragraph,
    Point,
    Points,
    Table,
    Trend,
)
from core.wording import SHORT_WITH_YEAR, moment_text, money_text
from sla.credit_facts import SHORT_MONTH, month_text
from sla.models import Credit
from sla.review_figures import HUNDRED, Line, Miss, ReviewPack
from sla.review_words import (
    NOTHING,
    cell_text,
    late_text,
    months_text,
    proposals,
    trend_text,
    volume_text,
)
from sla.words import percent_text

MOST_MISSES: Final = 60
TOLD: Final[dict[str, Sentence]] = {
    Credit.State.APPROVED: gettext_lazy("approved"),
    Credit.State.ISSUED: gettext_lazy("credited"),
    Credit.State.WAIVED: gettext_lazy("waived by you"),
}
"""What the client reads of a state; a proposed credit is nothing to announce before finance agrees."""


def paper_of(pack: ReviewPack, now: datetime) -> Paper:
    account = pack.contract.account
    with translation.override(account.language):
        return Paper(
            title=_("Service review for %(client)s") % {"client": account.name},
            subtitle=", ".join(filter(None, (pack.contract.no, months_text(pack.months)))),
            author=account.owner.name,
            language=account.language,
            at=now,
            blocks=list(_blocks(pack)),
        )


def _blocks(pack: ReviewPack) -> Iterator[Block]:
    if not pack.months:
        yield Paragraph(_("No month of this contract has been closed yet."))
        return
    yield Figures(_figures(pack))
    yield from _kept(pack)
    yield from _missed(pack)
    yield from _given(pack)
    yield from _volumes(pack)
    if told := proposals(pack):
        yield Heading(_("What we propose"))
        yield Points(told)


def _figures(pack: ReviewPack) -> list[Figure]:
    total, cases = pack.total, sum(pack.cases[month] for month in pack.months)
    share = NOTHING if total.percent is None else percent_text(round(total.percent, 2))
    missed = total.of - total.met
    return [
        Figure(share, _("kept in time, %(met)d of %(of)d") % {"met": total.met, "of": total.of}),
        Figure(str(missed), ngettext("promise missed", "promises missed", missed)),
        Figure(str(cases), ngettext("case", "cases", cases)),
    ]


def _kept(pack: ReviewPack) -> Iterator[Block]:
    yield Heading(_("How we kept what we promised"))
    yield Bars([_bar(line) for line in pack.lines if line.total.of])
    few = [str(line.metric.label) for line in pack.lines if line.is_few and line.total.of]
    if few:
        words = _("Too few cases to judge: %(metrics)s.") % {"metrics": ", ".join(few)}
        yield Paragraph(words, is_quiet=True)
    rows = [
        [month_text(month.first), *(cell_text(line.cells[month]) for line in pack.lines)]
        for month in pack.months
    ]
    rows.append([_("Together"), *(cell_text(line.total) for line in pack.lines)])
    headings = [_("Month"), *(str(line.metric.label) for line in pack.lines)]
    yield Table(headings, rows, strong=(-1,))
    points = [
        Point(
            month_text(month.first, SHORT_MONTH),
            pack.kept_in(month).percent,
            _share(pack.kept_in(month).percent),
        )
        for month in pack.year
    ]
    yield Trend(points, trend_text(pack), shape="line")


def _share(percent: Decimal | None) -> str:
    return NOTHING if percent is None else percent_text(round(percent))


def _bar(line: Line) -> Bar:
    total = line.total
    goal = None if total.goal is None else round(total.goal / HUNDRED, 4)
    return Bar(str(line.metric.label), total.met / total.of, cell_text(total), goal)


def _missed(pack: ReviewPack) -> Iterator[Block]:
    yield Heading(_("What we missed, and why"))
    if not pack.misses:
        yield Paragraph(_("Every promise was kept."))
        return
    if pack.causes:
        yield Points([f"{cause}: {count}" for cause, count in pack.causes])
    headings = [_("Case"), _("What was promised"), _("Due"), _("Late by"), _("Cause")]
    yield Table(headings, [_miss(miss) for miss in pack.misses[:MOST_MISSES]])
    more = len(pack.misses) - MOST_MISSES
    if more > 0:
        words = ngettext("And %(count)d more.", "And %(count)d more.", more)
        yield Paragraph(words % {"count": more}, is_quiet=True)


def _miss(miss: Miss) -> list[str]:
    clock = miss.clock
    cause = str(miss.case.cause) or NOTHING
    if clock.excluded_as:
        cause = _("does not count: %(reason)s") % {"reason": clock.get_excluded_as_display()}
    return [
        miss.case.label,
        f"{clock.get_metric_display()}, {clock.get_priority_display()}",
        moment_text(miss.due, SHORT_WITH_YEAR) if miss.due else NOTHING,
        late_text(miss),
        cause,
    ]


def _given(pack: ReviewPack) -> Iterator[Block]:
    told = [credit for credit in pack.credits if credit.state in TOLD]
    if not told:
        return
    yield Heading(_("What comes back to you"))
    rows = [
        [
            month_text(credit.month),
            money_text(credit.amount, credit.currency),
            str(TOLD[credit.state]),
        ]
        for credit in told
    ]
    yield Table([_("Month"), _("Credit"), _("State")], rows, numbers=(1,))


def _volumes(pack: ReviewPack) -> Iterator[Block]:
    yield Heading(_("How much there was to do"))
    months = [month_text(month.first, SHORT_MONTH) for month in pack.months]
    rows = [
        [
            str(volume.priority.label),
            *(str(volume.counts[month]) for month in pack.months),
            str(volume.total),
        ]
        for volume in pack.volumes
    ]
    numbers = range(1, len(months) + 2)
    yield Table([_("Priority"), *months, _("Together")], rows, numbers=list(numbers))
    points = [
        Point(month_text(month.first, SHORT_MONTH), pack.cases[month], str(pack.cases[month]))
        for month in pack.year
    ]
    yield Trend(points, volume_text(pack))
