"""Services in scope, credit bands and escalation steps: one row of each."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import NOT_SAID
from core.models import User
from sla.forms.spans import (
    HOURS,
    LONGEST,
    UNITS,
    in_minutes,
    in_units,
    percent_field,
    plain_number,
)
from sla.models import EscalationStep, Metric, Priority, ScopeItem
from sla.services.terms import BandRow, ScopeRow, StepRow

PERCENT: Final = "percent"
MOMENTS: Final = (
    # xgettext:no-python-format
    (PERCENT, _("% of the time")),
    ("minutes_before", _("minutes before the deadline")),
    ("hours_before", _("hours before the deadline")),
    ("minutes_after", _("minutes after the deadline")),
    ("hours_after", _("hours after the deadline")),
)
BEFORE, AFTER = "before", "after"
SIGNS: Final = {BEFORE: -1, AFTER: 1}
MOST_REPEATS: Final = 20


class ScopeForm(forms.Form):
    service = forms.CharField(label=_("Service"), max_length=160)
    quantity = forms.DecimalField(
        label=_("How much"), min_value=0, max_digits=14, decimal_places=4, required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    unit = forms.CharField(
        label=pgettext_lazy("of a quantity", "Unit"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"placeholder": _("visits, hours, sites")}),
    )  # fmt: skip
    per = forms.ChoiceField(
        label=_("Per"), choices=[NOT_SAID, *ScopeItem.Per.choices], required=False
    )
    excluded = forms.CharField(label=_("Not included"), max_length=500, required=False)

    @property
    def row(self) -> ScopeRow:
        return ScopeRow(**self.cleaned_data)


def initial_scope(row: ScopeRow) -> dict[str, Any]:
    quantity = "" if row.quantity is None else plain_number(row.quantity)
    return row.values() | {"quantity": quantity}


class BandForm(forms.Form):
    metric = forms.ChoiceField(
        label=_("What is measured"), choices=Metric.choices, initial=Metric.FIRST_RESPONSE
    )
    from_percent = percent_field(_("Kept in, from %"))
    to_percent = percent_field(_("to less than %"))
    credit_percent = percent_field(_("Credit, %"))

    @property
    def row(self) -> BandRow:
        return BandRow(**self.cleaned_data)


def initial_band(row: BandRow) -> dict[str, Any]:
    percents = ("from_percent", "to_percent", "credit_percent")
    return {"metric": row.metric} | {name: plain_number(getattr(row, name)) for name in percents}


class StepForm(forms.Form):
    """people -- whom a step may name, by id."""

    number = forms.IntegerField(label=_("When"), min_value=0, max_value=LONGEST)
    moment = forms.ChoiceField(label=_("Unit"), choices=MOMENTS, initial=PERCENT)
    action = forms.ChoiceField(
        label=_("What happens"),
        choices=EscalationStep.Action.choices,
        initial=EscalationStep.Action.NOTIFY,
    )
    who = forms.ChoiceField(label=_("Who"), required=False)
    priority = forms.ChoiceField(
        label=_("Priority"), choices=[("", _("all priorities")), *Priority.choices], required=False
    )
    metric = forms.ChoiceField(
        label=_("What is measured"),
        choices=[("", _("everything")), *Metric.choices],
        required=False,
    )
    any_hour = forms.BooleanField(label=_("also at night"), required=False)
    again = forms.IntegerField(
        label=_("Again every"), min_value=1, max_value=LONGEST, required=False
    )
    again_unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial=HOURS, required=False)
    repeat_limit = forms.IntegerField(
        label=_("At most, times"), min_value=1, max_value=MOST_REPEATS, required=False
    )

    def __init__(self, *args: Any, people: dict[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        named = [(pk, person.name) for pk, person in people.items()]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            NOT_SAID,
            (_("By role"), EscalationStep.Hearer.choices),
            (_("By name"), named),
        ]

    @property
    def row(self) -> StepRow:
        given = self.cleaned_data
        person = self.people.get(given["who"])
        unit, _between, side = given["moment"].partition("_")
        minutes = in_minutes(given["number"], unit)
        return StepRow(
            action=given["action"],
            percent=given["number"] if unit == PERCENT else None,
            minutes_from_due=None if unit == PERCENT else SIGNS[side] * minutes,
            hearer="" if person else given["who"],
            person=person,
            priority=given["priority"],
            metric=given["metric"],
            any_hour=given["any_hour"],
            repeat_minutes=given["again"] and in_minutes(given["again"], given["again_unit"]),
            repeat_limit=given["repeat_limit"] or 0,
        )


def initial_step(row: StepRow) -> dict[str, Any]:
    number, moment = row.percent, PERCENT
    if row.minutes_from_due is not None:
        number, unit = in_units(abs(row.minutes_from_due))
        moment = f"{unit}_{BEFORE if row.minutes_from_due < 0 else AFTER}"
    again, again_unit = in_units(row.repeat_minutes) if row.repeat_minutes else (None, HOURS)
    return row.values() | {
        "number": number,
        "moment": moment,
        "who": row.hearer or (str(row.person.pk) if row.person else ""),
        "again": again,
        "again_unit": again_unit,
        "repeat_limit": row.repeat_limit or None,
    }
