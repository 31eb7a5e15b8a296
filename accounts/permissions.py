"""Who may do what with accounts. Names match the verbs used in services."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.access import has_role, permit, rule, system_verb, word_fact
from core.history import open_history
from core.models import User
from core.wording import SHORT_WITH_YEAR, moment_text

is_head = has_role(User.Role.HEAD_OF_KAM)
is_support = has_role(User.Role.SUPPORT_AGENT)
is_manager = has_role(User.Role.ACCOUNT_MANAGER)
is_program = has_role(User.Role.API_CLIENT)
is_administrator = has_role(User.Role.ADMINISTRATOR)
is_technician = has_role(User.Role.TECHNICIAN)
talks_to_clients = is_manager | is_support | is_head | is_technician


@rule
def owns(user: User, obj: Any = None) -> bool:
    """Say whether it is an account manager's own: by himself, as deputy, in the team, or through the group."""
    if obj is None or not user.has_role(User.Role.ACCOUNT_MANAGER):
        return False
    account = obj if isinstance(obj, Account) else obj.account
    return account.is_own_of(user)


@rule
def made_it(user: User, promise: Any = None) -> bool:
    return promise is not None and promise.made_by_id in user.principals


def _moment(told: str | None) -> str:
    """Return the moment on the reader's clock; a clock that stands still has none."""
    return moment_text(datetime.fromisoformat(told), SHORT_WITH_YEAR) if told else "–"


word_fact("due", _moment)
permit(
    "accounts.create",
    is_manager | is_support | is_head | is_program,
    says=_("Added the account"),
    icon="building",
)
permit("accounts.edit", owns | is_head, says=_("Changed the account"))
permit(
    "accounts.reassign",
    is_head | is_administrator,
    says=_("Gave the account to others"),
    icon="users",
)
permit(
    "accounts.add_contact", owns | is_support | is_head, says=_("Added a contact"), icon="user-plus"
)
permit("accounts.edit_contact", owns | is_support | is_head, says=_("Changed a contact"))
permit(
    "accounts.log_touch",
    talks_to_clients | is_program,
    says=_("Talked with the client"),
    icon="messages",
)
permit("accounts.make_promise", talks_to_clients, says=_("Promised {label}"), icon="flag")
permit(
    "accounts.keep_promise",
    made_it | owns | is_head,
    says=_("Kept the promise {label}"),
    icon="check",
)
permit(
    "accounts.renegotiate_promise",
    made_it | owns | is_head,
    says=_("Agreed with the client on a later time for {label}"),
    icon="calendar-event",
)
permit(
    "accounts.withdraw_promise",
    made_it | owns | is_head,
    says=_("The client no longer needs {label}"),
    icon="x",
)
system_verb("accounts.remind_promise", says=_("The promise {label} is due {due}"), icon="bell")
system_verb(
    "accounts.retry_promise", says=_("No answer, try {tries} of 3: {label}"), icon="phone-off"
)
system_verb("accounts.void_promise", says=_("The promise {label} is no longer needed"), icon="x")
system_verb(
    "accounts.break_promise", says=_("The promise {label} was broken"), icon="alert-triangle"
)


def _history(user: User) -> Q:
    """Open it to all; to a program only of the accounts it is limited to."""
    if is_program(user):
        return Q(account_id__in=Account.objects.visible_to(user).values("pk"))
    return Q()


open_history("accounts", _history)
