"""Who may know how a client presses us: his managers and the heads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head, owns
from core.access import permit, rule
from core.models import User


@rule
def is_given_it(user: User, task: Any = None) -> bool:
    return task is not None and task.assignee_id in user.principals


permit(
    "complaints.name_tactics",
    owns | is_head,
    says=_("Noted how the client presses us with {label}"),
    icon="scale",
)
permit(
    "complaints.hold_meeting",
    owns | is_head | is_given_it,
    says=_("Held a part of the urgent meeting"),
    icon="users",
)
STAKE_VERBS = ("complaints.name_tactics",)
"""Verbs of which only those hear who may read how the client stands to us."""
