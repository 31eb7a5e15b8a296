from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Env


def read(**source):
    return Env(source)


def test_text_has_a_default_and_names_what_is_missing():
    assert read(NAME=" value ").text("NAME") == "value"
    assert read(NAME="").text("NAME", "default") == "default"
    with pytest.raises(ImproperlyConfigured, match="NAME is not set"):
        read().text("NAME")


@pytest.mark.parametrize(
    ("raw", "value"), [("1", True), ("YES", True), ("off", False), ("", False)]
)
def test_flags_are_words(raw, value):
    assert read(DEBUG=raw).flag("DEBUG", default=not value) is value


def test_a_flag_has_a_default():
    assert read().flag("DEBUG", default=True) is True


@pytest.mark.parametrize(
    "reading",
    [
        lambda: read(X="maybe").flag("X", default=False),
        lambda: read(X="many").number("X", default=1),
        lambda: read(X="-1").number("X", default=1),
        lambda: read(X="1").number("X", default=5, least=2),
        lambda: read(X="staging").choice("X", "development", "production"),
        lambda: read(X="50").money("X", "50.00 EUR"),
        lambda: read(X="50.001 EUR").money("X", "50.00 EUR"),
        lambda: read(X="-5 EUR").money("X", "50.00 EUR"),
        lambda: read(X="sqlite:///x").database("X"),
        lambda: read(X="postgresql://host/").database("X"),
        lambda: read(X="http://host").redis("X"),
        lambda: read(X="redis://host/first").redis("X"),
        lambda: read(X="pop3://me:secret@mail.test").mailboxes("X"),
        lambda: read(X="imaps://me@mail.test").mailboxes("X"),
        lambda: read(X="imaps://me:secret@").mailboxes("X"),
        lambda: read(X="imaps://me:secret@mail.test:99999").mailboxes("X"),
        lambda: read(X="imap://me:secret@mail.test").mailboxes("X"),
        lambda: read(X="imaps://me:a@mail.test imaps://me:b@mail.test/INBOX").mailboxes("X"),
    ],
)
def test_a_wrong_value_stops_the_start_with_its_name(reading):
    with pytest.raises(ImproperlyConfigured, match=r"^X"):
        reading()


def test_numbers_words_and_choices_are_read():
    assert read(X="7").number("X", default=1) == 7
    assert read(X="a, b,,c").words("X") == ["a", "b", "c"]
    assert read().choice("X", "first", "second") == "first"
    assert read(X="second").choice("X", "first", "second") == "second"
    assert read().money("X", "50.00 EUR") == (Decimal(50), "EUR")
    assert read(X="7.5 BGN").money("X", "50.00 EUR") == (Decimal("7.5"), "BGN")


def test_mailboxes_are_named_without_their_secrets():
    one, other = read(
        X="imaps://support%40kam.test:p%2Fss@mail.test/Complaints%20in imap://me:x@127.0.0.1:1143"
    ).mailboxes("X")

    assert one == {
        "name": "support@kam.test@mail.test/Complaints in",
        "host": "mail.test",
        "port": 993,
        "user": "support@kam.test",
        "password": "p/ss",
        "folder": "Complaints in",
        "tls": True,
    }
    assert (other["name"], other["port"], other["tls"]) == ("me@127.0.0.1/INBOX", 1143, False)
    assert read().mailboxes("X") == []


@pytest.mark.parametrize("url", ["imaps://me:secret@", "imap://me:secret@mail.test"])
def test_a_wrong_mailbox_never_tells_its_password(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(X=url).mailboxes("X")

    assert "secret" not in str(refusal.value)


def test_a_database_is_reached_by_host_or_socket():
    by_host = read(X="postgresql://me:p%40ss@db.test:5433/kam").database("X")
    by_socket = read(X="postgresql://kam@/kam?host=/var/run/pg").database("X")

    assert by_host == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "kam",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.test",
        "PORT": "5433",
    }
    assert (by_socket["HOST"], by_socket["USER"], by_socket["PORT"]) == ("/var/run/pg", "kam", "")


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://r.test:6380/4", "redis://r.test:6380/4", "redis://r.test:6380/5"),
        ("redis://r.test", "redis://r.test/0", "redis://r.test/1"),
        (
            "unix:///run/valkey.sock?db=2",
            "redis+socket:///run/valkey.sock?virtual_host=2",
            "unix:///run/valkey.sock?db=3",
        ),
    ],
)
def test_broker_and_cache_live_in_neighbouring_databases(url, broker, cache):
    assert read(X=url).redis("X") == (broker, cache)
