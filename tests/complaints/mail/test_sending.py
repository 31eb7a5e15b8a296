"""What leaves, as a real mail server gets it: heads, threads, and nothing hostile in them."""

import re
from email import message_from_bytes, policy

import pytest

from complaints import services
from complaints.mail.threads import reply_address
from complaints.models import Message
from core import mail as outbox
from core.models import AuditEntry, OutgoingMail
from tests.complaints.mail.letters import letter
from tests.complaints.mail.server import smtp_server
from tests.factories import NOON

pytestmark = pytest.mark.django_db
HOSTILE = "Tills\r\nBcc: evil@x.example\r\n\r\n<script>"


@pytest.fixture
def inbox(settings):
    with smtp_server() as inbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", inbox.port
        settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS = "", False
        yield inbox


def delivered(inbox, now):
    outbox.deliver_due(now)
    return [
        (to, message_from_bytes(raw, policy=policy.default))
        for to, raw in inbox.letters
        if "rada@lipa.example" in to or "Rada@Lipa.example" in to
    ]


def test_an_answer_of_a_person_leaves_as_a_persons_letter_in_the_conversation(
    fetch, contact, inbox, agent, now
):
    [mail] = fetch(letter())
    complaint = mail.complaint
    services.reply(actor=agent, complaint=complaint, body="We are on our way, sorry.", now=now)
    (_, automatic), (to, answer) = delivered(inbox, now)

    assert to == ["rada@lipa.example"]
    assert answer["Subject"] == f"[{complaint.no}] No receipts"
    assert answer["From"] == "Kamerton <kamerton@kamerton.test>"
    assert answer["Reply-To"] == reply_address(complaint)
    assert answer["In-Reply-To"] == mail.header_id
    written = Message.objects.get(kind="reply")
    assert answer["Message-ID"] == f"<{written.mail_id}@kamerton.test>"
    assert answer["Auto-Submitted"] is None
    assert answer["X-Kamerton"] == "127.0.0.1:8000"
    assert answer.get_content().startswith("We are on our way, sorry.")
    assert (automatic["Auto-Submitted"], automatic["X-Auto-Response-Suppress"]) == (
        "auto-generated",
        "All",
    )
    assert automatic["In-Reply-To"] == mail.header_id


def test_the_answer_to_our_letter_comes_back_to_the_same_complaint(
    fetch, contact, inbox, agent, now
):
    complaint = fetch(letter())[0].complaint
    services.reply(actor=agent, complaint=complaint, body="We look into it, sorry.", now=now)
    (_, answer) = delivered(inbox, now)[-1]
    [mail] = fetch(
        letter("Thanks", to=answer["Reply-To"], subject="Re", in_reply_to=answer["Message-ID"])
    )

    assert (mail.outcome, mail.complaint) == ("matched", complaint)


@pytest.mark.parametrize("where", ["subject", "header_id"])
def test_a_hostile_head_never_breaks_what_leaves(fetch, contact, inbox, agent, now, where):
    raw = letter()
    if where == "subject":
        encoded = "".join(f"={byte:02X}" for byte in HOSTILE.encode())
        raw = raw.replace(b"No receipts", f"=?utf-8?q?{encoded}?=".encode())
    else:
        raw = re.sub(
            rb"Message-ID: <", b"Message-ID: <\xd0\xb0\x00 <a@b>\t<", raw, flags=re.IGNORECASE
        )
    complaint = fetch(raw)[0].complaint
    services.reply(actor=agent, complaint=complaint, body="We look into it, sorry.", now=now)
    letters = delivered(inbox, now)

    assert len(letters) == 2
    for to, message in letters:
        assert to == ["rada@lipa.example"]
        assert message["Bcc"] is None
        assert "\n" not in message["Subject"]
        assert not message.defects


def test_a_planted_line_break_in_the_outbox_is_flattened(inbox, settings):
    OutgoingMail.objects.create(
        to="rada@lipa.example", subject=HOSTILE, body="Hello", next_try_at=NOON,
        headers={"In-Reply-To": "<a@b>\r\nBcc: evil@x.example"},
    )  # fmt: skip
    [(to, message)] = delivered(inbox, NOON)

    assert (to, message["Bcc"]) == (["rada@lipa.example"], None)
    assert message["Subject"] == "Tills Bcc: evil@x.example <script>"
    assert message["In-Reply-To"] == "<a@b> Bcc: evil@x.example"


def test_an_address_that_the_server_refuses_for_good_is_told_at_once(
    fetch, contact, inbox, agent, now
):
    complaint = fetch(letter())[0].complaint
    inbox.refuses = ["rada@lipa.example"]
    services.reply(actor=agent, complaint=complaint, body="We look into it, sorry.", now=now)
    outbox.deliver_due(now)

    assert {message.bounced_at for message in complaint.messages.exclude(kind="client")} == {now}
    assert set(OutgoingMail.objects.filter(subject_id=complaint.pk).values_list("state")) == {
        ("failed",)
    }
    assert AuditEntry.objects.filter(verb="complaints.note_bounce").count() == 2
