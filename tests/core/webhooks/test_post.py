import socket
import time

import pytest

from core.webhooks import post as posting
from core.webhooks.post import Answer, post, trusted
from tests.core.webhooks.receiver import (
    drip,
    drip_body,
    flood,
    flood_of_headers,
    hang,
    nonsense,
    redirect_to,
    write_certificate,
)

BODY = b'{"type": "webhook.test"}'
WITHIN = 0.6


@pytest.fixture
def hasty(monkeypatch):
    """Give every request so little time that a test need not wait for ten seconds."""
    monkeypatch.setattr(posting, "SECONDS", WITHIN)


@pytest.fixture
def names(monkeypatch):
    """Return a dict of names and addresses, which the resolver knows besides its own."""
    known, asked = {}, []
    truly = socket.getaddrinfo

    def resolve(host, *arguments, **options):
        asked.append(host)
        if host not in known:
            return truly(host, *arguments, **options)
        places = known[host]
        return [
            place
            for address in (places.pop(0) if len(places) > 1 else places[0])
            for place in truly(address, *arguments, **options)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    known["asked"] = asked
    return known


def send(url, **options):
    return post(url, BODY, {"webhook-id": "1"}, **({"allow_private": True} | options))


def test_it_posts_the_body_and_the_headers(receiver):
    answer = send(receiver.url("/hooks/a?b=c"))

    assert answer == Answer(204, "")
    [got] = receiver.got
    assert (got.path, got.body) == ("/hooks/a?b=c", BODY.decode())
    assert got.headers["Host"] == f"localhost:{receiver.port}"
    assert got.headers["webhook-id"] == "1"
    assert got.server_name == "localhost"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_2xx_is_accepted(receiver, status):
    receiver.answers = [status]

    assert send(receiver.url()).is_accepted


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_everything_else_is_not(receiver, status):
    receiver.answers = [status]

    answer = send(receiver.url())

    assert (answer.status, answer.is_accepted) == (status, False)
    assert answer.error.startswith(f"HTTP {status}")


def test_a_redirect_is_not_followed(receiver):
    receiver.answers = [redirect_to(receiver.url("/elsewhere"))]

    answer = send(receiver.url())

    assert answer == Answer(302, "HTTP 302 Found; redirects are not followed")
    assert [got.path for got in receiver.got] == ["/hooks"]


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert send(receiver.url()).is_accepted


@pytest.mark.parametrize("behaviour", [hang, drip], ids=lambda each: each.__name__)
def test_it_waits_so_long_and_no_longer(receiver, hasty, behaviour):
    receiver.answers = [behaviour]
    began = time.monotonic()

    answer = send(receiver.url())

    assert answer.status is None
    assert "Timeout" in answer.error
    assert time.monotonic() - began < 5


def test_a_server_that_takes_the_connection_and_never_shakes_hands_is_left(hasty, receiver):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = send(f"https://localhost:{silent.getsockname()[1]}/")

    assert "Timeout" in answer.error


def test_a_body_that_never_ends_does_not_undo_the_status(receiver, hasty):
    receiver.answers = [drip_body]

    assert send(receiver.url()) == Answer(200, "")


@pytest.mark.parametrize("behaviour", [flood, flood_of_headers], ids=lambda each: each.__name__)
def test_an_answer_is_cut_at_64_kib(receiver, behaviour):
    receiver.answers = [behaviour]

    assert send(receiver.url()) == Answer(200, "")
    assert receiver.written < 20 * 1024 * 1024


def test_an_answer_that_is_not_http_is_a_failure(receiver):
    receiver.answers = [nonsense]

    assert send(receiver.url()) == Answer(None, "BadStatusLine: ·· this is not HTTP··")


def test_what_a_strange_server_says_is_made_readable(receiver):
    receiver.answers = [
        lambda handler: handler.wfile.write(b"HTTP/1.1 500 \x00\x1b[31m\xff\r\n\r\n")
    ]

    assert send(receiver.url()) == Answer(500, "HTTP 500 ··[31mÿ")


def test_a_certificate_for_another_name_is_refused(receiver, names):
    names["other.example"] = [["127.0.0.1"]]

    answer = send(receiver.url(host="other.example"))

    assert "CERTIFICATE_VERIFY_FAILED" in answer.error
    assert receiver.got == []


def test_a_certificate_of_an_unknown_house_is_refused(receiver, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(write_certificate(tmp_path / "a.pem", "localhost")))
    trusted.cache_clear()

    assert "CERTIFICATE_VERIFY_FAILED" in send(receiver.url()).error


def test_it_connects_to_the_very_address_it_looked_at(receiver, names):
    names["hooks.example"] = [["127.0.0.1"], ["10.255.255.1"]]

    assert send(receiver.url(host="hooks.example")).is_accepted

    assert names["asked"] == ["hooks.example"]
    [got] = receiver.got
    assert got.headers["Host"] == f"hooks.example:{receiver.port}"
    assert got.server_name == "hooks.example"


def test_it_tries_every_address_of_a_name(receiver, names):
    names["hooks.example"] = [["127.0.0.2", "127.0.0.1"]]

    assert send(receiver.url(host="hooks.example")).is_accepted


NEAR = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://0x7f.1/", "https://017700000001/", "https://0/",
    "https://localhost/", "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.0.1/",
    "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://224.0.0.1/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[2002:7f00:1::]/",
    "https://ⓛocalhost/", "https://127。0。0。1/", "https://１２７.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", NEAR)
def test_whatever_leads_to_us_is_never_called(url, monkeypatch):
    def refuse(self, place):
        raise AssertionError(f"it connected to {place}")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    answer = send(url, allow_private=False)

    assert answer.status is None
    assert answer.error


def test_a_public_name_that_leads_to_us_is_never_called(receiver, names):
    names["hooks.example"] = [["127.0.0.1"]]

    answer = send(receiver.url(host="hooks.example"), allow_private=False)

    assert (
        answer.error == "NotPublic: hooks.example leads to 127.0.0.1, which is not a public address"
    )
    assert receiver.got == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver, names):
    names["hooks.example"] = [["8.8.8.8", "127.0.0.1"]]

    assert "NotPublic" in send(receiver.url(host="hooks.example"), allow_private=False).error


def test_a_resolver_that_says_nothing_does_not_hold_us(hasty, monkeypatch, receiver):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: receiver.over.wait(30) and [])

    assert "could not be resolved" in send("https://hooks.example/").error


@pytest.mark.parametrize(
    "url",
    [
        "https://does-not-exist.invalid/", "https:///nowhere", "https://localhost:1/",
        "https://localhost:99999/", f"https://{'a' * 70}.example/", "https://[zz]/",
        "https://user:secret\r\nX: y@localhost/",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_an_error_and_no_exception(url, names):
    names["does-not-exist.invalid"] = [[]]

    answer = send(url)

    assert (answer.status, bool(answer.error)) == (None, True)
