"""Forms of pressure tactics and of the urgent meeting."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NOT_SAID, moment_field
from accounts.models import Account, Contact, Touch
from complaints.forms.actions import ActionForm, Case
from complaints.forms.fields import text_field
from complaints.models import Pressure
from complaints.pressure import pressure_of
from complaints.queries import people_of
from complaints.services.pressure import Talk
from core.pages import VersionedForm


class TacticsForm(ActionForm, VersionedForm):
    verb = "name_tactics"
    tactics = forms.MultipleChoiceField(
        label=_("Pressure tactics"),
        choices=Pressure.Tactic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only the account's managers, the heads and executives read this. Each opens its play; "
            "priority and deadlines stay as they are."
        ),
    )
    words = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        known = pressure_of(case.complaint)
        return {"tactics": known.tactics, "words": known.words} if known else {}


class FormalForm(VersionedForm):
    """The formal part; cleans to the talk that the service takes."""

    summary = text_field(
        _("What was said"), _("Agenda, figures shown, what each side will do."), rows=4
    )
    at = moment_field(_("When"), required=False, help_text=_("Empty is now."))
    contacts = forms.ModelMultipleChoiceField(
        label=_("With whom"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts: Any = self.fields["contacts"]
        contacts.queryset = people_of(account)

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        version = told.pop("version", None)
        return {"version": version, "talk": None if self.errors else Talk(**told)}


class InformalForm(FormalForm):
    """The informal part, with somebody loyal: what is really going on there."""

    field_order = ("client_said", "summary", "at", "contacts", "informal_kind")
    client_said = text_field(
        _("What is really going on at the client"),
        _("Read only by the account's managers, the head of key accounts and executives."),
        rows=4,
    )
    informal_kind = forms.ChoiceField(
        label=_("Kind of informal meeting"),
        choices=[NOT_SAID, *Touch.Informal.choices],
        required=False,
    )
    hospitality_value = forms.DecimalField(
        label=_("What we spent on each guest"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, account=account, **kwargs)
        self.fields["summary"].help_text = _("One line is enough.")
        self.fields["hospitality_value"].help_text = _(
            "In %(currency)s. No gift that could oblige anybody, and never ask for confidential papers."
        ) % {"currency": account.currency}
