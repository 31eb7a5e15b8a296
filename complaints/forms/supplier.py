"""Forms of the directory of suppliers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from complaints.models import Supplier
from core.pages import VersionedForm

LONGEST_NAME = 120
MOST_NAMES = 20


class NamesField(forms.CharField):
    """Names, one on each line, as a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        names = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(
                ngettext("At most %(count)s name.", "At most %(count)s names.", MOST_NAMES)
                % {"count": MOST_NAMES}
            )
        if any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(_("One of the names is too long: one name on each line."))
        return names


class SupplierForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a company", "Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    aliases = NamesField(
        label=_("Other names that letters may use"),
        required=False,
        max_length=MOST_NAMES * (LONGEST_NAME + 2),
        help_text=_(
            "One on each line: short forms, and the name in other alphabets. "
            "The reply check also finds them with grammatical endings of up to three letters."
        ),
    )
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Internal: the client never sees this."),
    )


class EditSupplierForm(SupplierForm, VersionedForm):
    """Changes a supplier."""


def present_values(supplier: Supplier) -> dict[str, Any]:
    return {name: getattr(supplier, name) for name in ("name", "aliases", "notes", "version")}
