"""A whole letter: its head, what it says, what is attached, what it reports of another letter.

The package `email` is used by its old policy: the new one raises on one broken header in two
hundred and takes ten times as long, and a letter that cannot be read is a client not heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from itertools import islice
from typing import Final, cast

from complaints.mail.charsets import one_line, text_of
from complaints.mail.headers import Head, decoded, head_of, ids_in
from complaints.mail.words import text_of_html, tidy

MOST_PARTS: Final = 300
NESTED: Final = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
MOST_LEVELS: Final = 50
MOST_LINES: Final = 2_000_000
MOST_DASHES: Final = 20_000
"""Lines that may begin a part: each costs memory before anybody can count the parts."""
DECORATION: Final = 12 * 1024
"""Pictures inside the text that are smaller are logos and signatures, not evidence."""
BROKEN_PART: Final = (LookupError, ValueError, TypeError, AttributeError)
"""What the package `email` raises on parameters that nobody expected."""


class Unreadable(ValueError):
    """The letter is so broken, or so nested, that its parts cannot be told apart."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a mail server says became of a letter of ours.

    action -- "failed", "delayed", "delivered" or whatever it calls it; "" if it does not say.
    about  -- Message-IDs that the letter may have had.
    why    -- what the other server answered.
    """

    action: str
    status: str
    about: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    head: Head
    text: str
    files: tuple[File, ...]
    report: Report | None


def read_head(raw: bytes) -> Head:
    return head_of(message_from_bytes(raw))


def read_letter(raw: bytes) -> Letter:
    """Return what the letter says. Raises Unreadable."""
    if len(NESTED.findall(raw)) > MOST_LEVELS:
        raise Unreadable("nested too deeply")
    if raw.count(b"\n") > MOST_LINES or raw.count(b"\n--") > MOST_DASHES:
        raise Unreadable("too many parts")
    message = message_from_bytes(raw)
    parts = list(islice(message.walk(), MOST_PARTS))
    head = head_of(message)
    texts, files = _sorted_out(parts)
    return Letter(head=head, text=tidy(texts), files=tuple(files), report=_report(message, parts))


def _sorted_out(parts: Sequence[Message]) -> tuple[str, list[File]]:
    """Return the text and the files; of alternatives the plain text counts."""
    plain: list[str] = []
    pages: list[str] = []
    files: list[File] = []
    for part in _leaves(parts):
        kind = _kind(part)
        if _is_attached(part) or kind not in {"text/plain", "text/html"}:
            files += _file(part, kind)
        elif kind == "text/html":
            pages.append(text_of_html(_text(part)))
        else:
            plain.append(_text(part))
    written = "\n\n".join(text.strip() for text in plain if text.strip())
    return written or "\n\n".join(pages), files


def _kind(part: Message) -> str:
    """Return the media type; what calls itself a whole and has no parts is text."""
    kind = part.get_content_type()
    is_empty_whole = kind.startswith(("multipart/", "message/")) and not part.is_multipart()
    return "text/plain" if is_empty_whole else kind


def _leaves(parts: Sequence[Message]) -> Iterator[Message]:
    """Yield the parts that hold something; a letter inside counts as one file and its own files."""
    inside: set[int] = set()
    for part in parts:
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            yield part
            for below in part.walk():
                if below is not part and not _is_attached(below):
                    inside.add(id(below))
        elif not part.is_multipart() and id(part) not in inside:
            yield part


def _is_attached(part: Message) -> bool:
    if part.is_multipart():
        return False
    return _disposition(part) == "attachment" or bool(_name(part))


def _file(part: Message, kind: str) -> list[File]:
    if kind == "message/rfc822" and part.is_multipart():
        return [_letter_inside(part)]
    if part.is_multipart() or kind.startswith(("message/delivery", "message/disposition")):
        return []
    content = _content(part)
    is_inline = part.get("Content-ID") is not None or _disposition(part) == "inline"
    is_decoration = kind.startswith("image/") and is_inline and len(content) < DECORATION
    if not content or is_decoration or kind in {"text/rfc822-headers", "application/pgp-signature"}:
        return []
    return [File(_name(part) or kind.replace("/", "."), content)]


def _letter_inside(part: Message) -> File:
    """Return the forwarded letter as a text that anybody can open."""
    inner = _inside(part)
    head = head_of(inner)
    words, _files = _sorted_out([each for each in inner.walk() if not _is_attached(each)])
    top = [f"{name}: {head.field(name.lower())}" for name in ("From", "To", "Date", "Subject")]
    told = "\n".join([*top, "", tidy(words)])
    return File(f"{head.topic[:100] or 'letter'}.txt", told.encode())


def _inside(part: Message) -> Message:
    return cast("Message", part.get_payload(0))


def _text(part: Message) -> str:
    try:
        charset = str(part.get_param("charset", "") or "")
    except BROKEN_PART:
        charset = ""
    return text_of(_content(part), charset)


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except BROKEN_PART:
        content = None
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    try:
        return one_line(decoded(part.get_filename("") or ""), 160)
    except BROKEN_PART:
        return ""


def _disposition(part: Message) -> str:
    try:
        return part.get_content_disposition() or ""
    except BROKEN_PART:
        return ""


def _report(message: Message, parts: Sequence[Message]) -> Report | None:
    blocks = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    is_report = message.get_content_type() == "multipart/report"
    if not blocks and not is_report:
        return None
    said = [head_of(each).fields for block in blocks for each in block.walk() if each is not block]
    return Report(
        action=_first(said, "action").split(" ")[0].lower(),
        status=_first(said, "status"),
        about=tuple(_about(parts)),
        why=_first(said, "diagnostic-code")[:500],
    )


def _first(blocks: Sequence[object], name: str) -> str:
    for fields in blocks:
        if isinstance(fields, dict) and fields.get(name):
            return str(fields[name][0])
    return ""


def _about(parts: Sequence[Message]) -> Iterator[str]:
    """Yield the ids of the letter that came back, as the copy of its head tells them."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            yield from ids_in(head_of(_inside(part)).header_id)
        elif kind == "text/rfc822-headers":
            yield from ids_in(head_of(message_from_bytes(_content(part))).header_id)
