"""Filters of contracts, and the small forms of what is done to one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import ANY
from accounts.models import Account
from core.models import User
from core.pages import VersionedForm
from sla.models import Approval, Contract


class ContractFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), choices=[ANY, *Contract.State.choices], required=False
    )
    account = forms.ModelChoiceField(
        label=_("Account"), queryset=Account.objects.none(), required=False, empty_label=_("Any")
    )
    ending = forms.BooleanField(label=_("Ends within 90 days"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Contract.objects.visible_to(user).values("account")
        accounts = Account.objects.visible_to(user).filter(pk__in=held).order_by("sort_name", "id")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]

    @property
    def is_in_use(self) -> bool:
        return any(self.cleaned_data.values())


class AccountForm(forms.Form):
    """For whom to draft a contract."""

    account = forms.ModelChoiceField(label=_("Account"), queryset=Account.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Account.objects.visible_to(user).filter(archived_at=None)
        own = visible if user.has_role(User.Role.HEAD_OF_KAM) else visible.own_of(user)
        self.fields["account"].queryset = own.order_by("sort_name", "id")  # type: ignore[attr-defined]


class PlainForm(VersionedForm):
    """A step that needs no words, only the certainty that nobody changed the row meanwhile."""


class ApproveForm(VersionedForm):
    kind = forms.ChoiceField(label=_("What is approved"), choices=Approval.Kind.choices)
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )


class NegotiateForm(VersionedForm):
    note = forms.CharField(
        label=_("What the client wants otherwise"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text=_("It stays in the history of the account."),
    )


class SignForm(VersionedForm):
    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(attrs={"type": "date", "autofocus": True}, format="%Y-%m-%d"),
    )


class RecordSignatureForm(SignForm):
    signed_by = forms.CharField(label=_("Who signed for the client"), max_length=160)
    document = forms.CharField(
        label=_("Where the signed document is"),
        max_length=250,
        required=False,
        help_text=_("A folder, a link or a number in the archive."),
    )


class TerminateForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why it ends"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text=_("It stays in the history of the account."),
    )


class WithdrawForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why it is taken back"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text=_("It stays in the history of the account."),
    )
