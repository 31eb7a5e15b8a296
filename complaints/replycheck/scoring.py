"""What a text passes on to others, and what it takes upon us: the reply check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import inf

from complaints.replycheck.lexicon import Phrase, hide_partners, lexicon
from complaints.replycheck.normal import NormalText, normalise

REVIEW_FROM, STOP_FROM = 2, 5
MOST_MITIGATION = 3
MOST_COUNTED = 2
"""One pattern counts no more often: a habit of speech is not many offences."""
MASK = "\n"
ANY_LANGUAGE = "en"
Span = tuple[int, int]


class Verdict(Enum):
    """clean: send it. review: better words are offered. stop: rewrite it, or say why it goes."""

    CLEAN = "clean"
    REVIEW = "review"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found. start, end -- where it stands in the original text, [from, to).

    phrase -- as it was typed; label and suggestion -- in the language of the text.
    """

    id: str
    category: str
    weight: int
    start: int
    end: int
    phrase: str
    label: str
    suggestion: str
    labels: Mapping[str, str] = field(repr=False, compare=False)

    def label_for(self, language: str) -> str:
        """Return the label in the reader's language, such as "en" or "en-gb"."""
        return self.labels.get(language.split("-", maxsplit=1)[0]) or self.labels[ANY_LANGUAGE]


@dataclass(frozen=True, slots=True)
class ReplyCheck:
    """score -- raw minus mitigation, in halves; hits -- in the order of the text."""

    language: str
    raw: int
    mitigation: float
    ownership_found: bool
    hits: tuple[Hit, ...]

    @property
    def score(self) -> float:
        return self.raw - self.mitigation

    @property
    def verdict(self) -> Verdict:
        if self.score >= STOP_FROM:
            return Verdict.STOP
        return Verdict.REVIEW if self.score >= REVIEW_FROM else Verdict.CLEAN


def check(text: str, language: str, *, partners: Iterable[str] = ()) -> ReplyCheck:
    """Check a text that goes to a client for passing the blame to others.

    partners -- names that count as third parties. The time is in proportion to the text.
    Raises KeyError for a language without a lexicon.
    """
    phrases, normal = lexicon(language), normalise(text)
    ours = _masked(hide_partners(normal.text, partners), phrases.allow)
    taken = bytearray(len(ours))
    blame = apart(found_in(ours, phrases.blame), taken, at_most=MOST_COUNTED)
    owned = {
        each.id: each.weight
        for each, (start, end) in found_in(ours, phrases.ownership)
        if not any(taken[start:end])
    }
    raw = sum(each.weight for each, _ in blame)
    return ReplyCheck(
        language=language,
        raw=raw,
        mitigation=min(MOST_MITIGATION, raw / 2, sum(owned.values())),
        ownership_found=bool(owned),
        hits=tuple(hits_of(text, normal, language, blame)),
    )


def hits_of(
    text: str, normal: NormalText, language: str, found: Iterable[tuple[Phrase, Span]]
) -> list[Hit]:
    """Return what was found in the normalised text as hits in the original, in its order."""
    hits = []
    for each, span in sorted(found, key=lambda pair: pair[1]):
        start, end = normal.original(*span)
        kind = each.category
        hits.append(
            Hit(
                each.id, kind.key, each.weight, start, end, text[start:end],
                kind.label[language], kind.suggestion[language], kind.label,
            )
        )  # fmt: skip
    return hits


def apart(
    found: Iterable[tuple[Phrase, Span]], taken: bytearray, *, at_most: float = inf
) -> list[tuple[Phrase, Span]]:
    """Return the heaviest and longest of what was found, none over another.

    taken -- one byte for each letter of the text; those that are now taken are marked in it.
    at_most -- how often one phrase may count.
    """
    times: Counter[str] = Counter()
    kept = []
    for each, (start, end) in sorted(found, key=_heaviest):
        if times[each.id] >= at_most or any(taken[start:end]):
            continue
        times[each.id] += 1
        taken[start:end] = b"\1" * (end - start)
        kept.append((each, (start, end)))
    return kept


def _heaviest(found: tuple[Phrase, Span]) -> tuple[int, int, int]:
    each, (start, end) = found
    return -each.weight, start - end, start


def found_in(text: str, phrases: Iterable[Phrase]) -> list[tuple[Phrase, Span]]:
    return [
        (each, found.span())
        for each in phrases
        for found in each.pattern.finditer(text)
        if found[0] and MASK not in found[0]
    ]


def _masked(text: str, allow: Iterable[Phrase]) -> str:
    """Return the text without what only seems to blame: no phrase is found there or across it."""
    letters = list(text)
    for _, (start, end) in found_in(text, allow):
        letters[start:end] = MASK * (end - start)
    return "".join(letters)
