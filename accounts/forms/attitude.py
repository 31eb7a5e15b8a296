"""Forms of what a person at the client thinks of us and how much he has to say."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import chips, segmented
from accounts.models import AttitudeReading
from core.pages import VersionedForm


class ReadAttitudeForm(forms.Form):
    value = forms.TypedChoiceField(
        label=_("Attitude to us"),
        choices=AttitudeReading.Value.choices,
        coerce=int,
        widget=chips(),
    )
    reason = forms.CharField(
        label=_("What you saw or heard"),
        max_length=500,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "placeholder": _("A fact: “praised the fitters before her board”"),
            }
        ),
    )


class InfluenceForm(VersionedForm):
    influence = forms.TypedChoiceField(
        label=_("Influence"),
        choices=[("", "?"), *((number, str(number)) for number in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=segmented(),
        help_text=_("How much the person’s word weighs there, 5 the most."),
    )
