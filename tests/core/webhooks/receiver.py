"""A real HTTPS server on loopback that behaves as badly as it is told to."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Got:
    path: str
    headers: dict[str, str]
    body: str
    server_name: str | None
    at: float = 0.0


class Receiver:
    """Answers each request by the next of `answers`, and by 204 when there are no more.

    by_path -- paths that are always answered in the same way.
    answers -- status codes, or functions of the handler.
    got -- the requests, in order. written -- how many bytes a flood got rid of.
    over -- set when the test has ended; whoever hangs waits for it.
    """

    def __init__(self, certificate):
        self.answers, self.by_path, self.got, self.written = [], {}, [], 0
        self.over, self.arrived = threading.Event(), threading.Semaphore(0)
        self._names = {}
        handler = type("Handler", (_Handler,), {"receiver": self})
        self.server = _Server(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda connection, name, _context: self._names.update(
            {connection: name}
        )
        # The handshake belongs to the handler's thread: whoever hangs must not stop the others.
        self.server.socket = context.wrap_socket(
            self.server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self):
        return self.server.server_address[1]

    def url(self, path="/hooks", host="localhost"):
        return f"https://{host}:{self.port}{path}"

    def answer_to(self, path):
        if path in self.by_path:
            return self.by_path[path]
        return self.answers.pop(0) if self.answers else 204

    def seconds_to(self, count, path):
        """Return how long after the first request the path had been called so often."""
        return [got.at for got in self.got if got.path == path][count - 1] - self.got[0].at

    def name_of(self, connection):
        return self._names.get(connection)

    def wait_for(self, count):
        for _ in range(count):
            assert self.arrived.acquire(timeout=PATIENCE_SECONDS), "nobody called"

    def stop(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Leave it: that callers break off is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        name = self.receiver.name_of(self.connection)
        self.receiver.got.append(Got(self.path, dict(self.headers), body, name, time.monotonic()))
        answer = self.receiver.answer_to(self.path)
        self.receiver.arrived.release()
        with suppress(OSError):
            answer(self) if callable(answer) else self.reply(answer)

    def do_GET(self):
        self.receiver.got.append(Got(self.path, dict(self.headers), "GET", None))

    def reply(self, status, headers=None, body=b""):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


def hang(handler):
    """Say nothing until the test is over."""
    handler.receiver.over.wait(PATIENCE_SECONDS)


def drip(handler):
    """Send a header byte by byte, each in time, and never the last."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.receiver.over.wait(0.05):
        handler.wfile.write(b"x")


def drip_body(handler):
    """Accept at once and send a body that never ends."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not handler.receiver.over.wait(0.05):
        handler.wfile.write(b"x")


def flood(handler):
    """Accept with a body of 100 MiB."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(100):
        _count(handler, b"x" * 1024 * 1024)


def flood_of_headers(handler):
    """Accept with 100 MiB of headers."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        _count(handler, f"X-{number}: {'x' * 1000}\r\n".encode())


def _count(handler, part):
    handler.wfile.write(part)
    handler.receiver.written += len(part)


def nonsense(handler):
    handler.wfile.write(b"\x00\x01 this is not HTTP\r\n\r\n")


def redirect_to(url):
    return lambda handler: handler.reply(302, {"Location": url})


def write_certificate(path, *names):
    """Write a key and a certificate for the names that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kamerton tests")])
    alternatives = [x509.DNSName(name) for name in names]
    alternatives.append(x509.IPAddress(ip_address("127.0.0.1")))
    today = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today)
        .not_valid_after(today + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
