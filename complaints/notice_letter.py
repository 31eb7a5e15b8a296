"""A notice as its recipient reads it, by letter and on his page: frozen, and nothing internal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Final

from babel.dates import format_date

from complaints.models import Notice
from complaints.texts import client_text
from core.models import User
from core.wording import DAY

SUBJECT_LENGTH: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """What a notice says in one language; none may be empty."""

    what: str
    risk: str
    action: str
    remedy: str
    regret: str

    @property
    def is_empty(self) -> bool:
        return not any(asdict(self).values())

    @property
    def missing(self) -> list[str]:
        """The names of the blocks that say nothing."""
        return [name for name, text in asdict(self).items() if not text.strip()]


BLOCKS: Final = tuple(each.name for each in fields(Blocks))


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One part under its heading, in the reader's language; name -- of the block."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedContact:
    """The colleague who answers questions, as clients may know him."""

    name: str
    phone: str
    email: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.phone, self.email)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLetter:
    """Everything a recipient may see, in one language.

    heading -- "Product safety recall" where the law wants those words, else "".
    by -- until when we do our part, in words.
    """

    no: str
    language: str
    heading: str
    item: str
    batch: str
    identification: str
    blocks: Blocks
    by: str
    contact: NamedContact

    @property
    def subject(self) -> str:
        told = f"{self.heading}: {self.item}" if self.heading else self.title
        return f"[{self.no}] {told[:SUBJECT_LENGTH]}" if self.no else told[:SUBJECT_LENGTH]

    def body(self, link: str) -> str:
        """Return the letter for the recipient with this link."""
        told = asdict(self.blocks) | {"item": self.item, "time": self.by, "link": link}
        # The sentence goes on after what we do: "…, by 10 March".
        told["remedy"] = self.blocks.remedy.rstrip(" .")
        letter = client_text("notice", self.language, contact=str(self.contact), **told)
        title, gap, rest = letter.partition("\n\n")
        return gap.join(filter(None, (self.heading, title, self.recognise, rest)))

    @property
    def title(self) -> str:
        return client_text("notice_subject", self.language, item=self.item)

    @property
    def parts(self) -> list[LetterPart]:
        """What it says, part by part, each under its heading."""
        told = {name: getattr(self.blocks, name) for name in BLOCKS if name != "regret"}
        return [
            LetterPart(name, client_text(f"notice_{name}", self.language), text)
            for name, text in told.items()
        ]

    @property
    def by_when(self) -> str:
        return client_text("notice_by", self.language, time=self.by)

    @property
    def contact_label(self) -> str:
        return client_text("notice_contact", self.language)

    @property
    def recognise(self) -> str:
        """How to tell the product by; "" if there is nothing to tell."""
        told = "\n".join(filter(None, (self.batch, self.identification)))
        return client_text("notice_identification", self.language, how=told) if told else ""


def letters_of(notice: Notice, texts: Mapping[str, Blocks]) -> dict[str, NoticeLetter]:
    """Return what recipients of each language read."""
    return {language: letter_of(notice, language, blocks) for language, blocks in texts.items()}


def letter_of(notice: Notice, language: str, blocks: Blocks) -> NoticeLetter:
    """Return what recipients of this language read. The notice may be unsaved."""
    return NoticeLetter(
        no=notice.no,
        language=language,
        heading=client_text("notice_recall", language) if notice.is_recall else "",
        item=notice.item,
        batch=client_text("notice_batch", language, batch=notice.batch) if notice.batch else "",
        identification=notice.identification,
        blocks=blocks,
        by=_day(notice.deadline, language),
        contact=contact_of(notice.contact),
    )


def contact_of(user: User) -> NamedContact:
    return NamedContact(name=user.name, phone=user.phone, email=user.email)


def _day(day: date | None, language: str) -> str:
    return format_date(day, DAY, locale=language) if day else "…"
