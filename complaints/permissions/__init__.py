"""Who may do what with complaints. Names match the verbs used in services."""

from django.db.models import Q

from complaints.models import Complaint
from complaints.permissions import case
from complaints.permissions.people import is_on_it, leads_it, works_here, works_on_it
from core.history import open_history
from core.models import User

TOLD_TO_PROGRAMS = (
    "log",
    "comment",
    "attach",
    "reply",
    "wait",
    "resume",
    "resolve",
    "close_silent",
)
"""Verbs whose entries hold nothing internal: notes and reasons are for colleagues."""


def _history(user: User) -> Q:
    if user.has_role("am", "sa", "hk", "fi", "ex"):
        return Q()
    readable = Q(target_id__in=Complaint.objects.visible_to(user).values("pk"))
    if user.has_role("api"):
        readable &= Q(verb__in=[f"complaints.{verb}" for verb in TOLD_TO_PROGRAMS])
    return readable


open_history("complaints", _history)

__all__ = ["case", "is_on_it", "leads_it", "works_here", "works_on_it"]
