"""One POST to an address that somebody typed: to public addresses only, and never for long.

Libraries follow redirects, obey proxies and resolve a name anew when they connect; here each of
these would let an endpoint reach what only we can reach.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.utils.encoding import iri_to_uri

from core.webhooks.addresses import is_public

SECONDS: Final = 10.0
ANSWER_BYTES: Final = 64 * 1024
HTTPS: Final = 443
ERROR_LENGTH: Final = 300
FAILURES: Final = (OSError, HTTPException, ValueError)
"""What a network, a resolver, a certificate or an odd answer can raise."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it. status -- of HTTP, None if there was none; error -- "" if it was a 2xx."""

    status: int | None
    error: str

    @property
    def is_accepted(self) -> bool:
        return not self.error


class NotPublic(OSError):
    """The name leads to an address that only we, or nobody, should reach."""


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool = False
) -> Answer:
    """Send the body and return what was answered within ten seconds; raises nothing.

    allow_private -- lets it connect to this machine and its neighbours, for development.
    """
    until = monotonic() + SECONDS
    try:
        target = urlsplit(iri_to_uri(url))
        with _connect(target, until, allow_private=allow_private) as connection:
            connection.settimeout(_left(until))
            connection.sendall(_request(target, body, headers))
            return _read(connection, until)
    except FAILURES as error:
        return Answer(None, _readable(f"{type(error).__name__}: {error}"))


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("no answer within 10 seconds")
    return left


def _connect(target: SplitResult, until: float, *, allow_private: bool) -> ssl.SSLSocket:
    """Connect to the very address that was looked at, and speak TLS under the host's name."""
    host = target.hostname or ""
    places = _resolve(host, target.port or HTTPS, until)
    for *_kind, place in places:
        if not (allow_private or is_public(str(place[0]))):
            raise NotPublic(f"{host} leads to {place[0]}, which is not a public address")
    plain = _first_open(places, until)
    try:
        plain.settimeout(_left(until))
        return trusted().wrap_socket(plain, server_hostname=host)
    except FAILURES:
        plain.close()
        raise


@lru_cache
def trusted() -> ssl.SSLContext:
    """Return who we believe: the certificates of this machine. Reading them takes 20 ms."""
    return ssl.create_default_context()


def _resolve(host: str, port: int, until: float) -> list[Any]:
    """Return what getaddrinfo says. It knows no time limit, so it runs beside us."""
    found: SimpleQueue[Any] = SimpleQueue()

    def ask() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except FAILURES as error:
            found.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = found.get(timeout=_left(until))
    except Empty:
        raise TimeoutError(f"{host} could not be resolved within 10 seconds") from None
    if isinstance(answer, Exception):
        raise answer
    return list(answer)


def _first_open(places: Iterable[Any], until: float) -> socket.socket:
    problem: OSError = OSError("the name has no address")
    for family, kind, protocol, _name, place in places:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(_left(until))
            connection.connect(place)
        except OSError as error:
            connection.close()
            problem = error
        else:
            return connection
    raise problem


def _request(target: SplitResult, body: bytes, headers: Mapping[str, str]) -> bytes:
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    all_headers = {
        "Host": target.netloc,
        **headers,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in all_headers.items())]
    if any(character in line for line in lines for character in "\r\n"):
        raise ValueError("a line of the request would break")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _read(connection: ssl.SSLSocket, until: float) -> Answer:
    response = HTTPResponse(_Bounded(connection, until), method="POST")  # type: ignore[arg-type]
    response.begin()
    # The status is what counts; whoever breaks off after it has had our event.
    with suppress(*FAILURES):
        response.read()
    return _answer(response.status, response.reason)


def _answer(status: int, reason: str) -> Answer:
    if 200 <= status < 300:  # noqa: PLR2004 -- HTTP
        return Answer(status, "")
    moved = "; redirects are not followed" if 300 <= status < 400 else ""  # noqa: PLR2004 -- HTTP
    return Answer(status, _readable(f"HTTP {status} {reason}"[:200] + moved))


def _readable(text: str) -> str:
    """Return what a person can read of a text that may come from a stranger's server."""
    return "".join(each if each.isprintable() else "·" for each in text)[:ERROR_LENGTH].strip()


class _Bounded(io.RawIOBase):
    """The answer as http.client reads it: it ends after 64 KiB, and with the time."""

    def __init__(self, connection: ssl.SSLSocket, until: float) -> None:
        self._connection, self._until, self._bytes_left = connection, until, ANSWER_BYTES

    def makefile(self, *_mode: Any) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(_left(self._until))
        size = min(len(buffer), self._bytes_left)
        count = self._connection.recv_into(memoryview(buffer)[:size]) if size else 0
        self._bytes_left -= count
        return count
