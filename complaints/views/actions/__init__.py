"""What can be done to a complaint: each action is a form, in place or on a page of its own.

Each noun keeps its own actions in a module of this package; here they are one table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints import services
from complaints.forms import Case
from complaints.models import Complaint
from complaints.views.actions.action import Action
from complaints.views.actions.case import CASE
from core.errors import Sentence

ACTIONS: Final = {action.verb: action for action in (*CASE,)}
COMPOSING: Final = ("reply", "comment", "add_note")
STEPS: Final = ("triage", "assign", "wait", "resume", "resolve", "reopen")
ANY_TIME: Final = frozenset({"add_note", "comment", "attach"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An action as the case page shows it; why_not says what is missing, "" if it is possible."""

    action: Action
    is_next: bool = False
    why_not: Sentence = ""


def offers(case: Case, verbs: Iterable[str], *, next_verb: str = "") -> list[Offer]:
    """Return the actions that this person may take now, and those that only lack a step before."""
    complaint = case.complaint
    permitted = [verb for verb in verbs if case.user.has_perm(f"complaints.{verb}", complaint)]
    shown = []
    for verb in permitted:
        why_not = _why_not(verb, complaint, case.now)
        if why_not is not None:
            offer = Offer(action=ACTIONS[verb], is_next=verb == next_verb, why_not=why_not)
            shown.append(offer)
    return shown


def _why_not(verb: str, complaint: Complaint, now: datetime) -> Sentence | None:
    """Return "" if the action is possible, a sentence if it soon may be, None if it is no matter."""
    if verb == "reopen" and complaint.resolved_at and not complaint.may_reopen(now):
        return _("It was resolved more than 30 days ago. Log a new complaint instead.")
    if verb in ANY_TIME or verb in services.allowed_now(complaint):
        return ""
    if verb == "assign" and complaint.state != Complaint.State.CLOSED:
        return ""
    if verb in {"wait", "resolve"} and complaint.state == Complaint.State.NEW:
        return _("Triage it first.")
    return None
