"""Forms of promises: made, kept, moved with consent, withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import moment_field
from accounts.models import Account, Contact, Promise
from core.pages import VersionedForm
from core.queries import colleagues

LONGEST_REASON = 500


class PromiseForm(forms.Form):
    text = forms.CharField(
        label=_("What we promised"),
        max_length=500,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "placeholder": _("In the words the client heard"),
                "data-hotkey": "p",
                "data-hotkey-label": _("I promised …"),
            }
        ),
    )
    due_at = moment_field(_("By when"))
    contact = forms.ModelChoiceField(
        label=_("To whom"), queryset=Contact.objects.none(), required=False, empty_label="–"
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Promise.Kind.choices, initial=Promise.Kind.DELIVERY
    )
    source = forms.ChoiceField(
        label=_("Given in"), choices=Promise.Source.choices, initial=Promise.Source.CALL
    )
    made_by = forms.ModelChoiceField(
        label=_("Who keeps it"), queryset=colleagues(), empty_label=None
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.of(account).order_by("name", "id")
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]

    @property
    def has_hidden_errors(self) -> bool:
        """Whether something is wrong in what the one-line form folds away."""
        return bool(set(self.errors) & {"kind", "source", "made_by"})


class KeepForm(VersionedForm):
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was done, if it is not plain from the promise."),
    )


class RenegotiateForm(VersionedForm):
    due_at = moment_field(_("New time"))
    consent = forms.CharField(
        label=_("How the client agreed"),
        max_length=250,
        required=False,
        help_text=_("Who agreed, when and how. Without the client's consent it stays as promised."),
    )


class WithdrawForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why the client no longer needs it"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PromiseFilterForm(forms.Form):
    """Which promises: whose, and whether settled ones too."""

    MINE, TEAM = "mine", "team"
    whose = forms.ChoiceField(
        label=_("Whose"), choices=[(MINE, _("Mine")), (TEAM, _("Team"))], required=False
    )
    settled = forms.BooleanField(label=_("Settled"), required=False)
    account = forms.ModelChoiceField(
        label=_("Account"),
        queryset=Account.objects.all(),
        required=False,
        widget=forms.HiddenInput,
    )
