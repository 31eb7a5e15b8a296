"""Forms of accounts, their people, talks and promises. They check shape only."""

from accounts.forms.account import (
    SORTS,
    AccountFilterForm,
    CreateForm,
    EditForm,
    ReassignForm,
)
from accounts.forms.contact import AddContactForm, EditContactForm
from accounts.forms.fields import search_field
from accounts.forms.promise import (
    KeepForm,
    PromiseFilterForm,
    PromiseForm,
    RenegotiateForm,
    WithdrawForm,
)
from accounts.forms.touch import TouchForm

__all__ = [
    "SORTS",
    "AccountFilterForm",
    "AddContactForm",
    "CreateForm",
    "EditContactForm",
    "EditForm",
    "KeepForm",
    "PromiseFilterForm",
    "PromiseForm",
    "ReassignForm",
    "RenegotiateForm",
    "TouchForm",
    "WithdrawForm",
    "search_field",
]
