"""Who may do what with complaints. Names match the verbs used in services."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head, is_program, is_support, owns
from complaints.models import Complaint
from core.access import has_role, permit, rule, system_verb
from core.history import open_history
from core.models import User

works_here = has_role("am", "sa", "hk", "te", "fi", "ex")


@rule
def is_on_it(user: User, complaint: Any = None) -> bool:
    """Say whether the person works on it or speaks with the client."""
    if complaint is None:
        return False
    return not user.principals.isdisjoint({complaint.assignee_id, complaint.lead_id})


@rule
def leads_it(user: User, complaint: Any = None) -> bool:
    return complaint is not None and complaint.lead_id in user.principals


works_on_it = owns | is_support | is_head | is_on_it

permit("complaints.log", works_here | is_program, says=_("Logged {label}"), icon="message-report")
permit(
    "complaints.triage", owns | is_support | is_head, says=_("Triaged {label}"), icon="list-check"
)
permit(
    "complaints.assign", owns | is_support | is_head, says=_("Assigned {label}"), icon="user-plus"
)
permit("complaints.reply", works_on_it, says=_("Answered the client on {label}"), icon="send")
permit("complaints.add_note", works_here, says=_("Added a note to {label}"), icon="note")
permit(
    "complaints.comment",
    works_here | is_program,
    says=_("The client wrote on {label}"),
    icon="message",
)
permit(
    "complaints.attach",
    works_here | is_program,
    says=_("Added a file to {label}"),
    icon="paperclip",
)
permit(
    "complaints.wait",
    owns | is_support | is_head | is_on_it,
    says=_("Waiting on {label}"),
    icon="hourglass",
)
permit(
    "complaints.resume",
    owns | is_support | is_head | is_on_it,
    says=_("Resumed work on {label}"),
    icon="player-play",
)
permit(
    "complaints.resolve",
    owns | is_head | (is_support & leads_it),
    says=_("Resolved {label}"),
    icon="check",
)
permit(
    "complaints.record_callback",
    owns | is_support | is_head | leads_it,
    says=_("Called back about {label}: {outcome}"),
    icon="phone",
)
permit("complaints.reopen", owns | is_support | is_head, says=_("Reopened {label}"), icon="refresh")
system_verb(
    "complaints.remind_waiting", says=_("The client has not answered on {label}"), icon="hourglass"
)
system_verb(
    "complaints.close_silent",
    says=_("Closed {label}: three calls and a letter stayed unanswered"),
    icon="check",
)


system_verb(
    "complaints.meet",
    says=_("The time of the appointment has come: {label}"),
    icon="calendar-event",
)
system_verb(
    "complaints.raise_priority",
    says=_("Raised the priority of {label}: the promised time runs out"),
    icon="arrow-up",
)


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
