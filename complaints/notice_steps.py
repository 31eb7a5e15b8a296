"""From which states each step of a notice may start, and how its recipients stand (3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from complaints.exposure import Exposure
from complaints.models import Notice, NoticeApproval, Recipient
from core.errors import InvalidTransition

State = Notice.State
Role = NoticeApproval.Role
RUNNING: Final = frozenset({State.SENDING, State.TRACKING})
STARTS: Final[Mapping[str, frozenset[State]]] = {
    "edit_notice": frozenset({State.DRAFT, State.APPROVED}),
    "approve_notice": frozenset({State.DRAFT}),
    "send_notice": frozenset({State.APPROVED}),
    "close_notice": frozenset({State.TRACKING}),
}
"""Verb without the app → states from which it may start."""

Answer = Recipient.State
ANSWERS: Final[Mapping[str, frozenset[Answer]]] = {
    "acknowledge_recipient": frozenset(Answer) - {Answer.ACKNOWLEDGED, Answer.ACTION_DONE},
    "record_action": frozenset(Answer) - {Answer.ACTION_DONE},
    "record_try": frozenset(Answer) - set(Recipient.ENDED),
}
"""The same for a recipient; he may answer even after we gave him up."""


def allowed_now(notice: Notice) -> list[str]:
    """Return the steps that the present state allows, as verbs without the app."""
    return [verb for verb, states in STARTS.items() if notice.state in states]


def require(notice: Notice, verb: str) -> None:
    """Raise InvalidTransition, which names what is possible, if the state does not allow the step."""
    if notice.state not in STARTS[verb]:
        raise InvalidTransition(notice.get_state_display(), allowed_now(notice))


def answers_now(recipient: Recipient) -> list[str]:
    """Return what can be recorded of the recipient; nothing before his letter has left."""
    if recipient.awaits_letter:
        return []
    return [verb for verb, states in ANSWERS.items() if recipient.state in states]


def require_answer(recipient: Recipient, verb: str) -> None:
    """Raise InvalidTransition if that cannot be recorded of the recipient now."""
    allowed = answers_now(recipient)
    if verb not in allowed:
        raise InvalidTransition(recipient.get_state_display(), allowed)


def wanted_roles(notice: Notice) -> tuple[str, ...]:
    """Return whose yes it needs."""
    return (Role.HEAD, Role.EXECUTIVE) if notice.kind == Notice.Kind.SAFETY else (Role.HEAD,)


def awaited(notice: Notice) -> list[str]:
    """Return whose yes is still missing."""
    given = {approval.role for approval in notice.approvals.all()}
    return [role for role in wanted_roles(notice) if role not in given]


def missing_languages(notice: Notice, found: Exposure) -> dict[str, int]:
    """Return how many recipients read each language that the notice is not written in."""
    written = {text.language for text in notice.texts.all()}
    return {
        language: count for language, count in found.languages.items() if language not in written
    }
