"""The table of promised times: for each priority, and for single categories of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.errors import Sentence
from sla.forms.spans import (
    HOURS,
    MINUTES,
    in_minutes,
    in_units,
    number_field,
    percent_field,
    plain_number,
    units_of,
)
from sla.history import Key
from sla.house import HOUSE_STANDARD, Promised
from sla.models import Metric, Priority
from sla.outlook import Outlook
from sla.services.terms import TargetRow
from sla.subjects import categories
from sla.words import length

PARTS: Final = ("number", "unit", "share")
ALWAYS: Final = "_always"
WORKING: Final = ((MINUTES, _("working minutes")), (HOURS, _("working hours")))
ANY_HOUR: Final = (
    (MINUTES + ALWAYS, _("minutes, 24×7")),
    (HOURS + ALWAYS, _("hours, 24×7")),
)
USUAL_SHARE: Final = Decimal(90)


@dataclass(frozen=True, slots=True)
class TargetCell:
    """The fields of one target, and what to know before it is promised.

    house   -- what holds while the number is empty; "" where the house promises nothing.
    outlook -- None where nothing is promised.
    """

    metric: Metric
    number: forms.BoundField
    unit: forms.BoundField
    share: forms.BoundField
    house: str
    outlook: Outlook | None

    @property
    def outlook_id(self) -> str:
        return f"outlook-{self.number.html_name}"


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """The targets of a priority.

    row -- for a group of one category: its set and number, for the button that takes it away.
    """

    form: LevelForm
    priority: Priority | None
    meaning: Sentence
    cells: list[TargetCell]
    row: str = ""
    number: int = 0


class LevelForm(forms.Form):
    """Promised times of one priority. An empty number leaves what holds for all, or the house's."""

    def __init__(self, *args: Any, priority: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grade = priority
        for metric in Metric:
            self.fields |= _fields(priority, metric)

    @property
    def key(self) -> tuple[str, str]:
        """Priority and category, as far as they are known."""
        return self.grade, ""

    def rows(self) -> Iterator[TargetRow]:
        """Yield what is filled in and right so far; the form has been validated."""
        given = self.cleaned_data
        priority, category = self.key
        for metric in Metric.values:
            number, unit, share = (given.get(f"{metric}_{part}") for part in PARTS)
            unit = unit or HOURS
            if number and priority:
                yield TargetRow(
                    priority=priority,
                    metric=metric,
                    minutes=in_minutes(number, unit.removesuffix(ALWAYS)),
                    around_the_clock=unit.endswith(ALWAYS) or priority == Priority.P1,
                    category=category,
                    attainment_percent=USUAL_SHARE if share is None else share,
                )

    def cells(self, outlook: Mapping[Key, Outlook]) -> list[TargetCell]:
        return [self._cell(metric, outlook) for metric in Metric]

    def _cell(self, metric: Metric, outlook: Mapping[Key, Outlook]) -> TargetCell:
        number, unit, share = (self[f"{metric}_{part}"] for part in PARTS)
        priority, category = self.key
        house = None if category else HOUSE_STANDARD.get((priority, metric))
        return TargetCell(
            metric, number, unit, share,
            house=length(house) if house else "",
            outlook=outlook.get((priority, category, metric)),
        )  # fmt: skip


class CategoryForm(LevelForm):
    """Promised times of one priority for complaints of one category only."""

    priority = forms.ChoiceField(
        label=_("Priority"), choices=Priority.choices, initial=Priority.P2, required=False
    )
    category = forms.ChoiceField(label=_("Category"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Choose…")), *categories()]  # type: ignore[attr-defined]

    @property
    def key(self) -> tuple[str, str]:
        if not self.is_bound:
            return self.initial.get("priority", ""), self.initial.get("category", "")
        given = getattr(self, "cleaned_data", {})
        return given.get("priority", ""), given.get("category", "")

    def rows(self) -> Iterator[TargetRow]:
        return super().rows() if self.key[1] else iter(())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_used = any(given.get(f"{metric}_number") for metric in Metric.values)
        if is_used and not given.get("category"):
            self.add_error("category", _("Choose the category."))
        return given


def _fields(priority: str, metric: Metric) -> dict[str, forms.Field]:
    grade = Priority(priority).label if priority else _("Category")
    said = format_lazy("{grade}: {metric}", grade=grade, metric=metric.label)
    number, unit = _placeholder(HOUSE_STANDARD.get((priority, metric)))
    # xgettext:no-python-format
    share = percent_field(_("in % of cases"), initial=USUAL_SHARE, required=False)
    share.widget.attrs["aria-label"] = format_lazy("{said}, {share}", said=said, share=share.label)
    return {
        f"{metric}_number": number_field(said, placeholder=number),
        f"{metric}_unit": forms.ChoiceField(
            label=_("Unit"),
            choices=ANY_HOUR if priority == Priority.P1 else [*WORKING, *ANY_HOUR],
            initial=unit,
            required=False,
            widget=forms.Select(
                attrs={"aria-label": format_lazy("{said}, {unit}", said=said, unit=_("Unit"))}
            ),
        ),
        f"{metric}_share": share,
    }


def _placeholder(house: Promised | None) -> tuple[Any, str]:
    """Return the number and unit that stand in the empty field; a time in days has none."""
    if house is None or house.days:
        return "", HOURS
    number, unit = units_of(house.amount)
    return number, unit + ALWAYS if house.around_the_clock else unit


def initial_cells(rows: Iterable[TargetRow]) -> dict[str, Any]:
    """Return what the fields of one priority and category show of these rows."""
    shown: dict[str, Any] = {}
    for row in rows:
        number, unit = in_units(row.minutes)
        shown |= {
            f"{row.metric}_number": number,
            f"{row.metric}_unit": unit + ALWAYS if row.around_the_clock else unit,
            f"{row.metric}_share": plain_number(row.attainment_percent),
        }
    return shown
