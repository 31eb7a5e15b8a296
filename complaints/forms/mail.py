"""Forms of incoming mail: what a list of letters is asked for, and whose complaint it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from complaints.models import Complaint, InboundMail
from complaints.queries import people_of
from core.pages import VersionedForm


class LetterFilter(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What became of it"),
        required=False,
        choices=[("", _("Any")), *InboundMail.Outcome.choices],
    )

    def wanted(self) -> dict[str, str]:
        """Return what is asked for, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class MoveForm(VersionedForm):
    """Whose contact complained; the account is chosen beside it.

    account -- already chosen, None while it is not.
    """

    contact = forms.ModelChoiceField(
        label=_("Contact"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody named"),
    )
    adds_sender = forms.BooleanField(
        label=_("Add the sender as a contact"),
        required=False,
        help_text=_("The next letter from this address then finds its account by itself."),
    )

    def __init__(
        self, *args: Any, complaint: Complaint, account: Account | None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"version": complaint.version, "adds_sender": True}
        super().__init__(*args, **kwargs)
        self.account = account
        contact: Any = self.fields["contact"]
        if account is not None:
            contact.queryset = people_of(account)
        if not complaint.client_email:
            del self.fields["adds_sender"]

    def clean(self) -> dict[str, Any]:
        if self.account is None:
            raise forms.ValidationError(_("Choose the account first."), code="account_missing")
        return self.cleaned_data
