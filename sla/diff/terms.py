"""Terms and credits compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Sentence
from core.wording import money_text
from sla.diff.lines import NOTHING, Change, Judge, Line, by_order, higher, lower, neither, together
from sla.models import Contract, CreditBand, Metric
from sla.words import band_text, caps_text, day_text, days_text, every_months, misses_text


def term_lines(before: Contract, after: Contract) -> Iterator[Line]:
    for label, name, said, judge in _TERMS:
        old, new = getattr(before, name), getattr(after, name)
        yield Line(str(label), said(old), said(new), judge(old, new))
    yield _fee_line(before, after)


def _text(value: Any) -> str:
    return str(value) or NOTHING


def _day(value: date | None) -> str:
    return day_text(value) if value else _("until somebody ends it")


def _yes(value: Any) -> str:
    return _("yes") if value else _("no")


_TERMS: Final[tuple[tuple[Sentence, str, Callable[[Any], str], Judge], ...]] = (
    (gettext_lazy("What it is for"), "scope", _text, neither),
    (gettext_lazy("From"), "starts_on", _day, neither),
    (gettext_lazy("Until"), "ends_on", _day, neither),
    (gettext_lazy("Calendar"), "calendar", _text, neither),
    (gettext_lazy("Covers the companies of the group"), "covers_children", _yes, higher),
    (gettext_lazy("Renews itself"), "auto_renew", _yes, neither),
    (gettext_lazy("Notice"), "notice_days", days_text, neither),
    (gettext_lazy("Review together"), "review_every", every_months, lower),
)


def _fee_line(before: Contract, after: Contract) -> Line:
    old, new = before.monthly_fee, after.monthly_fee
    if old is None or new is None or before.currency != after.currency:
        change = neither((old, before.currency), (new, after.currency))
    else:
        change = lower(old, new)
    said = [_money(each.monthly_fee, each.currency) for each in (before, after)]
    return Line(_("Monthly fee"), said[0], said[1], change)


def _money(amount: Decimal | None, currency: str) -> str:
    return NOTHING if amount is None else money_text(amount, currency)


def credit_lines(before: Contract, after: Contract) -> Iterator[Line]:
    for metric in Metric:
        old, new = (_bands(contract, metric) for contract in (before, after))
        if old or new:
            yield Line(str(metric.label), _bands_text(old), _bands_text(new), _judged(old, new))
    misses = together(
        higher(before.per_extra_miss_percent, after.per_extra_miss_percent),
        lower(before.tolerated_misses, after.tolerated_misses),
        neither(before.n_min, after.n_min),
    )
    yield Line(_("Single misses"), misses_text(before), misses_text(after), misses)
    caps = together(
        higher(before.monthly_cap_percent, after.monthly_cap_percent),
        higher(before.annual_cap_percent, after.annual_cap_percent),
    )
    yield Line(_("Limits"), caps_text(before), caps_text(after), caps)


def _bands(contract: Contract, metric: str) -> list[CreditBand]:
    return [each for each in contract.credit_bands.all() if each.metric == metric]


def _bands_text(bands: list[CreditBand]) -> str:
    return "; ".join(map(band_text, bands)) or NOTHING


def _judged(old: list[CreditBand], new: list[CreditBand]) -> Change:
    """Compare what each attainment earns, from one limit of all the bands to the next."""
    limits = sorted(
        {each for band in [*old, *new] for each in (band.from_percent, band.to_percent)}
    )
    earned = [(_earned(old, low), _earned(new, low)) for low, _high in pairwise(limits)]
    return by_order(
        is_better=any(becomes > was for was, becomes in earned),
        is_worse=any(becomes < was for was, becomes in earned),
    )


def _earned(bands: list[CreditBand], percent: Decimal) -> Decimal:
    found = (
        each.credit_percent for each in bands if each.from_percent <= percent < each.to_percent
    )
    return next(found, Decimal())
