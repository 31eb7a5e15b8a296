"""What was sent although the reply check stopped it: for the head of KAM, and for better phrases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from complaints.checking import MarkedSentence, marked_sentences, supplier_names
from complaints.models import Complaint, Message
from complaints.permissions import reads_overrides
from complaints.replycheck import check, language_of
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A message that went out with a reason; sentences -- what stopped it, as far as still found."""

    message: Message
    sentences: tuple[MarkedSentence, ...]


def override_list(user: User) -> QuerySet[Message]:
    """Return what was sent despite the check, newest first; only the heads read it.

    There is no count by person, on purpose: the check helps with words and measures nobody.
    """
    if not reads_overrides(user):
        return Message.objects.none()
    sent = Message.objects.filter(complaint__in=Complaint.objects.visible_to(user))
    rows = sent.exclude(override_reason="").select_related("complaint__account", "author")
    return rows.order_by("-at", "-id")


def overrides_of(messages: Iterable[Message]) -> list[Override]:
    """Return what the page shows of the messages: the phrases are found again, not stored."""
    names = supplier_names()
    return [Override(message=each, sentences=_stopped_by(each, names)) for each in messages]


def _stopped_by(message: Message, names: Iterable[str]) -> tuple[MarkedSentence, ...]:
    language = language_of(message.body, message.complaint.language)
    found = check(message.body, language, partners=names).hits
    then = set(message.check_hits)
    return marked_sentences(message.body, [hit for hit in found if hit.id in then])
