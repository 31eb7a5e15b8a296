"""A contract as people read it: everything it says, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import Sentence
from sla.courses import as_step
from sla.models import (
    Contract,
    CreditBand,
    EscalationStep,
    Exclusion,
    Metric,
    ScopeItem,
    Target,
)
from sla.promises import Level, levels_of
from sla.services.terms import Terms
from sla.steps import HOUSE_STEPS
from sla.words import (
    band_text,
    caps_text,
    exclusion_text,
    misses_text,
    service_text,
    step_text,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a contract has many of; the rows need not be stored yet."""

    targets: list[Target]
    scope_items: list[ScopeItem]
    exclusions: list[Exclusion]
    credit_bands: list[CreditBand]
    escalation_steps: list[EscalationStep]

    @classmethod
    def of(cls, contract: Contract) -> Parts:
        return cls(
            list(contract.targets.all()),
            list(contract.scope_items.all()),
            list(contract.exclusions.all()),
            list(contract.credit_bands.all()),
            list(contract.escalation_steps.all()),
        )

    @classmethod
    def proposed(cls, terms: Terms) -> Parts:
        return cls(
            [Target(**row.values()) for row in terms.targets],
            [ScopeItem(**row.values()) for row in terms.scope_items],
            [Exclusion(**row.values()) for row in terms.exclusions],
            [CreditBand(**row.values()) for row in terms.bands],
            [
                EscalationStep(position=position, **row.values())
                for position, row in enumerate(terms.steps, start=1)
            ],
        )


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what is included, and what is not."""

    included: str
    excluded: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """What comes back when too few promises were kept. bands -- by metric."""

    bands: list[tuple[Sentence, list[str]]]
    misses: str
    caps: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All a contract says. has_own_steps -- else the steps are those of the house."""

    levels: list[Level]
    services: list[Service]
    exclusions: list[str]
    scheme: Scheme
    steps: list[str]
    has_own_steps: bool


def reading_of(contract: Contract) -> Reading:
    return _reading(contract, Parts.of(contract))


def reading_of_terms(terms: Terms) -> Reading:
    """Return the reading of what is not stored yet."""
    contract = Contract()
    terms.put_on(contract)
    return _reading(contract, Parts.proposed(terms))


def _reading(contract: Contract, parts: Parts) -> Reading:
    return Reading(
        levels=levels_of(parts.targets, contract.calendar),
        services=[Service(service_text(each), each.excluded) for each in parts.scope_items],
        exclusions=list(map(exclusion_text, parts.exclusions)),
        scheme=_scheme(contract, parts.credit_bands),
        steps=step_texts(parts.escalation_steps),
        has_own_steps=bool(parts.escalation_steps),
    )


def _scheme(contract: Contract, bands: Iterable[CreditBand]) -> Scheme:
    by_metric: dict[str, list[str]] = {}
    for band in sorted(bands, key=lambda each: -each.from_percent):
        by_metric.setdefault(band.metric, []).append(band_text(band))
    return Scheme(
        bands=[(metric.label, by_metric[metric]) for metric in Metric if metric in by_metric],
        misses=misses_text(contract),
        caps=caps_text(contract),
    )


def step_texts(rows: Iterable[EscalationStep]) -> list[str]:
    """Return the steps in words; none are the steps of the house."""
    written = list(rows)
    names = {row.person.pk: row.person.name for row in written if row.person}
    steps = [as_step(row) for row in written] or HOUSE_STEPS
    return [step_text(step, names) for step in steps]
