"""Forms of contracts. They check shape only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.errors import Sentence
from core.models import Calendar, User
from core.pages import VersionedForm
from sla.house import HOUSE_STANDARD
from sla.models import Contract, Priority, Target
from sla.queries import STARTED_TOGETHER
from sla.services import TargetRow
from sla.words import MEANINGS

ANY: Final = ("", _("Any"))
MINUTES, HOURS = "minutes", "hours"
UNITS: Final = ((MINUTES, _("minutes")), (HOURS, _("hours")))
LONGEST: Final = 9_999
HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class TargetCell:
    """The three fields of one target, as the table draws them."""

    label: Sentence
    number: forms.BoundField
    unit: forms.BoundField
    around_the_clock: forms.BoundField


@dataclass(frozen=True, slots=True)
class TargetLine:
    priority: Priority
    meaning: Sentence
    cells: list[TargetCell]


class ContractFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), choices=[ANY, *Contract.State.choices], required=False
    )
    account = forms.ModelChoiceField(
        label=_("Account"), queryset=Account.objects.none(), required=False, empty_label=_("Any")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Contract.objects.visible_to(user).values("account")
        accounts = Account.objects.visible_to(user).filter(pk__in=held).order_by("sort_name", "id")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]

    @property
    def is_in_use(self) -> bool:
        return any(self.cleaned_data.values())


class AccountForm(forms.Form):
    """For whom to draft a contract."""

    account = forms.ModelChoiceField(label=_("Account"), queryset=Account.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Account.objects.visible_to(user).filter(archived_at=None)
        own = visible if user.has_role(User.Role.HEAD_OF_KAM) else visible.own_of(user)
        self.fields["account"].queryset = own.order_by("sort_name", "id")  # type: ignore[attr-defined]


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ContractForm(forms.Form):
    """The terms and the table of targets; an empty number leaves the house standard."""

    calendar = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.exclude(current=None).order_by("name"),
        help_text=_("Working hours are counted by these opening hours."),
    )
    starts_on = forms.DateField(label=_("From"), widget=_date_input())
    ends_on = forms.DateField(
        label=_("Until, this day included"),
        required=False,
        widget=_date_input(),
        help_text=_("Empty: until somebody ends it."),
    )
    covers_children = forms.BooleanField(
        label=_("It also covers the companies of the group below this one"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for priority, metric in _keys():
            self.fields |= _target_fields(priority, metric)

    @property
    def target_lines(self) -> list[TargetLine]:
        return [
            TargetLine(
                priority,
                MEANINGS[priority],
                [self._cell(priority, metric) for metric in STARTED_TOGETHER],
            )
            for priority in Priority
        ]

    @property
    def terms(self) -> list[forms.BoundField]:
        return [self[name] for name in ("calendar", "starts_on", "ends_on", "covers_children")]

    def clean(self) -> dict[str, Any]:
        """Gather the table into what the service takes."""
        given = super().clean() or self.cleaned_data
        fields = {f"{key}_{part}" for key in map("_".join, _keys()) for part in PARTS}
        targets = [row for priority, metric in _keys() for row in _rows(given, priority, metric)]
        terms = {name: value for name, value in given.items() if name not in fields}
        return terms | {"targets": targets}

    def _cell(self, priority: str, metric: str) -> TargetCell:
        number, unit, around = (self[f"{priority}_{metric}_{part}"] for part in PARTS)
        return TargetCell(METRIC_LABELS[metric], number, unit, around)


class EditContractForm(ContractForm, VersionedForm):
    pass


class EndForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why it ends"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history of the account."),
    )


PARTS: Final = ("number", "unit", "always")
METRIC_LABELS: Final[dict[str, Sentence]] = {
    "first_response": _("We answer within"),
    "resolution": _("We solve it within"),
}


def _keys() -> Iterator[tuple[str, str]]:
    for priority in Priority.values:
        for metric in STARTED_TOGETHER:
            yield priority, metric.value


def _target_fields(priority: str, metric: str) -> dict[str, forms.Field]:
    house = HOUSE_STANDARD[priority, metric]
    number, unit = in_units(house.amount)
    said = f"{Priority(priority).label}: {METRIC_LABELS[metric]}"
    is_p1 = priority == Priority.P1
    return {
        f"{priority}_{metric}_number": forms.IntegerField(
            label=said, min_value=1, max_value=LONGEST, required=False,
            widget=forms.NumberInput(attrs={"placeholder": number, "aria-label": said}),
        ),
        f"{priority}_{metric}_unit": forms.ChoiceField(
            label=_("Unit"), choices=UNITS, initial=unit, required=False,
            widget=forms.Select(attrs={"aria-label": f"{said}: {_('Unit')}"}),
        ),
        f"{priority}_{metric}_always": forms.BooleanField(
            label=_("day and night"), required=False, initial=is_p1, disabled=is_p1,
        ),
    }  # fmt: skip


def _rows(given: dict[str, Any], priority: str, metric: str) -> Iterator[TargetRow]:
    number, unit, always = (given.get(f"{priority}_{metric}_{part}") for part in PARTS)
    if number:
        minutes = number * HOUR if unit == HOURS else number
        yield TargetRow(priority, metric, minutes, around_the_clock=bool(always))


def in_units(amount: timedelta) -> tuple[int, str]:
    """Return the time as a whole number of hours, or else of minutes."""
    minutes = int(amount.total_seconds()) // HOUR
    return (minutes // HOUR, HOURS) if minutes % HOUR == 0 else (minutes, MINUTES)


def initial_targets(contract: Contract) -> dict[str, Any]:
    """Return what the table shows of a contract that is being edited."""
    return {
        f"{target.priority}_{target.metric}_{part}": value
        for target in contract.targets.all()
        for part, value in _shown(target).items()
    }


def _shown(target: Target) -> dict[str, Any]:
    number, unit = in_units(target.promised.amount)
    return {"number": number, "unit": unit, "always": target.around_the_clock}
