"""One mailbox on its server, only looked at: nothing is deleted, moved or marked as read."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from imaplib import IMAP4
from typing import Any, Final, Self

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

TIMEOUT: Final = 20
CHUNK: Final = 100
HEAD: Final = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0.65536>)"
BODY: Final = "(UID BODY.PEEK[])"
TROUBLE: Final = (OSError, IMAP4.error, ImapToolsError)
"""Everything that can be wrong with a server, a network or a password."""


@dataclass(frozen=True, slots=True)
class Found:
    """A letter as the server lists it. head -- the raw top of it, the first 64 KiB at most."""

    uid: int
    size: int
    received_at: datetime | None
    head: bytes


class Box:
    """An open mailbox. Raises TROUBLE; leave it by `with`."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        """Sign in and open the folder for reading only.

        source -- an entry of settings.MAILBOXES.
        """
        self._box = _connect(source)
        try:
            _sign_in(self._box, source["user"], source["password"])
            self._box.folder.set(source["folder"], readonly=True)
            self.uidvalidity = _number(self._box.client.response("UIDVALIDITY")[1])
        except TROUBLE:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        with suppress(*TROUBLE):
            self._box.logout()

    def letters_after(self, uid: int) -> Iterator[list[Found]]:
        """Yield what came after the letter, in the order of arrival, some at a time."""
        # A range up to * always holds the last letter, even if it is an older one.
        listed = (int(each) for each in self._box.uids(f"UID {uid + 1}:*", charset=None))
        wanted = sorted(each for each in listed if each > uid)
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            yield sorted(self._heads(chunk), key=lambda found: found.uid)

    def _heads(self, uids: Sequence[int]) -> Iterator[Found]:
        for told, head in self._fetch(",".join(map(str, uids)), HEAD):
            uid = re.search(rb"\bUID (\d+)", told)
            size = re.search(rb"\bRFC822\.SIZE (\d+)", told)
            if uid and size and int(uid[1]) in uids:
                yield Found(int(uid[1]), int(size[1]), _moment(told), head)

    def head(self, uid: int) -> Found | None:
        """Return the letter as it is listed; None if somebody has removed it meanwhile."""
        return next(self._heads([uid]), None)

    def letter(self, uid: int) -> bytes | None:
        """Return the whole letter; None if somebody has removed it meanwhile."""
        for told, body in self._fetch(str(uid), BODY):
            if re.search(rb"\bUID %d\b" % uid, told):
                return body
        return None

    def _fetch(self, uids: str, parts: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield (what is told around it, the literal) for each letter of the answer."""
        state, answer = self._box.client.uid("FETCH", uids, parts)
        if state != "OK":
            raise IMAP4.error(f"FETCH: {state} {answer[:1]}")
        pieces: Iterable[Any] = answer or ()
        told, literal = b"", None
        for piece in pieces:
            if isinstance(piece, tuple):
                if literal is not None:
                    yield told, literal
                told, literal = piece[0], piece[1]
            elif isinstance(piece, bytes) and literal is not None:
                # What follows the literal up to the bracket may still name the letter.
                yield told + b" " + piece, literal
                told, literal = b"", None
        if literal is not None:
            yield told, literal


def _connect(source: Mapping[str, Any]) -> BaseMailBox:
    host, port = source["host"], source["port"]
    if source["tls"]:
        return MailBox(host, port, TIMEOUT, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(host, port, TIMEOUT)


def _sign_in(box: BaseMailBox, user: str, password: str) -> None:
    plain = user.isascii() and password.isascii()
    sign_in = box.login if plain else box.login_utf8
    sign_in(user, password, initial_folder=None)


def _number(answer: Sequence[Any] | None) -> int:
    for each in answer or ():
        if each is not None and re.fullmatch(rb"\d+", each):
            return int(each)
    raise IMAP4.error("the server does not tell UIDVALIDITY, without which letters have no names")


def _moment(told: bytes) -> datetime | None:
    found = re.search(rb'\bINTERNALDATE "\s*([^"]+)"', told)
    try:
        return datetime.strptime(found[1].decode(), "%d-%b-%Y %H:%M:%S %z") if found else None
    except ValueError:
        return None
