"""Forms of the client's people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import segmented
from accounts.models import Account, Contact
from accounts.queries import group_companies
from core.pages import VersionedForm

SEVERAL = _("Several: put a comma between them, the main one first.")


class AddContactForm(forms.Form):
    """A person's card.

    account    -- whose person it is; the other companies of its group are offered.
    may_judge  -- whether the part in decisions is asked for.
    """

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=120)
    how_to_address = forms.CharField(
        label=_("How to address"),
        max_length=80,
        required=False,
        help_text=_("As you would say it: “Dear Ms Marsh”, «Ирина Павловна»."),
    )
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Part in decisions"),
        choices=Contact.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    emails = SimpleArrayField(
        forms.EmailField(max_length=254), label=_("E-mail"), required=False, help_text=SEVERAL
    )
    phones = SimpleArrayField(
        forms.CharField(max_length=40), label=_("Phone"), required=False, help_text=SEVERAL
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    preferred_channel = forms.ChoiceField(
        label=_("Preferred channel"), choices=Contact.Channel.choices, widget=segmented()
    )
    also_at = forms.ModelMultipleChoiceField(
        label=_("Also works for"),
        queryset=Account.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, account: Account, may_judge: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_judge:
            del self.fields["roles"]
        companies = group_companies(account)
        if companies.exists():
            self.fields["also_at"].queryset = companies  # type: ignore[attr-defined]
        else:
            del self.fields["also_at"]


class EditContactForm(AddContactForm, VersionedForm):
    state = forms.ChoiceField(label=_("State"), choices=Contact.State.choices, widget=segmented())
