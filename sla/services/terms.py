"""What a contract says, as people and programs enter it, and what no contract may say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, ClassVar, Final, Self

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Calendar, User
from sla.credits import DEFAULT_SCHEME
from sla.house import HOUSE_STANDARD
from sla.models import (
    Contract,
    CreditBand,
    EscalationStep,
    Exclusion,
    Metric,
    Priority,
    ScopeItem,
    Target,
)
from sla.subjects import categories

PARTS: Final = ("targets", "scope_items", "exclusions", "bands", "steps")
"""What a contract has many of, by its name in the terms."""
HUNDRED: Final = Decimal(100)
MOST_REPEATS: Final = 20


class EndsBeforeStart(DomainError):
    code = "ends_before_start"


class ImpossibleFigure(DomainError):
    code = "impossible_figure"


class WrittenTwice(DomainError):
    code = "written_twice"


class UnknownCategory(DomainError):
    code = "unknown_category"


class UnknownExclusion(DomainError):
    code = "unknown_exclusion"


class ResponseAfterResolution(DomainError):
    code = "response_after_resolution"


class WorkaroundAfterResolution(DomainError):
    code = "workaround_after_resolution"


class BandsOverlap(DomainError):
    code = "bands_overlap"


class StepWithoutMoment(DomainError):
    code = "step_without_moment"


class StepNamesNobody(DomainError):
    code = "step_names_nobody"


class RepeatsWithoutLimit(DomainError):
    code = "repeats_without_limit"


class _Fields:
    """Reads itself back from anything that has the same attributes."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})

    def values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        """Say it for the audit; equal rows read the same."""
        return " ".join(word for word in map(_plain, self.values().values()) if word)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, bool):
        return "24x7" if value else ""
    return str(value.pk) if isinstance(value, User) else str("" if value is None else value)


@dataclass(frozen=True, slots=True)
class TargetRow(_Fields):
    """One promised time. category -- only for complaints of this kind; empty for all."""

    priority: str
    metric: str
    minutes: int
    around_the_clock: bool = False
    category: str = ""
    attainment_percent: Decimal = Decimal(90)


@dataclass(frozen=True, slots=True)
class ScopeRow(_Fields):
    """One service, how much of it, and what is not part of it."""

    service: str
    quantity: Decimal | None = None
    unit: str = ""
    per: str = ""
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class ExclusionRow(_Fields):
    """One reason of the closed list for which a missed time does not count against us."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class BandRow(_Fields):
    """The credit for a month whose attainment lies in [from_percent, to_percent)."""

    metric: str
    from_percent: Decimal
    to_percent: Decimal
    credit_percent: Decimal


@dataclass(frozen=True, slots=True)
class StepRow(_Fields):
    """Who hears or takes over when a promised time runs out; either percent or minutes say when."""

    action: str
    percent: int | None = None
    minutes_from_due: int | None = None
    hearer: str = ""
    person: User | None = None
    priority: str = ""
    metric: str = ""
    any_hour: bool = False
    repeat_minutes: int | None = None
    repeat_limit: int = 0


DEFAULT_BANDS: Final = tuple(
    BandRow(metric, band.from_percent, band.to_percent, band.credit_percent)
    for metric, bands in DEFAULT_SCHEME.bands.items()
    for band in bands
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """All that one version of a contract says.

    ends_on -- its last day; None until somebody ends it.
    targets -- where they say nothing, the house standard holds.
    steps   -- none are the steps of the house.
    """

    calendar: Calendar
    starts_on: date
    ends_on: date | None = None
    scope: str = ""
    covers_children: bool = False
    auto_renew: bool = False
    notice_days: int = 60
    monthly_fee: Decimal | None = None
    currency: str = "EUR"
    review_every: int = 3
    monthly_cap_percent: Decimal = DEFAULT_SCHEME.monthly_cap_percent
    annual_cap_percent: Decimal = DEFAULT_SCHEME.annual_cap_percent
    n_min: int = DEFAULT_SCHEME.n_min
    per_extra_miss_percent: Decimal = DEFAULT_SCHEME.per_extra_miss_percent
    tolerated_misses: int = DEFAULT_SCHEME.tolerated_misses
    targets: tuple[TargetRow, ...]
    scope_items: tuple[ScopeRow, ...] = ()
    exclusions: tuple[ExclusionRow, ...] = ()
    bands: tuple[BandRow, ...] = DEFAULT_BANDS
    steps: tuple[StepRow, ...] = ()

    @classmethod
    def of(cls, contract: Contract) -> Terms:
        """Read them back from a contract."""
        return cls(
            **{name: getattr(contract, name) for name in cls.columns()},
            targets=tuple(map(TargetRow.of, contract.targets.all())),
            scope_items=tuple(map(ScopeRow.of, contract.scope_items.all())),
            exclusions=tuple(map(ExclusionRow.of, contract.exclusions.all())),
            bands=tuple(map(BandRow.of, contract.credit_bands.all())),
            steps=tuple(map(StepRow.of, contract.escalation_steps.select_related("person"))),
        )

    @classmethod
    def columns(cls) -> list[str]:
        """Return the names of what the contract's own row holds."""
        return [field.name for field in fields(cls) if field.name not in PARTS]

    def put_on(self, contract: Contract) -> None:
        """Let the contract's own row say this; the caller saves it."""
        for name in self.columns():
            setattr(contract, name, getattr(self, name))

    def write_rows(self, contract: Contract) -> None:
        """Write the parts of a saved draft, in place of those it had."""
        for rows in (
            contract.targets, contract.scope_items, contract.exclusions, contract.credit_bands,
            contract.escalation_steps,
        ):  # fmt: skip
            rows.all().delete()
        Target.objects.bulk_create(
            Target(contract=contract, **row.values()) for row in self.targets
        )
        ScopeItem.objects.bulk_create(
            ScopeItem(contract=contract, **row.values()) for row in self.scope_items
        )
        Exclusion.objects.bulk_create(
            Exclusion(contract=contract, **row.values()) for row in self.exclusions
        )
        CreditBand.objects.bulk_create(
            CreditBand(contract=contract, **row.values()) for row in self.bands
        )
        EscalationStep.objects.bulk_create(
            EscalationStep(contract=contract, position=position, **row.values())
            for position, row in enumerate(self.steps, start=1)
        )

    def told(self, part: str) -> list[str]:
        """Return one of the parts in the words of the audit."""
        return [str(row) for row in getattr(self, part)]

    def check(self) -> None:
        """Refuse what no contract may say, each with its own code."""
        if self.ends_on and self.ends_on < self.starts_on:
            raise EndsBeforeStart(_("The contract ends before it starts. Change one of the dates."))
        _check_figures(self)
        _check_targets(self.targets)
        _check_bands(self.bands)
        _check_exclusions(self.exclusions)
        for step in self.steps:
            _check_step(step)


def _check_figures(terms: Terms) -> None:
    shares = [
        terms.monthly_cap_percent, terms.annual_cap_percent, terms.per_extra_miss_percent,
        *(row.credit_percent for row in terms.bands),
        *(row.attainment_percent for row in terms.targets),
    ]  # fmt: skip
    if not all(0 <= share <= HUNDRED for share in shares):
        raise ImpossibleFigure(_("A percentage lies between 0 and 100."))
    if any(row.minutes < 1 or row.attainment_percent == 0 for row in terms.targets):
        raise ImpossibleFigure(_("A target takes at least a minute and is kept in more than 0 %."))
    if terms.monthly_fee is not None and terms.monthly_fee < 0:
        raise ImpossibleFigure(_("The monthly fee cannot be negative."))
    if terms.review_every < 1:
        raise ImpossibleFigure(_("At least one month lies between two reviews."))


def _check_once(keys: Iterable[Hashable]) -> None:
    if any(times > 1 for times in Counter(keys).values()):
        raise WrittenTwice(_("The same line is written twice. Keep one of the two."))


def _check_targets(rows: tuple[TargetRow, ...]) -> None:
    _check_once((row.priority, row.category, row.metric) for row in rows)
    known = {"", *(value for value, _label in categories())}
    if strange := {row.category for row in rows} - known:
        raise UnknownCategory(_("There is no category “%(name)s”.") % {"name": min(strange)})
    _check_order(rows)


def _check_order(rows: tuple[TargetRow, ...]) -> None:
    """Refuse an answer or a workaround later than the solution; the house fills the gaps."""
    written = {(row.priority, row.category, row.metric): row.minutes for row in rows}
    for priority, category in {(row.priority, row.category) for row in rows}:
        times = {
            metric: written.get((priority, category, metric)) or written.get((priority, "", metric))
            for metric in Metric
        }
        amounts = {
            metric: timedelta(minutes=minutes) if minutes else _house(priority, metric)
            for metric, minutes in times.items()
        }
        said = {"priority": Priority(priority).label}
        if amounts[Metric.FIRST_RESPONSE] > amounts[Metric.RESOLUTION]:
            raise ResponseAfterResolution(
                _("The first response cannot take longer than the resolution. Check %(priority)s.")
                % said
            )
        if amounts[Metric.WORKAROUND] > amounts[Metric.RESOLUTION]:
            raise WorkaroundAfterResolution(
                _("The workaround cannot take longer than the resolution. Check %(priority)s.")
                % said
            )


def _house(priority: str, metric: str) -> timedelta:
    house = HOUSE_STANDARD.get((priority, metric))
    return house.amount if house else timedelta()


def _check_bands(rows: tuple[BandRow, ...]) -> None:
    if not all(0 <= row.from_percent < row.to_percent <= HUNDRED for row in rows):
        raise ImpossibleFigure(_("A credit band runs upwards, between 0 and 100 %."))
    ordered = sorted(rows, key=lambda row: (row.metric, row.from_percent))
    for lower, upper in pairwise(ordered):
        if lower.metric == upper.metric and upper.from_percent < lower.to_percent:
            raise BandsOverlap(
                _("Two credit bands of “%(metric)s” overlap. Let one end where the other begins.")
                % {"metric": Metric(lower.metric).label}
            )


def _check_exclusions(rows: tuple[ExclusionRow, ...]) -> None:
    _check_once(row.kind for row in rows)
    if {row.kind for row in rows} - set(Exclusion.Kind.values):
        raise UnknownExclusion(
            _(
                "Only the reasons on the list can be excluded. A supplier’s delay is not one of them."
            )
        )


def _check_step(row: StepRow) -> None:
    if (row.percent is None) == (row.minutes_from_due is None):
        raise StepWithoutMoment(
            _("Say when a step happens: at a percentage or minutes from the deadline, not both.")
        )
    if row.percent is not None and not 0 < row.percent < HUNDRED:
        # xgettext:no-python-format
        raise ImpossibleFigure(_("A step happens between 1 and 99 % of the time."))
    needs_person = row.action == EscalationStep.Action.REASSIGN
    needs_somebody = row.action == EscalationStep.Action.NOTIFY and not row.hearer
    if (needs_person or needs_somebody) and row.person is None:
        raise StepNamesNobody(_("Say who hears of the step, or to whom it gives the work."))
    if row.repeat_minutes is None and row.repeat_limit == 0:
        return
    if not row.repeat_minutes or not 1 <= row.repeat_limit <= MOST_REPEATS:
        raise RepeatsWithoutLimit(
            _("Say how often a step repeats, at most %(most)d times.") % {"most": MOST_REPEATS}
        )
