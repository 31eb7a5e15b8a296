"""Shapes of accounts, their people, and what is owed to them over REST."""

from accounts.serializers.account import (
    AccountDetailOutput,
    AccountFilters,
    AccountInput,
    AccountOutput,
    CreateAccountInput,
    ReassignInput,
)
from accounts.serializers.alert import (
    AlertFilters,
    AlertOutput,
    ResolveAlertInput,
    SnoozeInput,
)
from accounts.serializers.bad_news import (
    BadNewsDetailOutput,
    BadNewsFilters,
    BadNewsOutput,
    ReportInput,
    SpareClientInput,
    TellClientInput,
)
from accounts.serializers.contact import (
    AddContactInput,
    ContactFilters,
    ContactInput,
    ContactOutput,
)
from accounts.serializers.promise import (
    KeepInput,
    PromiseFilters,
    PromiseInput,
    PromiseOutput,
    RenegotiateInput,
    WithdrawInput,
)
from accounts.serializers.task import (
    CancelInput,
    FinishInput,
    OpenTaskInput,
    TaskFilters,
    TaskInput,
    TaskOutput,
)
from accounts.serializers.touch import (
    StakeTouchOutput,
    TouchFilters,
    TouchInput,
    TouchOutput,
)

__all__ = [
    "AccountDetailOutput",
    "AccountFilters",
    "AccountInput",
    "AccountOutput",
    "AddContactInput",
    "AlertFilters",
    "AlertOutput",
    "BadNewsDetailOutput",
    "BadNewsFilters",
    "BadNewsOutput",
    "CancelInput",
    "ContactFilters",
    "ContactInput",
    "ContactOutput",
    "CreateAccountInput",
    "FinishInput",
    "KeepInput",
    "OpenTaskInput",
    "PromiseFilters",
    "PromiseInput",
    "PromiseOutput",
    "ReassignInput",
    "RenegotiateInput",
    "ReportInput",
    "ResolveAlertInput",
    "SnoozeInput",
    "SpareClientInput",
    "StakeTouchOutput",
    "TaskFilters",
    "TaskInput",
    "TaskOutput",
    "TellClientInput",
    "TouchFilters",
    "TouchInput",
    "TouchOutput",
    "WithdrawInput",
]
