"""The top of a letter: who, to whom, answering what. Never raises; what is not there is empty."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from complaints.mail.charsets import one_line, text_of

MOST_HEADER: Final = 20_000
MOST_FIELDS: Final = 1_000
MOST_RECIPIENTS: Final = 200
MOST_IDS: Final = 100
ENCODED: Final = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?]*)\?=")
BETWEEN_ENCODED: Final = re.compile(r"(?<=\?=)\s+(?==\?)")
ADDRESS: Final = re.compile(r"[!-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[0-9A-Za-z.\-]{1,185}", re.ASCII)
MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,240}>", re.ASCII)
REACHED: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
REPLY_MARKS: Final = re.compile(
    r"^(?:\s*(?:re|fwd?|aw|wg|sv|antw|ответ|відповідь|отговор|отг|пересл)"
    r"(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:)+\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the top of a letter says.

    sender     -- one address in lower case; "" if there is no usable one.
    header_id  -- the Message-ID with its angle brackets, "" if it is none that can be answered.
    answers    -- ids of the letters that this one answers, the nearest first.
    recipients -- addresses it was sent or delivered to, in lower case.
    fields     -- all values by the field's name in lower case, decoded, each as one line.
    """

    sender: str
    sender_name: str
    subject: str
    header_id: str
    date: str
    answers: tuple[str, ...]
    recipients: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]

    def field(self, name: str) -> str:
        """Return the first value of the field, "" if it is not there."""
        return next(iter(self.fields.get(name, ())), "")

    @property
    def topic(self) -> str:
        """The subject without the marks that programs put before an answer."""
        return REPLY_MARKS.sub("", self.subject).strip()

    def fingerprint(self, size: int) -> str:
        """Return the same digest for the same letter wherever and whenever it is met again."""
        known = "\n".join([self.header_id, self.date, self.sender, self.subject, str(size)])
        return sha256(known.encode("utf-8", "replace")).hexdigest()


def head_of(message: Message) -> Head:
    raw = _raw_fields(message)
    fields = {
        name: tuple(one_line(decoded(value), MOST_HEADER) for value in values)
        for name, values in raw.items()
    }
    sender_name, sender = _sender(raw)
    return Head(
        sender=sender,
        sender_name=sender_name,
        subject=next(iter(fields.get("subject", ())), "")[:500],
        header_id=next(iter(_ids(fields, "message-id")), ""),
        date=next(iter(fields.get("date", ())), ""),
        answers=tuple(_answers(fields)),
        recipients=tuple(_recipients(raw)),
        fields=fields,
    )


Fields = Mapping[str, Sequence[str]]


def _raw_fields(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, raw in islice(message.raw_items(), MOST_FIELDS):
        found.setdefault(name.lower(), []).append(str(raw)[:MOST_HEADER])
    return found


def decoded(raw: str) -> str:
    """Return the words of a header: RFC 2047, and bytes that should not be there."""
    raw = BETWEEN_ENCODED.sub("", raw)
    told = groupby((piece for piece in _pieces(raw) if piece[1]), key=itemgetter(0))
    return "".join(text_of(b"".join(raw for _, raw in run), charset) for charset, run in told)


def _pieces(raw: str) -> Iterator[tuple[str, bytes]]:
    """Yield (character set, bytes); neighbours of one set may share a character."""
    end = 0
    for found in ENCODED.finditer(raw):
        yield "", _bytes(raw[end : found.start()])
        yield found[1].lower(), _unpacked(found[2].lower(), found[3])
        end = found.end()
    yield "", _bytes(raw[end:])


def _unpacked(way: str, packed: str) -> bytes:
    if way == "q":
        return quopri.decodestring(_bytes(packed), header=True)
    try:
        return binascii.a2b_base64(_bytes(packed.rstrip("=")) + b"==")
    except binascii.Error:
        return _bytes(packed)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _sender(fields: Fields) -> tuple[str, str]:
    for name in ("from", "sender", "return-path"):
        for shown, address in _addresses(fields.get(name, ())):
            if address:
                return one_line(decoded(shown), 120), address
    return "", ""


def _recipients(fields: Fields) -> list[str]:
    values = [value for name in REACHED for value in fields.get(name, ())]
    found = (address for _name, address in _addresses(values) if address)
    return list(dict.fromkeys(found))[:MOST_RECIPIENTS]


def _addresses(values: Iterable[str]) -> list[tuple[str, str]]:
    """Return (name, address in lower case); an address that none can be is "".

    Names are decoded after the addresses are told apart: there may be a comma in them.
    """
    parsed = getaddresses([" ".join(value.split()) for value in values])
    return [(name, usable_address(address)) for name, address in parsed[: 2 * MOST_RECIPIENTS]]


def usable_address(address: str) -> str:
    """Return the address in lower case, "" if no letter could be sent there."""
    return address.lower() if ADDRESS.fullmatch(address) and ".." not in address else ""


def _answers(fields: Fields) -> list[str]:
    nearest = [*_ids(fields, "in-reply-to"), *reversed(_ids(fields, "references"))]
    return list(dict.fromkeys(nearest))[:MOST_IDS]


def _ids(fields: Fields, name: str) -> list[str]:
    return [found for value in fields.get(name, ()) for found in ids_in(value)]


def ids_in(text: str) -> list[str]:
    """Return what looks like Message-IDs."""
    return MESSAGE_ID.findall(text)[:MOST_IDS]
