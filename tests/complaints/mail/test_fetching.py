"""Reading mailboxes: what is noted, taken, given up, found again; and who hears of trouble."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail

from complaints import services
from complaints.mail import fetching
from complaints.mail.fetching import fetch_due
from complaints.mail_wiring import check_mailboxes
from complaints.models import Complaint, InboundMail, Mailbox
from complaints.services.letter import NothingToRetry
from core import mail as outbox
from core.health import Check
from core.models import AuditEntry, Heartbeat, Notification
from tests.complaints.mail.letters import letter
from tests.complaints.mail.mixture import in_charset

pytestmark = pytest.mark.django_db


def outcomes():
    rows = InboundMail.objects.order_by("id")
    return [(mail.outcome, mail.why) for mail in rows]


def test_letters_are_read_once_and_left_as_they_were(fetch, box, contact, now):
    [mail] = fetch(letter())

    assert fetch_due(now) == 0
    assert InboundMail.objects.count() == 1
    assert box.flags() == set()
    assert not box.missing([mail.uid])
    assert Mailbox.objects.get().read_at == now
    assert Heartbeat.objects.get(name="mailboxes").at == now


def test_letters_from_before_the_first_reading_are_history(fetch, now):
    old, fresh = fetch(letter("old"), received=now - timedelta(days=4)) + fetch(
        letter("fresh"), received=now - timedelta(days=2)
    )

    assert (old.outcome, old.why) == ("ignored", "too_old")
    assert fresh.outcome == "new"


def test_after_the_server_has_numbered_anew_nothing_is_taken_twice(fetch, box, contact, now):
    fetch(letter("one"), letter("two", subject="b"), letter("list", list_id="<a.b>"))
    box.renumber()
    box.put(letter("three", subject="c"), at=now)
    fetch_due(now)

    assert outcomes()[3:] == [("ignored", "seen_before")] * 3 + [("new", "")]
    assert Complaint.objects.count() == 3
    assert {mail.mailbox.uidvalidity for mail in InboundMail.objects.all()[:1]} == {
        Mailbox.objects.get().uidvalidity
    }


def test_the_same_letter_delivered_twice_is_taken_once(fetch, contact):
    raw = letter(cc="sales@kamerton.test")
    fetch(b"Delivered-To: a\r\n" + raw, b"Delivered-To: bb\r\nX-Hop: 1\r\n" + raw)

    assert outcomes() == [("new", ""), ("ignored", "seen_before")]


def test_two_letters_without_an_id_may_be_alike(fetch, contact):
    fetch(letter(message_id=None), letter(message_id=None))

    assert [outcome for outcome, _why in outcomes()] == ["new", "new"]


def test_a_letter_that_is_too_large_is_accounted_for_by_its_head(fetch, contact, settings):
    settings.LETTER_MAX_BYTES = 10_000
    [mail] = fetch(letter("x" * 20_000, subject="Big plans"))

    assert (mail.outcome, mail.complaint.title) == ("new", "Big plans")
    assert mail.complaint.client_words == "Big plans"
    [note] = mail.complaint.messages.filter(kind="note")
    assert "Open it in the mailbox support@kamerton.test@127.0.0.1/INBOX" in note.body


def test_a_letter_that_cannot_be_read_never_holds_up_the_next(fetch, contact, admin, now):
    bad, good = fetch(b"\n--a" * 30_000, letter())

    assert (bad.outcome, bad.why) == ("failed", "broken")
    assert "Unreadable" in bad.error
    assert good.outcome == "new"
    services.retry_letter(actor=admin, mail=bad, now=now)
    bad.refresh_from_db()
    assert (bad.outcome, bad.tries, bad.error) == ("fetched", 0, "")
    assert fetch_due(now) == 1
    bad.refresh_from_db()
    assert (bad.outcome, bad.why) == ("failed", "broken")


def test_all_failed_letters_are_tried_again_at_once(fetch, admin, now):
    mails = fetch(*[b"\n--a" * 30_000] * 3)
    box = Mailbox.objects.get()
    services.retry_failed(actor=admin, mailbox=box, now=now)

    assert set(InboundMail.objects.values_list("outcome", flat=True)) == {"fetched"}
    assert AuditEntry.objects.get(verb="complaints.retry_failed").details == {"count": len(mails)}
    with pytest.raises(NothingToRetry):
        services.retry_failed(actor=admin, mailbox=box, now=now)


def test_a_letter_taken_for_a_machines_is_taken_by_hand(fetch, contact, agent, now):
    [mail] = fetch(letter(list_id="<it.lipa.example>"))
    services.retry_letter(actor=agent, mail=mail, now=now)
    fetch_due(now)

    mail.refresh_from_db()
    assert (mail.outcome, mail.complaint.account) == ("new", contact.account)


@pytest.mark.parametrize("headers", [{}, {"x_kamerton": "127.0.0.1:8000"}])
def test_what_is_settled_is_not_read_again(fetch, contact, agent, now, headers):
    [mail] = fetch(letter(**headers))

    with pytest.raises(NothingToRetry):
        services.retry_letter(actor=agent, mail=mail, now=now)


def test_a_letter_that_somebody_removed_is_told_as_gone(fetch, box, agent, now):
    [bad] = fetch(b"\n--a" * 30_000)
    services.retry_letter(actor=agent, mail=bad, now=now)
    box.remove(bad.uid)
    fetch_due(now)

    bad.refresh_from_db()
    assert (bad.outcome, bad.why) == ("failed", "gone")


def test_a_letter_that_breaks_the_reader_is_given_up(fetch, box, contact, now):
    fetch(letter())
    InboundMail.objects.update(outcome="fetched", complaint=None, tries=fetching.MOST_TRIES)
    fetch_due(now)

    assert outcomes() == [("failed", "given_up")]


def test_a_reader_that_was_broken_off_is_followed_by_one_that_takes_the_rest(fetch, contact, now):
    fetch(letter("one"), letter("two", subject="b"))
    InboundMail.objects.filter(subject="b").update(outcome="fetched", complaint=None)
    Mailbox.objects.update(claimed_until=now + timedelta(minutes=1))

    assert fetch_due(now) == 0
    assert fetch_due(now + timedelta(minutes=1)) == 1
    assert [outcome for outcome, _why in outcomes()] == ["new", "new"]


def test_administrators_hear_once_that_a_mailbox_cannot_be_read_and_that_it_is_again(
    fetch, box, admin, settings, now
):
    wrong = [{**settings.MAILBOXES[0], "password": "forgotten"}]
    right, settings.MAILBOXES = settings.MAILBOXES, wrong
    for minutes in (0, 1, 4, 5, 6, 60):
        fetch_due(now + timedelta(minutes=minutes))

    mailbox = Mailbox.objects.get()
    assert mailbox.failing_since == now
    assert "MailboxLoginError" in mailbox.last_error
    assert "forgotten" not in mailbox.last_error
    entry = AuditEntry.objects.get(verb="complaints.lose_mailbox")
    assert entry.at == now + timedelta(minutes=5)
    assert [told.recipient for told in Notification.objects.filter(entry=entry)] == [admin]
    outbox.deliver_due(now + timedelta(hours=1))
    [told] = [sent for sent in django_mail.outbox if sent.to == [admin.email]]
    assert mailbox.name in told.subject
    assert check_mailboxes(now + timedelta(minutes=61)) == Check("degraded", "1 failing")

    settings.MAILBOXES = right
    fetch_due(now + timedelta(minutes=62))
    mailbox.refresh_from_db()
    assert (mailbox.failing_since, mailbox.last_error, mailbox.told_at) == (None, "", None)
    assert AuditEntry.objects.filter(verb="complaints.regain_mailbox").count() == 1
    assert check_mailboxes(now + timedelta(minutes=62)) == Check("ok")


def test_health_tells_when_nobody_reads(box, now, settings):
    assert check_mailboxes(now) == Check("degraded", "never read")
    Heartbeat.objects.create(name="mailboxes", at=now - timedelta(minutes=4))
    assert check_mailboxes(now) == Check("degraded", "not read")
    settings.MAILBOXES = []
    assert check_mailboxes(now) == Check("ok", "none")


def test_a_dead_mailbox_does_not_hold_up_the_living_one(fetch, contact, settings, now):
    dead = {**settings.MAILBOXES[0], "name": "dead", "port": 1}
    folder = {**settings.MAILBOXES[0], "name": "folder", "folder": "Nowhere"}
    settings.MAILBOXES = [dead, folder, *settings.MAILBOXES]

    assert fetch(letter())[0].outcome == "new"
    errors = dict(Mailbox.objects.values_list("name", "last_error"))
    assert errors["dead"].startswith("ConnectionRefusedError")
    assert errors["folder"].startswith("MailboxFolderSelectError")


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "iso-8859-5", "utf-16", "gb18030"])
def test_the_words_arrive_in_any_character_set(fetch, contact, charset):
    [mail] = fetch(in_charset("mark", charset))

    assert mail.complaint.client_words == "mark Касса не печатает чеки, прошу срочно помочь"
