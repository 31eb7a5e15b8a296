"""Whether a person wrote the letter, and to whom it may not be answered by a machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from complaints.mail.headers import Head
from complaints.mail.letter import Letter, Report

MOST_HOPS: Final = 40
OUR_ID: Final = r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@%s>"
MACHINES: Final = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|double-bounce)@", re.IGNORECASE
)
AUTOMATIC: Final = ("x-autoreply", "x-autorespond", "x-autoresponse")
AWAY: Final = re.compile(
    r"out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?response|auto-?reply|on vacation|"
    r"автоответ|автоматический ответ|в отпуске|отсутстви|автовідповідь|у відпустці|"
    r"автоматична відповідь|автоматичен отговор|извън офиса|в отпуск",
    re.IGNORECASE,
)
RETURNED: Final = re.compile(
    r"undeliver|delivery (?:status|failure|has failed)|returned mail|failure notice|"
    r"mail delivery (?:failed|system)|недоставлен|не доставлено|не может быть доставлено|"
    r"не вдалося доставити|недоставен",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What a letter is. Everything but a person's letter has a reason to be left alone."""

    PERSON = "person"
    OWN = "own_letter"
    LOOP = "loop"
    BOUNCE = "bounce"
    DELAYED = "delayed"
    RECEIPT = "receipt"
    AUTO_REPLY = "auto_reply"
    BULK = "bulk"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class House:
    """How our own letters are recognised.

    addresses -- those that we write from or read, in lower case.
    domain    -- what stands behind the @ of our Message-IDs.
    mark      -- the value of the header X-Kamerton on everything that leaves.
    """

    addresses: frozenset[str]
    domain: str
    mark: str

    def ids_in(self, text: str) -> list[str]:
        """Return the ids of our letters that the text names, in its order."""
        found = re.findall(OUR_ID % re.escape(self.domain), text, re.IGNORECASE)
        return list(dict.fromkeys(each.lower() for each in found))


def kind_of(letter: Letter, house: House) -> Kind:
    """Return what the letter is; the first sign that it shows counts."""
    for kind, shows in _SIGNS:
        if shows(letter, house):
            return kind
    return Kind.PERSON


def is_forged(head: Head) -> bool:
    """Say whether our own mail server found that the sender is not who he says he is.

    Only the topmost result counts: it was written last, by the server that we trust.
    """
    result = head.field("authentication-results").lower()
    failed = {name for name in ("spf", "dkim") if re.search(rf"\b{name}=(?:hard)?fail\b", result)}
    return bool(re.search(r"\bdmarc=fail\b", result)) or failed == {"spf", "dkim"}


def may_be_answered(head: Head) -> bool:
    """Say whether a machine may answer: never another machine, a list or a forged sender."""
    asks_for_silence = ("x-auto-response-suppress", "precedence", "list-id", "list-unsubscribe")
    is_quiet = any(head.field(name) for name in asks_for_silence)
    return bool(head.sender) and not (is_quiet or _is_automatic(head) or is_forged(head))


def _is_own(letter: Letter, house: House) -> bool:
    head = letter.head
    is_ours = (
        bool(head.header_id and house.ids_in(head.header_id)) or head.sender in house.addresses
    )
    return is_ours or (bool(house.mark) and head.field("x-kamerton") == house.mark)


def _loops(letter: Letter, house: House) -> bool:
    return len(letter.head.fields.get("received", ())) > MOST_HOPS


def _is_receipt(letter: Letter, house: House) -> bool:
    said = letter.head.field("content-type").lower()
    acts = {"delivered", "relayed", "expanded"}
    return "disposition-notification" in said or bool(
        letter.report and letter.report.action in acts
    )


def _is_delayed(letter: Letter, house: House) -> bool:
    report = letter.report
    return report is not None and (report.action == "delayed" or report.status.startswith("4"))


def _came_back(letter: Letter, house: House) -> bool:
    head = letter.head
    if letter.report is not None and _is_delivery(letter.report):
        return True
    from_machine = head.field("return-path") == "<>" or bool(MACHINES.match(head.sender))
    tells_so = bool(head.field("x-failed-recipients")) or bool(RETURNED.search(head.subject))
    return from_machine and tells_so


def _is_delivery(report: Report) -> bool:
    return bool(report.action or report.status)


def _replies_by_itself(letter: Letter, house: House) -> bool:
    return _is_automatic(letter.head)


def _is_automatic(head: Head) -> bool:
    submitted = head.field("auto-submitted").lower().partition(";")[0].strip()
    if submitted not in {"", "no"}:
        return True
    if any(head.field(name).lower() not in {"", "no"} for name in AUTOMATIC):
        return True
    precedence = head.field("precedence").lower()
    if "auto" in precedence or head.field("x-auto-response-suppress").lower() == "all":
        return True
    is_machine = head.field("return-path") == "<>" or bool(precedence)
    return is_machine and bool(AWAY.search(head.subject))


def _is_bulk(letter: Letter, house: House) -> bool:
    head = letter.head
    lists = ("list-id", "list-unsubscribe", "list-post", "feedback-id")
    is_list = any(head.field(name) for name in lists)
    return is_list or head.field("precedence").lower() in {"bulk", "list", "junk"}


def _is_spam(letter: Letter, house: House) -> bool:
    said = (letter.head.field("x-spam-flag"), letter.head.field("x-spam-status"))
    return any(each.lower().startswith("yes") for each in said)


Shows = Callable[[Letter, House], bool]
_SIGNS: Final[tuple[tuple[Kind, Shows], ...]] = (
    (Kind.OWN, _is_own),
    (Kind.LOOP, _loops),
    (Kind.RECEIPT, _is_receipt),
    (Kind.DELAYED, _is_delayed),
    (Kind.BOUNCE, _came_back),
    (Kind.AUTO_REPLY, _replies_by_itself),
    (Kind.BULK, _is_bulk),
    (Kind.SPAM, _is_spam),
)
