"""What keeps a notice from being approved: blame, words that make a danger small, gaps (3.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from complaints.checking import (
    MarkedSentence,
    Remark,
    marked_sentences,
    remark,
    supplier_names,
)
from complaints.exposure import Exposure, exposure
from complaints.models import Notice
from complaints.notice_letter import BLOCKS, Blocks
from complaints.notice_queries import texts_of
from complaints.notice_steps import missing_languages
from complaints.recall import tells_to_stop
from complaints.replycheck import Hit, ReplyCheck, Verdict, check, downplaying, language_of
from core.errors import Sentence

BLAME: Final = "reply_check_stop"
Texts = Mapping[str, Blocks]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to put right; code is part of the REST contract.

    language -- of the text it is about, "" if it is about none.
    remarks -- the phrases found; sentences -- those that they stand in, as they are drawn.
    """

    code: str
    sentence: Sentence
    language: str = ""
    score: float = 0
    remarks: tuple[Remark, ...] = ()
    sentences: tuple[MarkedSentence, ...] = ()

    def facts(self) -> dict[str, str]:
        return {"code": self.code, "detail": str(self.sentence), "language": self.language}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Who would be told of a notice, and what keeps it from being approved and sent.

    missing_languages -- how many recipients read each language that it is not written in.
    """

    exposure: Exposure
    missing_languages: Mapping[str, int]
    faults: list[Fault]


def readiness_of(notice: Notice, today: date) -> Readiness:
    """Return how ready a stored notice is."""
    found = exposure(notice)
    return Readiness(
        exposure=found,
        missing_languages=missing_languages(notice, found),
        faults=faults_of(notice, texts_of(notice), today),
    )


def faults_of(notice: Notice, texts: Texts, today: date) -> list[Fault]:
    """Return everything that keeps the notice from being approved. It may be unsaved."""
    return [
        *_gaps(notice, texts, today),
        *_blame(notice, texts),
        *(_downplaying(texts) if notice.kind == Notice.Kind.SAFETY else ()),
        *(_recall_gaps(notice, texts) if notice.is_recall else ()),
    ]


def _gaps(notice: Notice, texts: Texts, today: date) -> Iterator[Fault]:
    if not texts:
        yield Fault(code="text_missing", sentence=_("Write the notice in one language at least."))
    for language, blocks in texts.items():
        if blocks.missing:
            yield Fault(
                code="text_missing",
                language=language,
                sentence=_("Fill in every part of the text: none may be left out."),
            )
    if notice.deadline is None:
        yield Fault(code="deadline_missing", sentence=_("Say by when we do our part."))
    elif notice.deadline < today:
        yield Fault(
            code="deadline_passed",
            sentence=_("The day by which we do our part has passed. Name a day that we can keep."),
        )


def _blame(notice: Notice, texts: Texts) -> Iterator[Fault]:
    """Yield what passes the blame on, in our texts and in what the supplier writes as well."""
    partners = supplier_names()
    for language, blocks in texts.items():
        whole = _whole(blocks)
        checked = check(whole, language_of(whole, language), partners=partners)
        if checked.verdict is not Verdict.CLEAN:
            says = _(
                "This puts the blame on others. A notice says what we do, not whose fault it is."
            )
            yield _blaming(whole, checked, language, says)
    if notice.partner_text:
        default = next(iter(texts), "en")
        spoken = language_of(notice.partner_text, default)
        checked = check(notice.partner_text, spoken, partners=partners)
        if checked.verdict is not Verdict.CLEAN:
            says = _("What the supplier writes puts the blame on others. Agree on other words.")
            yield _blaming(notice.partner_text, checked, "", says)


def _blaming(text: str, checked: ReplyCheck, language: str, says: Sentence) -> Fault:
    return Fault(
        code=BLAME,
        sentence=says,
        language=language,
        score=checked.score,
        remarks=tuple(map(remark, checked.hits)),
        sentences=marked_sentences(text, checked.hits),
    )


def _downplaying(texts: Texts) -> Iterator[Fault]:
    for language, blocks in texts.items():
        whole = _whole(blocks)
        hits = downplaying(whole, language_of(whole, language))
        if hits:
            yield Fault(
                code="danger_played_down",
                language=language,
                sentence=format_lazy(
                    _("Leave out what makes the danger look smaller: {phrases}."),
                    phrases=_quoted(hits),
                ),
                remarks=tuple(map(remark, hits)),
                sentences=marked_sentences(whole, hits),
            )


def _recall_gaps(notice: Notice, texts: Texts) -> Iterator[Fault]:
    if not notice.identification.strip():
        yield Fault(
            code="identification_missing",
            sentence=_("Say how to recognise the product: model, numbers, where they are printed."),
        )
    for language, blocks in texts.items():
        if not tells_to_stop(blocks.action, language_of(blocks.action, language)):
            yield Fault(
                code="stop_use_missing",
                language=language,
                sentence=_(
                    "Tell people plainly to stop using the product, under “what to do now”."
                ),
            )


def _whole(blocks: Blocks) -> str:
    return "\n".join(getattr(blocks, name) for name in BLOCKS)


def _quoted(hits: tuple[Hit, ...]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in dict.fromkeys(hit.phrase for hit in hits))
