"""What helps with an upset client, and the story of how it was put right."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints import services
from complaints.closing import is_locked
from complaints.forms import Case
from complaints.forms.care import HandOverForm, LogCallForm, OpinionForm
from complaints.forms.story import StoryForm
from complaints.models import Complaint
from complaints.views.actions.action import Action
from core.errors import Sentence

State = Complaint.State


def _while_open(case: Case) -> Sentence | None:
    """Offer it while there is something to talk about."""
    is_over = case.complaint.state in {State.CLOSED, State.MERGED, State.CONVERTED}
    return None if is_over else ""


def unless_locked(case: Case) -> Sentence | None:
    if case.complaint.state in {State.MERGED, State.CONVERTED} or is_locked(case.complaint):
        return None
    return ""


def _after_success(case: Case) -> Sentence | None:
    complaint = case.complaint
    return "" if complaint.state == State.CLOSED and complaint.is_confirmed else None


CARE: Final = (
    Action(
        form=LogCallForm,
        service=services.log_call,
        label=_("Phone now"),
        submit=_("Record the call"),
        done=_("The call is recorded."),
        icon="phone",
        hotkey="p",
        why_not=_while_open,
    ),
    Action(
        form=OpinionForm,
        service=services.ask_opinion,
        label=_("Second opinion"),
        submit=_("Ask"),
        done=_("Asked: your colleague hears of it."),
        icon="bulb",
        hotkey="o",
        why_not=unless_locked,
    ),
    Action(
        form=HandOverForm,
        service=services.hand_over,
        label=_("Cool down"),
        submit=_("Hand it over"),
        done=_("Handed over. Take a walk."),
        icon="snowflake",
        why_not=_while_open,
    ),
)
LEARNING: Final = (
    *CARE,
    Action(
        form=StoryForm,
        service=services.tell_story,
        label=_("Tell the story"),
        submit=_("Tell it"),
        done=_("Told: it is in the library."),
        icon="award",
        why_not=_after_success,
    ),
)
"""log_call, ask_opinion and hand_over at any time of an open case; tell_story after a success."""
