"""The reply check of a text for a client: its language, our suppliers' names, what its writer is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Finding, Message, Supplier
from complaints.permissions import may_override
from complaints.replycheck import Hit, ReplyCheck, Verdict, check, language_of
from core.errors import DomainError
from core.models import User
from sla.models import Priority

SPOKEN = (Complaint.Channel.PHONE, Complaint.Channel.MEETING)
LONGEST_SENTENCE = 400
_END = re.compile(r"[.!?…]{1,3}[\"'»”’)]{0,2}\s+|[\r\n]+")
_BLANK = re.compile(r"(?<!\S)…")
"""What our better sentences leave to be filled in."""


class ReplyCheckStop(DomainError):
    """The text puts the blame on others; facts: its score, and each phrase with a better sentence."""

    code = "reply_check_stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A phrase, and what is better said. start, end -- where it stands in the text, [from, to).

    why -- in the reader's language; suggestion -- in the text's.
    """

    phrase: str
    start: int
    end: int
    category: str
    weight: int
    why: str
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSentence:
    """A sentence with remarks; pieces -- the sentence in parts, each with whether it is marked."""

    text: str
    pieces: tuple[tuple[str, bool], ...]
    remarks: tuple[Remark, ...]

    @property
    def suggestions(self) -> list[str]:
        return list(dict.fromkeys(remark.suggestion for remark in self.remarks))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedText:
    """What the writer is told of his text.

    is_held -- it may only go out with a reason.
    lacks_ownership -- it neither apologises nor takes anything upon us, though it should.
    has_blanks -- the dots of a better sentence are still to be filled in.
    """

    language: str
    score: float
    verdict: str
    ownership_found: bool
    remarks: tuple[Remark, ...]
    sentences: tuple[MarkedSentence, ...]
    is_held: bool
    lacks_ownership: bool
    has_blanks: bool


def supplier_names(reader: User | None = None) -> tuple[str, ...]:
    """Return the names of the directory that count as third parties; all, or what one may read."""
    rows = Supplier.objects.visible_to(reader) if reader else Supplier.objects.all()
    current = rows.current().order_by("pk").only("name", "aliases")
    return tuple(name for row in current for name in row.names)


def check_text(text: str, default_language: str) -> ReplyCheck:
    """Check a text in the language it is written in, or in the default if that is not clear."""
    language = language_of(text, default_language)
    return check(text, language, partners=supplier_names())


def check_reply(complaint: Complaint, text: str) -> ReplyCheck:
    return check_text(text, complaint.client_language)


def told_of_draft(
    reader: User,
    text: str,
    *,
    language: str | None = None,
    complaint: Complaint | None = None,
    resolves: bool = False,
) -> CheckedText:
    """Return what is told of a text that may never be sent, with what the reader may know."""
    default = complaint.client_language if complaint else reader.language
    language = language or language_of(text, default)
    checked = check(text, language, partners=supplier_names(reader))
    if complaint is None:
        return told(text, checked, is_held=checked.verdict is Verdict.STOP)
    return told_of(complaint, text, checked, resolves=resolves)


def is_first_answer(complaint: Complaint) -> bool:
    """Say whether no human has answered the client yet."""
    answers = Message.objects.filter(complaint=complaint, kind=Message.Kind.REPLY)
    return not answers.exists()


def let_through(
    complaint: Complaint, text: str, author: User, override_reason: str
) -> dict[str, Any]:
    """Return what a message keeps of its check. Raises ReplyCheckStop.

    A text that is stopped goes out with a reason of somebody who answers for it; the first answer
    to a P1 is never held.
    """
    checked, reason = check_reply(complaint, text), override_reason.strip()
    is_stopped = checked.verdict is Verdict.STOP
    may_send = may_override(author, complaint)
    if is_stopped and not (reason and may_send) and not _may_not_wait(complaint):
        raise _stop(checked, may_send=may_send)
    return {
        "check_score": Decimal(str(checked.score)),
        "check_hits": [hit.id for hit in checked.hits],
        "override_reason": reason if is_stopped else "",
    }


def told_of_reply(complaint: Complaint, text: str, *, resolves: bool = False) -> CheckedText:
    """Return what the writer is told of an answer on the complaint."""
    return told_of(complaint, text, check_reply(complaint, text), resolves=resolves)


def told_of(complaint: Complaint, text: str, checked: ReplyCheck, *, resolves: bool) -> CheckedText:
    return told(
        text,
        checked,
        is_held=checked.verdict is Verdict.STOP and not _may_not_wait(complaint),
        lacks_ownership=_lacks_ownership(complaint, checked, resolves=resolves),
    )


def told(
    text: str, checked: ReplyCheck, *, is_held: bool, lacks_ownership: bool = False
) -> CheckedText:
    """Return what the writer is told of the text, in the language that is spoken now."""
    return CheckedText(
        language=checked.language,
        score=checked.score,
        verdict=checked.verdict.value,
        ownership_found=checked.ownership_found,
        remarks=tuple(map(remark, checked.hits)),
        sentences=marked_sentences(text, checked.hits),
        is_held=is_held,
        lacks_ownership=lacks_ownership,
        has_blanks=bool(_BLANK.search(text)),
    )


def remark(hit: Hit) -> Remark:
    return Remark(
        phrase=hit.phrase,
        start=hit.start,
        end=hit.end,
        category=hit.category,
        weight=hit.weight,
        why=hit.label_for(get_language() or hit.label),
        suggestion=hit.suggestion,
    )


def _may_not_wait(complaint: Complaint) -> bool:
    return complaint.priority == Priority.P1 and is_first_answer(complaint)


def _lacks_ownership(complaint: Complaint, checked: ReplyCheck, *, resolves: bool) -> bool:
    """Say whether the first answer, or that which resolves, should own up to more than it does."""
    if checked.ownership_found or not (resolves or is_first_answer(complaint)):
        return False
    unjustified = Finding.objects.filter(complaint=complaint, justified=Finding.Justified.NO)
    return not unjustified.exists()


def _stop(checked: ReplyCheck, *, may_send: bool) -> ReplyCheckStop:
    way_out = (
        _("Rewrite what is marked, or say why it must go out as it is.")
        if may_send
        else _("Rewrite what is marked, or ask the account manager or support to send it.")
    )
    return ReplyCheckStop(
        format_lazy(
            "{what} {way_out}",
            what=_("This puts the blame on others, and the client would read it so."),
            way_out=way_out,
        ),
        score=checked.score,
        hits=[asdict(remark(hit)) for hit in checked.hits],
    )


def marked_sentences(text: str, hits: Iterable[Hit]) -> tuple[MarkedSentence, ...]:
    """Return the sentences with hits, in order."""
    return tuple(_sentences(text, hits))


def _sentences(text: str, hits: Iterable[Hit]) -> Iterator[MarkedSentence]:
    together: list[Hit] = []
    start = end = 0
    for hit in hits:
        if together and hit.start >= end:
            yield _marked(text, start, end, together)
            together = []
        if not together:
            start = _start_of(text, hit.start)
        end = max(end, _end_of(text, hit.end))
        together.append(hit)
    if together:
        yield _marked(text, start, end, together)


def _marked(text: str, start: int, end: int, hits: list[Hit]) -> MarkedSentence:
    pieces, at = [], start
    for hit in hits:
        pieces += [(text[at : hit.start], False), (hit.phrase, True)]
        at = hit.end
    pieces.append((text[at:end], False))
    return MarkedSentence(
        text=text[start:end],
        pieces=tuple(piece for piece in pieces if piece[0]),
        remarks=tuple(map(remark, hits)),
    )


def _start_of(text: str, at: int) -> int:
    """Return where the sentence begins, looking back only as far as a sentence may be long."""
    earliest = max(0, at - LONGEST_SENTENCE)
    before = text[earliest:at]
    ends = [found.end() for found in _END.finditer(before)]
    begins = earliest + (ends[-1] if ends else 0)
    return at - len(text[begins:at].lstrip())


def _end_of(text: str, at: int) -> int:
    found = _END.search(text, at, at + LONGEST_SENTENCE)
    ends = found.end() if found else min(len(text), at + LONGEST_SENTENCE)
    return at + len(text[at:ends].rstrip())
