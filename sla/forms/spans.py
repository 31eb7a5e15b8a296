"""Spans of time as people type them: a number and its unit."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

MINUTES, HOURS = "minutes", "hours"
UNITS: Final = ((MINUTES, _("minutes")), (HOURS, _("hours")))
LONGEST: Final = 9_999
HOUR: Final = 60


def number_field(label: Any, **attrs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=LONGEST, required=False,
        widget=forms.NumberInput(attrs={"aria-label": label, **attrs}),
    )  # fmt: skip


def percent_field(label: Any, **options: Any) -> forms.DecimalField:
    """Return a field for percent points, 12.5 being 12.5 %."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=7, decimal_places=4,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}), **options,
    )  # fmt: skip


def in_minutes(number: int, unit: str) -> int:
    return number * HOUR if unit == HOURS else number


def in_units(minutes: int) -> tuple[int, str]:
    """Return the time as a whole number of hours, or else of minutes."""
    return (minutes // HOUR, HOURS) if minutes % HOUR == 0 else (minutes, MINUTES)


def units_of(amount: timedelta) -> tuple[int, str]:
    return in_units(amount // timedelta(minutes=1))


def plain_number(number: Decimal) -> str:
    """Return the number without the zeros that a database column adds."""
    return f"{number.normalize():f}"
