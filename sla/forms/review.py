"""Forms of reviews: a talk that was held, and which months to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.pages import VersionedForm
from sla.credit_facts import month_text
from sla.spans import Month


class _MonthField(forms.TypedChoiceField):
    """One of some months, as its first day."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(label=label, coerce=date.fromisoformat, empty_value=None)

    def offer(self, months: Sequence[Month]) -> None:
        self.choices = [(month.first.isoformat(), month_text(month.first)) for month in months]


class _MonthsForm(forms.Form):
    first_month = _MonthField(label=_("From month"))
    last_month = _MonthField(label=_("To month"))

    def __init__(self, *args: Any, months: Sequence[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_month", "last_month"):
            self.fields[name].offer(list(reversed(months)))  # type: ignore[attr-defined]


class PackForm(_MonthsForm):
    """Which closed months the review looks at."""


class HoldReviewForm(_MonthsForm, VersionedForm):
    held_on = forms.DateField(
        label=_("Held on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    attendees = forms.CharField(
        label=_("Who was there"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    minutes = forms.CharField(
        label=_("What was said and agreed"), widget=forms.Textarea(attrs={"rows": 8})
    )
    field_order = ("held_on", "first_month", "last_month", "attendees", "minutes")
