"""How a credit was computed, told line by line (4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.shares import Share
from core.wording import money_text, share_text
from sla.credits import HUNDRED, MISSES
from sla.models import Credit, CreditBand, Metric
from sla.words import band_text, percent_text


@dataclass(frozen=True, slots=True)
class MetricStory:
    """One metric: what was kept, by which rule that earns how much."""

    metric: Metric
    kept: str
    rule: str
    earns: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One of the two caps. is_limit -- it took something away."""

    words: str
    amount: str
    is_limit: bool


@dataclass(frozen=True, slots=True)
class CreditStory:
    metrics: list[MetricStory]
    percent: str
    uncapped: str
    limits: list[Limit]
    amount: str


def credit_story(credit: Credit) -> CreditStory:
    contract = credit.contract
    bands = list(contract.credit_bands.all())
    caps = [
        (
            _("At most %(share)s of the month’s fee")
            % {"share": percent_text(contract.monthly_cap_percent)},
            credit.monthly_cap,
            Credit.Limit.MONTHLY_CAP,
        ),
        (
            _("Left of the year’s cap, %(share)s of the year’s fee")
            % {"share": percent_text(contract.annual_cap_percent)},
            credit.annual_room,
            Credit.Limit.ANNUAL_ROOM,
        ),
    ]
    return CreditStory(
        metrics=[_metric(line, credit, bands) for line in credit.lines],
        percent=percent_text(credit.uncapped_percent),
        uncapped=_money(credit.uncapped, credit),
        limits=[
            Limit(words, _money(amount, credit), limit == credit.limited_by)
            for words, amount, limit in caps
        ],
        amount=_money(credit.amount, credit),
    )


def _money(amount: Decimal, credit: Credit) -> str:
    return money_text(amount, credit.currency)


def _metric(line: dict[str, Any], credit: Credit, bands: list[CreditBand]) -> MetricStory:
    met, counted = line["met"], line["counted"]
    return MetricStory(
        metric=Metric(line["metric"]),
        kept=share_text(Share(met, counted)) if counted else _("nothing fell due"),
        rule=_by_misses(line, credit) if line["rule"] == MISSES else _by_band(line, bands),
        earns=percent_text(Decimal(line["credit_percent"])),
    )


def _by_misses(line: dict[str, Any], credit: Credit) -> str:
    contract, counted = credit.contract, line["counted"]
    if not counted:
        return ""
    said = ngettext(
        "%(count)d case is fewer than %(least)d, so the misses are counted: %(missed)d, of which "
        "%(tolerated)d without a credit, and %(share)s for each further one",
        "%(count)d cases are fewer than %(least)d, so the misses are counted: %(missed)d, of which "
        "%(tolerated)d without a credit, and %(share)s for each further one",
        counted,
    )
    return said % {
        "count": counted,
        "least": contract.n_min,
        "missed": counted - line["met"],
        "tolerated": contract.tolerated_misses,
        "share": percent_text(contract.per_extra_miss_percent),
    }


def _by_band(line: dict[str, Any], bands: list[CreditBand]) -> str:
    share = HUNDRED * line["met"] / line["counted"]
    for band in bands:
        if band.metric == line["metric"] and band.from_percent <= share < band.to_percent:
            return band_text(band)
    return _("kept often enough: no credit")
