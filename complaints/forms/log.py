"""Logging a complaint: who, what, how bad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ClientForm
from accounts.models import Account, Contact
from complaints.forms.fields import (
    FilesField,
    amount_field,
    category_field,
    impact_field,
    moment_field,
    safety_field,
    text_field,
    urgency_field,
    worker_field,
)
from complaints.models import Complaint
from complaints.queries import people_of
from complaints.services import Intake

CHANNELS = [each for each in Complaint.Channel.choices if each[0] != Complaint.Channel.API]


class JudgementForm(ClientForm):
    """What the preview of deadlines needs."""

    impact, urgency, safety = impact_field(), urgency_field(), safety_field()
    received_at = moment_field(_("Received"))


class LogForm(forms.Form):
    """What the person at the phone enters; cleans to what the service takes.

    account -- already chosen, None while it is not.
    scopes  -- the services for which the account has contracts of their own.
    """

    contact = forms.ModelChoiceField(
        label=_("Contact"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody named"),
    )
    contact_name = forms.CharField(label=_("New contact: name"), required=False, max_length=120)
    contact_phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    client_words = text_field(
        _("The client's own words"), _("As they said it, in their language."), rows=6
    )
    impact, urgency, safety = impact_field(), urgency_field(), safety_field()
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)
    category = category_field(Complaint.Category.OTHER)
    scope = forms.ChoiceField(label=_("Agreed service"), required=False)
    title = forms.CharField(
        label=_("What it is about, in a few words"),
        required=False,
        max_length=100,
        help_text=_("Without it: the first line of the client's words."),
    )
    received_at = moment_field(_("Received"), _("In your time zone. Empty means just now."))
    reason = forms.CharField(
        label=_("Why it is logged only now"),
        required=False,
        max_length=250,
        help_text=_("Needed if it was received more than 15 minutes ago."),
    )
    order_ref = forms.CharField(label=_("Order or invoice"), required=False, max_length=60)
    item = forms.CharField(label=_("Item or service component"), required=False, max_length=120)
    batch = forms.CharField(label=_("Batch"), required=False, max_length=60)
    disputed_value = amount_field(_("Disputed value"))
    about = worker_field(
        _("Colleague complained of"),
        _("Somebody else then speaks with the client."),
        keeps=True,
    )
    attachments = FilesField(label=_("Files"), required=False)

    def __init__(
        self, *args: Any, account: Account | None, scopes: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        scope: Any = self.fields["scope"]
        scope.choices = [("", _("Everything else")), *((each, each) for each in scopes)]
        if not scopes:
            del self.fields["scope"]
        about: Any = self.fields["about"]
        about.empty_label = _("Nobody")
        contact: Any = self.fields["contact"]
        if account is not None:
            contact.queryset = people_of(account)
        contact.label_from_instance = _contact_words

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if self.account is None:
            raise forms.ValidationError(_("Choose the account first."), code="account_missing")
        name, phone = told.pop("contact_name", ""), told.pop("contact_phone", "")
        if self.errors:
            return told
        files = told.pop("attachments")
        newcomer = {"name": name, "phones": [phone] if phone else []} if name else None
        return {"intake": Intake(**told), "files": files, "newcomer": newcomer}


def _contact_words(contact: Contact) -> str:
    return " · ".join(filter(None, (contact.name, contact.title, contact.phone)))
