"""What becomes of a letter: added, a new complaint, a bounce, or ignored with the reason."""

from datetime import timedelta

import pytest

from accounts.models import Account
from complaints import services
from complaints.mail.fetching import fetch_due
from complaints.mail.threads import reply_address
from complaints.models import Complaint, InboundMail, Message
from core.models import AuditEntry, Notification, OutgoingMail
from tests.complaints.mail.letters import bounce, letter
from tests.factories import AccountFactory, ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


def sent_about(complaint, *, automatic=None):
    rows = OutgoingMail.objects.filter(subject_id=complaint.pk).order_by("id")
    return list(rows if automatic is None else rows.filter(is_automatic=automatic))


def our_id(mail):
    return f"<{mail.pk}@kamerton.test>"


@pytest.fixture
def by_mail(fetch, contact):
    """A complaint of Rada's that came by mail."""
    return fetch(letter())[0].complaint


@pytest.fixture
def answered(by_mail, agent, now):
    """The same, answered; returns our letter."""
    services.reply(actor=agent, complaint=by_mail, body="We are on our way, sorry.", now=now)
    return sent_about(by_mail, automatic=False)[0]


def test_a_letter_of_a_known_contact_becomes_a_complaint_of_the_account(fetch, contact, now):
    received = now - timedelta(minutes=40)
    [mail] = fetch(
        letter("Касата не печата бележки от вчера, моля за помощ.", subject="Re: Касата"),
        received=received,
    )
    complaint = mail.complaint

    assert (mail.outcome, mail.why, mail.sender) == ("new", "", "rada@lipa.example")
    assert (complaint.account, complaint.contact) == (contact.account, contact)
    assert (complaint.channel, complaint.impact, complaint.urgency) == ("email", 3, 3)
    assert (complaint.title, complaint.language) == ("Касата", "bg")
    assert (complaint.received_at, complaint.logged_by) == (received, None)
    assert {clock.started_at for clock in complaint.clocks.all()} == {received}
    entry = AuditEntry.objects.get(verb="complaints.log")
    assert (entry.actor, entry.details) == (None, {"by": "client", "via": "mail"})


def test_the_acknowledgement_goes_into_the_clients_conversation(by_mail):
    [mail] = sent_about(by_mail)

    assert (mail.to, mail.is_automatic) == ("rada@lipa.example", True)
    assert mail.subject == f"[{by_mail.no}] No receipts"
    assert mail.headers["In-Reply-To"] == InboundMail.objects.get().header_id
    assert mail.headers["Reply-To"] == reply_address(by_mail)
    assert Message.objects.get(kind="acknowledgement").mail_id == mail.pk


def test_a_persons_answer_names_the_letters_before_it(answered, by_mail):
    acknowledgement = sent_about(by_mail, automatic=True)[0]
    theirs = InboundMail.objects.get().header_id

    assert answered.headers["In-Reply-To"] == theirs
    assert answered.headers["References"] == f"{our_id(acknowledgement)} {theirs}"


@pytest.mark.parametrize("header", ["in_reply_to", "references"])
def test_an_answer_to_our_letter_is_added_whoever_writes_it(answered, by_mail, fetch, header):
    raw = letter(
        "It works again.\n\nOn Mon, 2 Mar 2026 Kamerton wrote:\n> We are on our way.",
        subject="other words", **{header: our_id(answered), "from": "boss@else.example"},
    )  # fmt: skip
    [mail] = fetch(raw)

    assert (mail.outcome, mail.complaint) == ("matched", by_mail)
    assert (mail.message.kind, mail.message.body) == ("client", "It works again.")
    assert (mail.message.author, mail.message.channel) == (None, "email")
    entry = AuditEntry.objects.get(verb="complaints.comment")
    assert (entry.actor, entry.details) == (None, {"by": "client", "via": "mail"})


def test_the_secret_address_is_proof_and_a_guessed_one_is_not(by_mail, fetch):
    address = reply_address(by_mail)
    guessed = address.replace(address[-20:-16], "aaaa")
    stranger = {"from": "boss@else.example"}

    [proven] = fetch(letter(to=f"Kamerton <{address.upper()}>", **stranger))
    [guess] = fetch(letter(to=guessed, subject="second", **stranger))
    assert (proven.outcome, proven.complaint) == ("matched", by_mail)
    assert guess.outcome == "new"


def test_the_number_counts_only_from_those_who_have_to_do_with_it(by_mail, fetch, contact):
    ContactFactory(
        account=contact.account, emails=["ivan@lipa.example"], search_text="ivan@lipa.example"
    )
    subject = f"Re: [{by_mail.no}] No receipts"

    [colleague] = fetch(letter("Mine too.", subject=subject, **{"from": "Ivan@lipa.example"}))
    [stranger] = fetch(letter("Tell me all.", subject=subject, **{"from": "spy@else.example"}))
    forged = fetch(letter(subject=subject, authentication_results="mx; dmarc=fail"))[0]
    assert (colleague.outcome, colleague.complaint) == ("matched", by_mail)
    for mail in (stranger, forged):
        assert mail.outcome == "new"
        assert mail.complaint != by_mail
        assert mail.complaint.account.is_unknown
        notes = mail.complaint.messages.filter(kind="note").values_list("body", flat=True)
        assert any(by_mail.no in note for note in notes)


def test_a_stranger_waits_for_nobody_while_the_clock_runs(fetch, head, now):
    [mail] = fetch(letter(**{"from": "Anna Kos <anna@else.example>"}))
    complaint = mail.complaint

    assert (mail.outcome, complaint.account.is_unknown, complaint.contact) == ("new", True, None)
    assert (complaint.client_name, complaint.client_email) == ("Anna Kos", "anna@else.example")
    assert (complaint.assignee, complaint.lead) == (None, head)
    assert complaint.next_due_at is not None
    [answer] = sent_about(complaint)
    assert (answer.to, answer.is_automatic) == ("anna@else.example", True)


def test_a_strangers_address_gets_the_answer_of_a_person(fetch, head, now):
    complaint = fetch(letter(**{"from": "anna@else.example"}))[0].complaint
    services.reply(actor=head, complaint=complaint, body="We look into it.", now=now)

    assert [mail.to for mail in sent_about(complaint, automatic=False)] == ["anna@else.example"]


def test_a_machine_writes_to_a_stranger_once_a_day_and_to_a_contact_every_four_hours(
    fetch, contact, now
):
    def answers(at, sender):
        before = OutgoingMail.objects.filter(to=sender).count()
        fetch(letter(f"again {at}", **{"from": sender}), at=at, received=at)
        return OutgoingMail.objects.filter(to=sender).count() - before

    moments = [now + timedelta(hours=hours) for hours in (0, 1, 4, 23, 24)]
    assert [answers(at, "anna@else.example") for at in moments] == [1, 0, 0, 0, 1]
    assert [answers(at, "rada@lipa.example") for at in moments] == [1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    "headers",
    [{"x_auto_response_suppress": "OOF"}, {"authentication_results": "mx; dmarc=fail"}],
)
def test_nothing_is_written_by_itself_where_nobody_may_be_answered(fetch, contact, headers):
    [mail] = fetch(letter(**headers))

    assert mail.outcome == "new"
    assert sent_about(mail.complaint) == []


def test_an_address_that_two_accounts_share_belongs_to_neither(fetch, contact):
    ContactFactory(emails=["rada@lipa.example"], search_text="rada@lipa.example")

    assert fetch(letter())[0].complaint.account.is_unknown


def test_an_automatic_answer_is_noted_and_no_clock_hears_of_it(answered, by_mail, fetch):
    by_mail.refresh_from_db()
    due, heard = by_mail.next_due_at, Notification.objects.count()
    [mail] = fetch(
        letter("I am away.", in_reply_to=our_id(answered), auto_submitted="auto-replied")
    )

    assert (mail.outcome, mail.why, mail.complaint) == ("ignored", "auto_reply", by_mail)
    note = by_mail.messages.get(kind="note")
    assert (note.author, "I am away." in note.body) == (None, True)
    by_mail.refresh_from_db()
    assert (by_mail.next_due_at, Notification.objects.count()) == (due, heard)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"auto_submitted": "auto-replied"}, "auto_reply"),
        ({"list_id": "<news.lipa.example>"}, "bulk"),
        ({"x_kamerton": "127.0.0.1:8000"}, "own_letter"),
        ({"from": "kamerton@kamerton.test"}, "own_letter"),
    ],
)
def test_what_no_person_wrote_is_ignored_with_its_reason(fetch, contact, headers, why):
    [mail] = fetch(letter(**headers))

    assert (mail.outcome, mail.why, mail.complaint) == ("ignored", why, None)
    assert not Complaint.objects.exists()


def test_what_only_looks_like_a_machines_is_taken_if_it_answers_us(answered, by_mail, fetch):
    listed, marked = fetch(
        letter("from our list", in_reply_to=our_id(answered), list_id="<it.lipa.example>"),
        letter("not spam", x_spam_flag="YES", subject="New trouble"),
    )

    assert (listed.outcome, listed.complaint) == ("matched", by_mail)
    assert (marked.outcome, marked.complaint.account) == ("new", by_mail.account)


def test_a_letter_that_came_back_is_shown_and_stops_no_clock(answered, by_mail, fetch, now):
    by_mail.refresh_from_db()
    due = by_mail.next_due_at
    mail, again = fetch(bounce(our_id(answered)), bounce(our_id(answered)))

    message = Message.objects.get(mail_id=answered.pk)
    assert (mail.outcome, mail.complaint, mail.message) == ("bounce", by_mail, message)
    assert again.outcome == "bounce"
    assert message.bounced_at == now
    by_mail.refresh_from_db()
    assert by_mail.next_due_at == due
    answered.refresh_from_db()
    assert (answered.state, "550" in answered.last_error) == ("failed", True)
    entry = AuditEntry.objects.get(verb="complaints.note_bounce")
    assert Notification.objects.filter(entry=entry, recipient=by_mail.lead).exists()


def test_a_bounce_of_somebody_elses_letter_changes_nothing(fetch, contact):
    [mail] = fetch(bounce("<1@else.example>"))

    assert (mail.outcome, mail.why) == ("ignored", "bounce")


def test_a_letter_to_a_closed_complaint_is_added_and_a_person_decides(resolved, fetch, agent, now):
    sent = sent_about(resolved, automatic=False)[-1]
    services.record_callback(actor=agent, complaint=resolved, outcome="satisfied", now=now)
    [mail] = fetch(letter("Thank you!", in_reply_to=our_id(sent)))

    assert (mail.outcome, mail.complaint) == ("matched", resolved)
    resolved.refresh_from_db()
    assert resolved.state == "closed"
    entry = AuditEntry.objects.get(verb="complaints.comment")
    assert Notification.objects.filter(entry=entry, recipient=resolved.lead).exists()


def test_after_thirty_days_a_letter_opens_a_complaint_that_follows(resolved, fetch, now):
    sent = sent_about(resolved, automatic=False)[-1]
    later = now + timedelta(days=31)
    [mail] = fetch(letter("Again!", in_reply_to=our_id(sent)), at=later, received=later)

    assert mail.outcome == "new"
    assert (mail.complaint.follows, mail.complaint.account) == (resolved, resolved.account)


def test_a_letter_to_a_merged_complaint_goes_to_the_one_it_is_part_of(
    by_mail, answered, log, fetch, agent, now
):
    other = log()
    services.merge(actor=agent, complaint=by_mail, into=other, now=now)

    assert fetch(letter(in_reply_to=our_id(answered)))[0].complaint == other


def test_more_than_ten_complaints_an_hour_are_added_to_the_last(fetch, contact, now):
    mails = fetch(*(letter(f"words {n}", subject=f"Case {n}") for n in range(12)))

    assert [mail.outcome for mail in mails] == ["new"] * 10 + ["matched"] * 2
    assert {mail.complaint for mail in mails[9:]} == {mails[9].complaint}
    assert mails[11].why == "too_many"
    later = now + timedelta(minutes=61)
    assert fetch(letter(subject="Next"), at=later, received=later)[0].outcome == "new"


def test_a_flood_of_answers_to_one_complaint_is_left_in_the_mailbox(answered, by_mail, fetch):
    mails = fetch(*(letter(f"answer {n}", in_reply_to=our_id(answered)) for n in range(31)))

    assert [mail.outcome for mail in mails] == ["matched"] * 30 + ["ignored"]
    assert (mails[30].why, mails[30].complaint) == ("flood", by_mail)


def test_files_are_attached_and_refused_ones_are_named(fetch, contact):
    files = [
        ("act.pdf", b"%PDF-1.4 act", "application/pdf"),
        ("same.pdf", b"%PDF-1.4 act", "application/pdf"),
        ("run.exe", b"MZ\x90\x00", "application/octet-stream"),
        ("winmail.dat", b"\x78\x9f\x3e\x22", "application/ms-tnef"),
        ("page.html", b"<script>alert(1)</script>", "application/octet-stream"),
    ]
    complaint = fetch(letter(files=files))[0].complaint

    [kept] = complaint.attachments.all()
    assert (kept.name, kept.by, kept.content_type) == ("act.pdf", None, "application/pdf")
    [note] = complaint.messages.filter(kind="note")
    assert [name in note.body for name in ("run.exe", "winmail.dat", "page.html")] == [True] * 3
    assert "same.pdf" not in note.body


def test_a_colleague_who_passes_something_on_is_no_client(answered, by_mail, fetch):
    UserFactory(email="oksana@kamerton.test")
    sender = {"from": "Oksana <Oksana@kamerton.test>"}
    added, opened = fetch(
        letter("Call them.", in_reply_to=our_id(answered), **sender),
        letter("Look what came.", subject="Fwd: angry", **sender),
    )

    assert (added.outcome, added.message.kind) == ("matched", "note")
    assert (opened.outcome, opened.complaint.account.is_unknown) == ("new", True)
    assert (opened.complaint.client_email, sent_about(opened.complaint)) == ("", [])


def test_a_letter_without_words_still_counts(fetch, contact):
    bare, empty = fetch(letter("", subject="Help"), letter("", subject=None))

    assert (bare.complaint.client_words, bare.complaint.title) == ("Help", "Help")
    assert (empty.complaint.client_words, empty.outcome) == ("–", "new")


def test_an_answer_stops_the_silence_and_the_clients_clock_runs(answered, by_mail, fetch, now):
    fetch(letter("Still broken.", in_reply_to=our_id(answered)))

    by_mail.refresh_from_db()
    assert by_mail.clocks.filter(metric="next_response", state="running").exists()


def test_without_a_head_of_key_accounts_a_strangers_letter_waits_for_one(box, now):
    box.put(letter(), at=now)
    fetch_due(now)

    mail = InboundMail.objects.get()
    assert (mail.outcome, mail.why) == ("failed", "broken")
    assert "Add a head of key accounts" in mail.error or "Add a calendar" in mail.error
    assert not Account.objects.exists()


def test_an_accounts_unknown_letter_never_lands_with_a_namesake(fetch):
    AccountFactory(name="Not known yet")
    [mail] = fetch(letter())

    assert Account.objects.get(is_unknown=True) == mail.complaint.account
