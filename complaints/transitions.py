"""From which states each step may start: one table for services, pages and REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.services.alert import ReasonMissing
from complaints.models import Complaint, MakeGood, Remedy
from core.errors import InvalidTransition

State = Complaint.State
Asked = Remedy.State
Given = MakeGood.State
OPEN: Final = frozenset(Complaint.OPEN)
WORKING: Final = frozenset({State.TRIAGED, State.IN_PROGRESS})
WAITING: Final = frozenset({State.WAITING_CLIENT, State.WAITING_SUPPLIER})
NOT_CLOSED: Final = OPEN | {State.RESOLVED}
OWN: Final = NOT_CLOSED | {State.CLOSED}
"""All but what has become part of another complaint, or a request."""

STARTS: Final[Mapping[str, frozenset[State]]] = {
    "triage": OPEN,
    "lower_priority": OPEN,
    "assign": OPEN | {State.RESOLVED},
    "reply": NOT_CLOSED,
    "wait": WORKING,
    "resume": WAITING,
    "record_findings": OWN,
    "let_stand": NOT_CLOSED,
    "disclose": NOT_CLOSED,
    "confirm_understanding": NOT_CLOSED,
    "set_wants": NOT_CLOSED,
    "apologise": NOT_CLOSED,
    "skip_apology": OPEN,
    "ask_client": NOT_CLOSED,
    "note_failed_ask": OPEN,
    "record_remedy": NOT_CLOSED,
    "judge_remedy": NOT_CLOSED,
    "decide_remedy": NOT_CLOSED,
    "answer_remedy": NOT_CLOSED,
    "deliver_remedy": OWN,
    "confirm_remedy": OWN,
    "offer_make_good": NOT_CLOSED,
    "agree_make_good": OWN,
    "deliver_make_good": OWN,
    "plan_prevention": NOT_CLOSED,
    "tell_prevention": NOT_CLOSED,
    "finish_prevention": OWN,
    "resolve": WORKING | WAITING,
    "record_callback": frozenset({State.RESOLVED}),
    "reopen": frozenset({State.RESOLVED, State.CLOSED}),
    "merge": frozenset({State.NEW, State.TRIAGED, State.IN_PROGRESS}),
    "withdraw": OPEN,
    "convert": frozenset({State.NEW}),
}
"""Verb without the app → states. Some steps have conditions of their own beside it."""
COURSE: Final = (
    "triage", "reply", "wait", "resume", "resolve", "record_callback", "reopen", "merge",
    "withdraw", "convert",
)  # fmt: skip
"""The steps that carry a complaint from state to state; the others win trust back on the way."""


REMEDY_STARTS: Final[Mapping[str, frozenset[Asked]]] = {
    "ask_client": frozenset({Asked.NOT_ASKED, Asked.ASKED, Asked.COUNTERED, Asked.DECLINED}),
    "note_failed_ask": frozenset({Asked.NOT_ASKED}),
    "record_remedy": frozenset(
        {Asked.NOT_ASKED, Asked.ASKED, Asked.PROPOSED, Asked.COUNTERED, Asked.DECLINED}
    ),
    "judge_remedy": frozenset({Asked.PROPOSED}),
    "decide_remedy": frozenset({Asked.PROPOSED}),
    "answer_remedy": frozenset({Asked.COUNTERED}),
    "deliver_remedy": frozenset({Asked.ACCEPTED}),
    "confirm_remedy": frozenset({Asked.DELIVERED}),
}
"""Verb → states of the client's remedy."""
MAKE_GOOD_STARTS: Final[Mapping[str, frozenset[Given]]] = {
    "offer_make_good": frozenset({Given.PROPOSED, Given.AGREED}),
    "agree_make_good": frozenset({Given.PROPOSED}),
    "deliver_make_good": frozenset({Given.AGREED}),
}
"""Verb → states of the make-good; offering again starts over."""


def may_start(complaint: Complaint, verb: str) -> bool:
    return verb in STARTS and complaint.state in STARTS[verb]


def allowed_now(complaint: Complaint) -> list[str]:
    """Return the steps of the complaint's course that are possible now, as verbs without the app."""
    return [verb for verb in COURSE if may_start(complaint, verb)]


def require(complaint: Complaint, verb: str) -> None:
    """Raise InvalidTransition, which names what is possible, if the state does not allow the step."""
    if not may_start(complaint, verb):
        raise InvalidTransition(complaint.get_state_display(), allowed_now(complaint))


def require_remedy(remedy: Remedy, verb: str) -> None:
    if remedy.state not in REMEDY_STARTS[verb]:
        possible = [name for name, states in REMEDY_STARTS.items() if remedy.state in states]
        raise InvalidTransition(remedy.get_state_display(), possible)


def require_make_good(good: MakeGood, verb: str) -> None:
    """As `require`; of what nobody has offered yet only an offer is possible."""
    if good._state.adding and verb != "offer_make_good":
        raise InvalidTransition(_("not offered yet"), ["offer_make_good"])
    if good.state not in MAKE_GOOD_STARTS[verb]:
        possible = [name for name, states in MAKE_GOOD_STARTS.items() if good.state in states]
        raise InvalidTransition(good.get_state_display(), possible)


def require_reason(reason: str) -> str:
    """Return the reason without blanks around it; raise ReasonMissing if nobody said any."""
    if not reason.strip():
        raise ReasonMissing(_("Say why in a few words; others will ask."))
    return reason.strip()
