"""Whose it is: the account, found by words and chosen by a click."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.queries import account_list, accounts_found
from core.models import User


class ClientForm(forms.Form):
    find = forms.CharField(
        label=_("Account"),
        required=False,
        max_length=160,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": _("Name, number or city of the client"),
            }
        ),
    )
    account = forms.ModelChoiceField(
        queryset=Account.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        account: Any = self.fields["account"]
        account.queryset = account_list(user).select_related("calendar")

    def choice(self) -> tuple[list[Account], Account | None]:
        """Return the accounts to choose from and the chosen one; a single find is chosen at once."""
        self.is_valid()
        words = self.cleaned_data.get("find", "")
        chosen: Account | None = self.cleaned_data.get("account")
        if not words:
            return [chosen] if chosen else [], chosen
        found = accounts_found(self.user, words)
        if len(found) == 1:
            return found, found[0]
        return found, chosen if chosen in found else None
