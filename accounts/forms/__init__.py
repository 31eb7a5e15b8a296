"""Forms of accounts, their people, talks and promises. They check shape only."""

from accounts.forms.account import (
    SORTS,
    AccountFilterForm,
    CreateForm,
    EditForm,
    MarginForm,
    ReassignForm,
    SignContractForm,
)
from accounts.forms.alert import ResolveAlertForm, SnoozeForm
from accounts.forms.attitude import InfluenceForm, ReadAttitudeForm
from accounts.forms.bad_news import (
    BadNewsFilterForm,
    BadNewsForm,
    SpareClientForm,
    TellClientForm,
)
from accounts.forms.client import ClientForm
from accounts.forms.contact import AddContactForm, EditContactForm
from accounts.forms.fields import search_field
from accounts.forms.holding import (
    DeliveryLineForm,
    EditHoldingForm,
    HoldingFilterForm,
    HoldingForm,
    ImportForm,
    ReturnHoldingForm,
)
from accounts.forms.promise import (
    KeepForm,
    PromiseFilterForm,
    PromiseForm,
    RenegotiateForm,
    WithdrawForm,
)
from accounts.forms.task import (
    CancelForm,
    EditTaskForm,
    FinishForm,
    PassOnForm,
    TaskFilterForm,
    TaskForm,
)
from accounts.forms.touch import RefuseHospitalityForm, TouchForm

__all__ = [
    "SORTS",
    "AccountFilterForm",
    "AddContactForm",
    "BadNewsFilterForm",
    "BadNewsForm",
    "CancelForm",
    "ClientForm",
    "CreateForm",
    "DeliveryLineForm",
    "EditContactForm",
    "EditForm",
    "EditHoldingForm",
    "EditTaskForm",
    "FinishForm",
    "HoldingFilterForm",
    "HoldingForm",
    "ImportForm",
    "InfluenceForm",
    "KeepForm",
    "MarginForm",
    "PassOnForm",
    "PromiseFilterForm",
    "PromiseForm",
    "ReadAttitudeForm",
    "ReassignForm",
    "RefuseHospitalityForm",
    "RenegotiateForm",
    "ResolveAlertForm",
    "ReturnHoldingForm",
    "SignContractForm",
    "SnoozeForm",
    "SpareClientForm",
    "TaskFilterForm",
    "TaskForm",
    "TellClientForm",
    "TouchForm",
    "WithdrawForm",
    "search_field",
]
