"""Fields that several forms share."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Sentence

ANY: Final = ("", _("Any"))
NOT_SAID: Final = ("", "–")
LONGEST_SEARCH: Final = 100
TO_THE_MINUTE: Final = "%Y-%m-%dT%H:%M"


def search_field(hint: Sentence) -> forms.CharField:
    """Return the box that finds by part of a word, in either alphabet and with a slip."""
    attrs = {"type": "search", "placeholder": hint, "autocomplete": "off"}
    return forms.CharField(
        label=_("Search"),
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs=attrs),
    )


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    """Return a field for a moment on the person's own wall clock."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TO_THE_MINUTE)
    return forms.DateTimeField(label=label, widget=widget, **options)


def segmented() -> forms.RadioSelect:
    return forms.RadioSelect(attrs={"class": "segmented"})


def chips() -> forms.RadioSelect:
    """Return a row of choices that wraps, for more of them than fit on a phone."""
    return forms.RadioSelect(attrs={"class": "pills"})
