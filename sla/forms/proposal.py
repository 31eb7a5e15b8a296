"""The proposal builder: all terms of one version on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.models import Calendar, User
from core.pages import VersionedForm
from core.queries import colleagues
from sla.forms.parts import (
    BandForm,
    ScopeForm,
    StepForm,
    initial_band,
    initial_scope,
    initial_step,
)
from sla.forms.rows import RowSet
from sla.forms.spans import percent_field, plain_number
from sla.forms.targets import CategoryForm, LevelForm, TargetGroup, initial_cells
from sla.history import Key
from sla.models import Exclusion, Priority
from sla.outlook import Outlook
from sla.services.terms import ExclusionRow, TargetRow, Terms
from sla.words import MEANINGS

CREDITS: Final = (
    "monthly_cap_percent", "annual_cap_percent", "n_min", "per_extra_miss_percent",
    "tolerated_misses",
)  # fmt: skip
"""Fields of the section that is folded away."""


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProposalForm(forms.Form):
    """Cleans to `terms`, what the services take.

    begin -- the terms that an untouched form shows.
    """

    use_required_attribute = False

    scope = forms.CharField(
        label=_("What it is for"), max_length=80, required=False,
        help_text=_("Such as “Kiosk service”. Empty: everything we do for this client."),
    )  # fmt: skip
    calendar = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.exclude(current=None).order_by("name"),
        help_text=_("Working hours are counted by these opening hours."),
    )
    starts_on = forms.DateField(label=_("From"), widget=_date_input())
    ends_on = forms.DateField(
        label=_("Until, this day included"), required=False, widget=_date_input(),
        help_text=_("Empty: until somebody ends it."),
    )  # fmt: skip
    notice_days = forms.IntegerField(label=_("Notice, days"), min_value=0, max_value=3650)
    auto_renew = forms.BooleanField(
        label=_("It renews itself for as long again unless somebody ends it"), required=False
    )
    covers_children = forms.BooleanField(
        label=_("It also covers the companies of the group below this one"), required=False
    )
    monthly_fee = forms.DecimalField(
        label=_("Monthly fee"), min_value=0, max_digits=14, decimal_places=2, required=False,
        widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"}),
        help_text=_("Credits are shares of it; without a fee there are none."),
    )  # fmt: skip
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        error_messages={"invalid": _("Three capital letters, such as EUR.")},
    )
    review_every = forms.IntegerField(label=_("Review every, months"), min_value=1, max_value=120)
    # xgettext:no-python-format
    monthly_cap_percent = percent_field(_("At most, % of the month’s fee"))
    # xgettext:no-python-format
    annual_cap_percent = percent_field(_("At most, % of the year’s fee"))
    n_min = forms.IntegerField(
        label=_("Bands count from so many cases"), min_value=0, max_value=32_767
    )
    per_extra_miss_percent = percent_field(_("With fewer cases, for each miss, %"))
    tolerated_misses = forms.IntegerField(
        label=_("Misses without a credit"), min_value=0, max_value=32_767
    )

    def __init__(self, data: QueryDict | None = None, *, begin: Terms, **kwargs: Any) -> None:
        initial = _initial(begin) | kwargs.pop("initial", {})
        super().__init__(data, initial=initial, **kwargs)
        self.begin = begin
        for kind in Exclusion.Kind:
            self.fields |= _exclusion_fields(kind)
        self.levels = [_level(data, priority, begin.targets) for priority in Priority]
        special = _initial_categories(begin.targets)
        self.categories = RowSet("category", CategoryForm, data, special, most=8)
        services = map(initial_scope, begin.scope_items)
        self.services = RowSet("service", ScopeForm, data, services, most=15)
        self.bands = RowSet("band", BandForm, data, map(initial_band, begin.bands), most=12)
        step_form = partial(StepForm, people=_people(begin))
        self.steps = RowSet("step", step_form, data, map(initial_step, begin.steps), most=10)

    def clean(self) -> dict[str, Any]:
        """Gather the sections into terms."""
        given = super().clean() or self.cleaned_data
        self.told = dict(given)
        if not all(self._validated()):
            raise ValidationError(_("Some rows are not complete yet; they are marked below."))
        return given if self.errors else {"terms": self.so_far}

    def _validated(self) -> list[bool]:
        rows: list[RowSet[Any]] = [self.categories, self.services, self.bands, self.steps]
        return [form.is_valid() for form in self.levels] + [each.is_valid() for each in rows]

    @property
    def so_far(self) -> Terms:
        """The terms as far as they can be understood; a wrong field leaves what was before."""
        if not self.is_bound:
            return self.begin
        self.is_valid()
        told = {name: self.told[name] for name in Terms.columns() if name in self.told}
        return replace(
            self.begin,
            **told,
            targets=tuple(row for form in [*self.levels, *self.categories] for row in form.rows()),
            scope_items=tuple(form.row for form in self.services.filled if not form.errors),
            exclusions=tuple(self._exclusions()),
            bands=tuple(form.row for form in self.bands.filled if not form.errors),
            steps=tuple(form.row for form in self.steps.filled if not form.errors),
        )

    def _exclusions(self) -> Iterable[ExclusionRow]:
        for kind in Exclusion.Kind:
            if self.told.get(f"excuse_{kind}"):
                yield ExclusionRow(kind, self.told.get(f"excuse_{kind}_text", ""))

    def groups(self, outlook: Mapping[Key, Outlook]) -> list[TargetGroup]:
        """Return the table of targets, each with what to know before it is promised."""
        general = [
            TargetGroup(form, priority, MEANINGS[priority], form.cells(outlook))
            for priority, form in zip(Priority, self.levels, strict=True)
        ]
        special = [
            TargetGroup(row.form, None, "", row.form.cells(outlook), "category", row.number)
            for row in self.categories.rows
        ]
        return general + special

    @property
    def exclusion_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"excuse_{kind}"], self[f"excuse_{kind}_text"]) for kind in Exclusion.Kind]

    @property
    def opens_credits(self) -> bool:
        """Whether something is wrong in the section that the form folds away, or being changed."""
        changed = {row.form.is_bound for row in self.bands.rows} == {True, False}
        wrong = any(self[name].errors for name in CREDITS) or not self.bands.is_valid()
        return changed or wrong


class EditProposalForm(ProposalForm, VersionedForm):
    pass


def _level(data: QueryDict | None, priority: Priority, rows: Iterable[TargetRow]) -> LevelForm:
    own = [row for row in rows if (row.priority, row.category) == (priority, "")]
    return LevelForm(
        data, prefix=str(priority), priority=priority, initial=initial_cells(own),
        use_required_attribute=False,
    )  # fmt: skip


def _initial_categories(rows: Iterable[TargetRow]) -> list[dict[str, Any]]:
    grouped: dict[tuple[str, str], list[TargetRow]] = {}
    for row in rows:
        if row.category:
            grouped.setdefault((row.priority, row.category), []).append(row)
    return [
        {"priority": priority, "category": category} | initial_cells(own)
        for (priority, category), own in grouped.items()
    ]


def _people(begin: Terms) -> dict[str, User]:
    """Return whom a step may name: colleagues, and those whom it names already."""
    named = [row.person for row in begin.steps if row.person]
    return {str(person.pk): person for person in [*colleagues(), *named]}


def _exclusion_fields(kind: Exclusion.Kind) -> dict[str, forms.Field]:
    return {
        f"excuse_{kind}": forms.BooleanField(label=kind.label, required=False),
        f"excuse_{kind}_text": forms.CharField(
            label=_("What exactly"), max_length=500, required=False,
            widget=forms.TextInput(attrs={"placeholder": _("What exactly"), "aria-label": kind.label}),
        ),
    }  # fmt: skip


def _initial(terms: Terms) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(terms, name) for name in Terms.columns()}
    shown |= {name: plain_number(shown[name]) for name in CREDITS if name.endswith("percent")}
    excused = {row.kind: row.text for row in terms.exclusions}
    return shown | {
        f"excuse_{kind}{part}": value
        for kind, text in excused.items()
        for part, value in (("", True), ("_text", text))
    }
