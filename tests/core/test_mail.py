import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail

from core import mail
from core.models import Heartbeat, OutgoingMail
from tests.factories import NOON

pytestmark = pytest.mark.django_db
DEAD = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def waiting():
    return OutgoingMail.objects.create(
        to="rada@lipa.example", subject="CMP-1", body="Hello", next_try_at=NOON, created_at=NOON
    )


@pytest.fixture
def dead_server(settings):
    settings.EMAIL_BACKEND = DEAD
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def test_a_waiting_mail_goes_once(waiting):
    assert mail.deliver_due(NOON) == 1
    assert mail.deliver_due(NOON) == 0

    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at) == ("sent", NOON)
    [sent] = django_mail.outbox
    assert sent.to == ["rada@lipa.example"]
    assert sent.extra_headers["Message-ID"] == f"<{waiting.pk}@localhost>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_not_sent_before_its_time(waiting):
    assert mail.deliver_due(NOON - timedelta(seconds=1)) == 0


def test_a_dead_server_delays_and_never_loses(waiting, dead_server, settings):
    assert mail.deliver_due(NOON) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert waiting.next_try_at >= NOON + timedelta(seconds=5)
    assert "ConnectionRefusedError" in waiting.last_error

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.deliver_due(waiting.next_try_at) == 1


def test_after_the_last_pause_a_person_has_to_look(waiting, dead_server):
    at = NOON
    for _ in range(len(mail.PAUSES) + 1):
        mail.deliver_due(at)
        waiting.refresh_from_db()
        at = waiting.next_try_at

    assert waiting.state == "failed"


def test_a_worker_that_died_leaves_its_mail_to_the_next_after_the_lease(waiting):
    waiting.claimed_until = NOON + mail.LEASE
    waiting.save()

    assert mail.deliver_due(NOON + timedelta(minutes=1)) == 0
    assert mail.deliver_due(NOON + mail.LEASE) == 1


def test_one_refused_address_does_not_stop_the_others(waiting, settings):
    settings.EMAIL_BACKEND = "tests.core.test_mail.Choosy"
    OutgoingMail.objects.create(to="nobody@lipa.example", subject="", body="", next_try_at=NOON)

    assert mail.deliver_due(NOON) == 1
    assert Heartbeat.objects.get(name="mail").at == NOON


class Choosy:
    """A mail server that knows Rada only."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        [message] = messages
        if message.to != ["rada@lipa.example"]:
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"unknown")})
        return 1
