"""Who may do what with people, teams, tokens and the outbox. Names match the verbs of services."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.access import has_role, is_self, permit, rule, word_fact
from core.history import open_history
from core.models import Deputyship, User
from core.wording import day_text

is_administrator = has_role(User.Role.ADMINISTRATOR)
is_head = has_role(User.Role.HEAD_OF_KAM)


@rule
def is_program(user: User, obj: Any = None) -> bool:
    return isinstance(obj, User) and obj.has_role(User.Role.API_CLIENT)


@rule
def is_absent_one(user: User, deputyship: Any = None) -> bool:
    return isinstance(deputyship, Deputyship) and deputyship.person_id == user.pk


for told in ("starts_on", "ends_on"):
    word_fact(told, lambda day: day_text(date.fromisoformat(day)))
permit("core.create_user", is_administrator, says=_("Added a person: {roles}"), icon="user-plus")
permit("core.edit_user", is_administrator, says=_("Changed a person"), icon="user")
permit("core.deactivate_user", is_administrator, says=_("Closed a person’s access"), icon="lock")
permit("core.reactivate_user", is_administrator, says=_("Opened access again"), icon="user-check")
permit("core.change_password", is_self, says=_("Changed the password"), icon="key")
permit(
    "core.end_sessions", is_self | is_administrator, says=_("Signed out everywhere"), icon="logout"
)
permit("core.set_preferences", is_self, says=_("Changed the own settings"), icon="settings")
permit("core.set_language", is_self, says=_("Changed the own language"), icon="language")
permit(
    "core.set_deputy",
    is_self | is_head | is_administrator,
    says=_("Named a deputy from {starts_on} to {ends_on}"),
    icon="user-exclamation",
)
permit(
    "core.end_deputy",
    is_absent_one | is_head | is_administrator,
    says=_("Ended the deputy’s time"),
    icon="user-check",
)
permit("core.create_team", is_administrator, says=_("Added the team {label}"), icon="users")
permit("core.edit_team", is_administrator, says=_("Changed the team {label}"), icon="users")
permit(
    "core.create_token",
    is_self | (is_administrator & is_program),
    says=_("Made the API token “{name}”"),
    icon="key",
)
permit(
    "core.revoke_token",
    is_self | is_administrator,
    says=_("Revoked the API token “{name}”"),
    icon="key",
)
permit(
    "core.retry_mail", is_administrator, says=_("Sent failed mail once more: {count}"), icon="mail"
)

open_history(
    "core", lambda user: Q() if is_administrator(user) or is_head(user) else Q(actor_id=user.pk)
)
