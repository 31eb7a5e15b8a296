"""Who may do what with complaints. Names match the verbs used in services."""

from django.db.models import Q

from accounts.models import Account
from complaints.models import Complaint
from complaints.permissions import (
    case,
    client,
    ending,
    importing,
    learning,
    mail,
    notice,
    stakes,
    supplier,
)
from complaints.permissions.people import is_on_it, leads_it, works_here, works_on_it
from complaints.permissions.recovery import decides_fault
from complaints.permissions.reply_check import may_override, reads_overrides
from core.history import open_history, tell_programs
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
FIELDS_FOR_PROGRAMS = (
    "state", "priority", "category", "impact", "urgency", "safety", "channel", "title", "language",
    "account_id", "contact_id", "assignee_id", "lead_id", "scope", "order_ref", "item", "batch",
    "received_at", "next_due_at", "waiting_since", "appointment_at", "resolution_type",
    "resolved_at", "closed_at", "is_confirmed", "reopen_count", "merged_into_id",
)  # fmt: skip
"""What the resource itself shows them; an entry may hold more, such as a finding beside it."""


def _history(user: User) -> Q:
    in_stake = Account.objects.in_stake_of(user)
    stakes_too = ~Q(verb__in=stakes.STAKE_VERBS) | Q(account_id__in=in_stake.values("pk"))
    if user.has_role("am", "sa", "hk", "fi", "ex"):
        return stakes_too
    about_theirs = Q(target_id__in=Complaint.objects.visible_to(user).values("pk"))
    readable = stakes_too & (about_theirs | Q(verb__in=notice.NOTICE_VERBS))
    if user.has_role("ad"):
        readable |= Q(verb__in=mail.OF_MAILBOXES)
    if user.has_role("api"):
        readable &= Q(verb__in=[f"complaints.{verb}" for verb in TOLD_TO_PROGRAMS])
    return readable


open_history("complaints", _history)
tell_programs("complaints", FIELDS_FOR_PROGRAMS)

__all__ = [
    "case",
    "client",
    "decides_fault",
    "ending",
    "importing",
    "is_on_it",
    "leads_it",
    "learning",
    "mail",
    "may_override",
    "notice",
    "reads_overrides",
    "stakes",
    "supplier",
    "works_here",
    "works_on_it",
]
