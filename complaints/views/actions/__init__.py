"""What can be done to a complaint: each action is a form, in place or on a page of its own.

Each noun keeps its own actions in a module of this package; here they are one table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints.forms import Case
from complaints.models import Complaint
from complaints.transitions import may_start
from complaints.views.actions.action import Action
from complaints.views.actions.case import CASE
from complaints.views.actions.client_link import CLIENT_LINK
from complaints.views.actions.ending import ENDING
from complaints.views.actions.learning import CARE, LEARNING
from complaints.views.actions.recovery import RECOVERY
from complaints.views.actions.stakes import STAKES
from core.errors import Sentence

ALL: Final = (*CASE, *CLIENT_LINK, *ENDING, *RECOVERY, *STAKES, *LEARNING)
ACTIONS: Final = {action.verb: action for action in ALL}
COMPOSING: Final = ("reply", "comment", "add_note")
STEPS: Final = ("triage", "assign", "wait", "resume", "resolve", "reopen")
CARING: Final = tuple(action.verb for action in CARE)
ENDINGS: Final = tuple(action.verb for action in ENDING)
ANY_TIME: Final = frozenset(
    {
        "add_note",
        "comment",
        "attach",
        "name_tactics",
        "renew_client_link",
        "revoke_client_link",
        "log_call",
        "ask_opinion",
        "hand_over",
        "tell_story",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An action as the case page shows it; why_not says what is missing, "" if it is possible."""

    action: Action
    is_next: bool = False
    why_not: Sentence = ""


def offers(case: Case, verbs: Iterable[str], *, next_verb: str = "") -> list[Offer]:
    """Return the actions that this person may take now, and those that only lack a step before."""
    permitted = [verb for verb in verbs if case.user.has_perm(f"complaints.{verb}", case.complaint)]
    shown = []
    for verb in permitted:
        why_not = _why_not(verb, case)
        if why_not is not None:
            offer = Offer(action=ACTIONS[verb], is_next=verb == next_verb, why_not=why_not)
            shown.append(offer)
    return shown


def _why_not(verb: str, case: Case) -> Sentence | None:
    """Return "" if the action is possible, a sentence if it soon may be, None if it is no matter."""
    complaint = case.complaint
    if verb == "reopen" and complaint.resolved_at and not complaint.may_reopen(case.now):
        return _("It was resolved more than 30 days ago. Log a new complaint instead.")
    if verb in ANY_TIME or may_start(complaint, verb):
        return ACTIONS[verb].why_not(case)
    if verb in {"wait", "resolve"} and complaint.state == Complaint.State.NEW:
        return _("Triage it first.")
    return None
