"""The client's own page: what he sees and what he can do."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Promise
from complaints import services
from complaints.client_view import ClientMay, client_case
from complaints.files import keep_file
from complaints.links import find_link
from complaints.models import Attachment, ClientLink, Complaint, Message, Remedy
from complaints.views.client_steps import STEPS
from core.models import AuditEntry, Notification
from tests.complaints.client import Visitor, letters_to, way_in, words_of
from tests.factories import ContactFactory

PDF = b"%PDF-1.7 the receipt"


@pytest.fixture
def path(complaint):
    return way_in(complaint)


@pytest.fixture
def visitor(path):
    return Visitor(path)


def pdf(name="receipt.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def link_of(path, now):
    return find_link(path.split("/")[2], now)


# What he sees


def test_the_acknowledgement_leads_to_the_page_without_signing_in(complaint, visitor):
    html = visitor.read("?lang=en")

    assert complaint.no in html
    assert "The till prints no receipts." in html
    assert complaint.lead.name in html
    assert "We have it and are looking at it" in html


def test_every_letter_ends_with_the_way_in_in_the_clients_language(in_progress, contact):
    lines = [letter.body.splitlines()[-1] for letter in letters_to(contact)]

    assert len(lines) == 2
    assert len(set(lines)) == 1
    assert lines[0].startswith("На вашата страница виждате докъде е стигнало")
    assert lines[0].endswith(way_in(in_progress))


def test_the_stored_message_is_what_was_written_without_the_way_in(in_progress):
    bodies = in_progress.messages.values_list("body", flat=True)

    assert [body for body in bodies if "/c/" in body] == []


def test_the_page_speaks_the_contacts_language_unless_he_switches(visitor):
    assert '<html lang="bg"' in visitor.read()
    assert '<html lang="uk"' in visitor.read("?lang=uk")
    assert '<html lang="bg"' in visitor.read("?lang=//evil.example")


def test_the_switch_stays_chosen_when_something_is_sent(visitor):
    sent = visitor.browser.post(f"{visitor.path}comment/?lang=ru", {"body": "Ещё одно."})

    assert sent.headers["Location"] == f"{visitor.path}?done=comment&lang=ru"


def test_times_are_told_by_the_clock_of_the_client(complaint, account, visitor):
    account.time_zone = "Asia/Vladivostok"
    account.save()

    html = visitor.read("?lang=en")

    assert "2 Mar, 20:00" in html
    assert "All times are those of Vladivostok." in html


def test_a_wait_for_a_supplier_looks_like_work(in_progress, manager, visitor, clock):
    before = words_of(visitor.read())
    services.wait(
        actor=manager, complaint=in_progress, waiting_for="supplier", body="Case 77 at Strandex.",
        now=clock.forward(minutes=1),
    )  # fmt: skip

    assert words_of(visitor.read()) == before


def test_a_question_to_the_client_says_so(in_progress, manager, visitor, clock):
    services.wait(
        actor=manager, complaint=in_progress, waiting_for="client", body="Which till?",
        now=clock.forward(minutes=1),
    )  # fmt: skip

    html = visitor.read("?lang=en")

    assert "We need an answer from you" in html
    assert "Which till?" in html


def test_what_we_noted_of_a_call_stays_with_us(in_progress, manager, visitor, clock):
    services.reply(
        actor=manager, complaint=in_progress, body="He shouted and calmed down.", channel="phone",
        now=clock.forward(minutes=1),
    )  # fmt: skip

    html = visitor.read("?lang=en")

    assert "He shouted" not in html
    assert "We spoke with you." in html


def test_a_deadline_that_has_passed_is_admitted(complaint, visitor, clock):
    clock.forward(days=3)

    assert "we are late, and we owe you a word" in visitor.read("?lang=en")


def test_reading_writes_when_it_was_opened_once_an_hour_and_nothing_else(visitor, path, clock):
    with CaptureQueriesContext(connection) as captured:
        visitor.read()
        clock.forward(minutes=59)
        visitor.read()
        clock.forward(minutes=2)
        visitor.read()

    writes = [each["sql"] for each in captured if not each["sql"].startswith("SELECT")]
    assert len(writes) == 2
    assert all('"opened_at"' in sql and sql.startswith("UPDATE") for sql in writes)
    assert ClientLink.objects.get().opened_at == clock.at


def test_the_page_costs_the_same_however_much_was_said(complaint, visitor, query_count, now):
    def say(count):
        for number in range(count):
            Message.objects.create(
                complaint=complaint, kind="client", body=f"Word {number}", at=now
            )
            Attachment.objects.create(
                complaint=complaint, name="x", content_type="text/plain", size=1, at=now,
                sha256=f"{complaint.attachments.count()}", file="x",
            )  # fmt: skip

    say(1)
    one = query_count(visitor.browser, visitor.path)
    say(2)

    assert query_count(visitor.browser, visitor.path) == one == 7


def leaves(value):
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from leaves(each)
    else:
        yield value


PLAIN = {str, int, bool, datetime, date, Decimal, type(None)}


def test_the_page_is_made_of_plain_values_only(in_progress, manager, path, uploads, now):
    services.ask_client(actor=manager, complaint=in_progress, now=now)
    keep_file(in_progress, pdf(), by=None, at=now)

    case = client_case(link_of(path, now), "en", now)

    assert case.messages
    assert case.files
    assert case.remedy
    assert {type(leaf) for leaf in leaves(case)} <= PLAIN


def test_what_he_may_do_and_what_the_page_offers_have_the_same_names():
    assert {field.name for field in fields(ClientMay)} == set(STEPS)


# What he does


def test_his_words_reach_the_lead_and_start_our_clock(in_progress, manager, visitor, clock):
    clock.forward(minutes=5)

    sent = visitor.send("comment", body="It happened again.")

    assert sent.status_code == 302
    said = in_progress.messages.get(kind="client")
    assert (said.body, said.author, said.channel) == ("It happened again.", None, "portal")
    entry = AuditEntry.objects.get(verb="complaints.comment")
    assert (entry.actor, entry.details) == (None, {"by": "client", "via": "page"})
    assert Notification.objects.filter(recipient=manager, entry=entry).exists()
    assert in_progress.clocks.filter(metric="next_response").exists()
    assert "Thank you. We have your words" in visitor.read("?done=comment&lang=en")


def test_an_answer_ends_the_wait_for_the_client(in_progress, manager, visitor, clock):
    services.wait(
        actor=manager, complaint=in_progress, waiting_for="client", body="Which till?",
        now=clock.forward(minutes=1),
    )  # fmt: skip

    visitor.send("comment", body="The left one.")

    in_progress.refresh_from_db()
    assert in_progress.state == Complaint.State.IN_PROGRESS


def test_a_double_click_is_one_wish(complaint, visitor):
    token = "a" * 64
    first = visitor.send("comment", body="Once.", csrfmiddlewaretoken=token)
    again = visitor.send("comment", body="Once.", csrfmiddlewaretoken=token)
    visitor.send("comment", body="Once.", csrfmiddlewaretoken="b" * 64)

    assert first.headers["Location"] == again.headers["Location"]
    assert complaint.messages.filter(kind="client").count() == 2


def test_an_empty_word_is_refused_beside_its_box(complaint, visitor):
    sent = visitor.send("comment", body="  ")

    assert sent.status_code == 422
    assert b"errorlist" in sent.content
    assert b'href="#step-comment"' in sent.content
    assert not complaint.messages.filter(kind="client").exists()


def test_he_sends_a_file_and_gets_it_back(complaint, visitor, uploads):
    sent = visitor.send("attach", file=pdf())

    assert sent.status_code == 302
    kept = complaint.attachments.get()
    assert kept.by is None
    got = visitor.browser.get(f"{visitor.path}files/{kept.pk}/")
    assert b"".join(got.streaming_content) == PDF
    assert got.headers["Content-Disposition"] == 'attachment; filename="receipt.pdf"'
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["Cache-Control"] == "no-store"
    assert "receipt.pdf" in visitor.read()


def test_a_file_that_runs_in_browsers_is_refused_by_its_content(complaint, visitor, uploads):
    sent = visitor.send("attach", file=pdf("photo.png", b"<html><script>alert(1)</script>"))

    assert sent.status_code == 409
    assert not complaint.attachments.exists()


def test_files_of_ours_and_locked_ones_are_not_there(complaint, manager, visitor, uploads, now):
    ours = keep_file(complaint, pdf("verdict.pdf"), by=manager, at=now)
    locked = keep_file(complaint, pdf("health.pdf", PDF + b"2"), by=None, at=now)
    locked.is_restricted = True
    locked.save()

    html = visitor.read()

    assert "verdict.pdf" not in html
    assert "health.pdf" not in html
    for each in (ours, locked):
        assert visitor.browser.get(f"{visitor.path}files/{each.pk}/").status_code == 404


def test_he_answers_what_would_put_it_right(in_progress, manager, visitor, clock):
    assert "record_remedy" not in visitor.steps()
    services.ask_client(actor=manager, complaint=in_progress, now=clock.forward(minutes=1))

    assert "What would you like us to do to put this right for you?" in visitor.read("?lang=en")
    sent = visitor.send("record_remedy", client_text="A new cutter by Friday.")

    assert sent.status_code == 302
    remedy = Remedy.objects.get(complaint=in_progress)
    assert (remedy.state, remedy.client_text) == ("proposed", "A new cutter by Friday.")
    assert "record_remedy" not in visitor.steps()
    assert "A new cutter by Friday." in visitor.read()


@pytest.fixture
def countered(in_progress, manager, visitor, clock):
    """A remedy to which we offered something else."""
    services.ask_client(actor=manager, complaint=in_progress, now=clock.forward(minutes=1))
    visitor.send("record_remedy", client_text="A new till.")
    services.decide_remedy(
        actor=manager, complaint=in_progress, decision="counter",
        reason="We repair the cutter within a day.", counter_text="A spare till for the week.",
        now=clock.forward(minutes=1),
    )  # fmt: skip
    return Remedy.objects.get(complaint=in_progress)


@pytest.mark.parametrize(("answer", "state"), [("accept", "accepted"), ("ask_again", "asked")])
def test_he_answers_our_offer(countered, visitor, answer, state):
    html = visitor.read("?lang=en")
    assert "A spare till for the week." in html
    assert "We repair the cutter within a day." in html

    sent = visitor.send("answer_remedy", answer=answer, words="Two weeks, please.")

    assert sent.status_code == 302
    countered.refresh_from_db()
    assert (countered.state, countered.client_answer) == (state, "Two weeks, please.")


def test_who_wants_something_else_says_what(countered, visitor):
    assert visitor.send("answer_remedy", answer="ask_again").status_code == 422
    assert visitor.send("answer_remedy", answer="pay me").status_code == 422

    countered.refresh_from_db()
    assert countered.state == "countered"


def test_he_confirms_that_he_got_what_we_agreed_to(countered, manager, visitor, clock):
    visitor.send("answer_remedy", answer="accept")
    services.deliver_remedy(
        actor=manager, complaint=countered.complaint, now=clock.forward(hours=1)
    )

    visitor.send("confirm_remedy")

    countered.refresh_from_db()
    assert countered.state == "confirmed"


def test_he_says_that_we_understood_him_once_we_have_answered(complaint, visitor, agent, clock):
    assert "confirm_heard" not in visitor.steps()
    services.reply(
        actor=agent, complaint=complaint, body="You cannot sell.", now=clock.forward(hours=1)
    )

    visitor.send("confirm_heard")

    complaint.refresh_from_db()
    assert complaint.understood_at == clock.at
    assert "confirm_heard" not in visitor.steps()


def test_his_word_that_it_is_fixed_is_as_good_as_the_call(resolved, visitor, clock):
    at = clock.forward(hours=1)

    visitor.send("confirm_fixed", words="Prints like new.")

    resolved.refresh_from_db()
    assert (resolved.state, resolved.is_confirmed, resolved.closed_at) == ("closed", True, at)
    call = Promise.objects.get(kind="callback")
    assert (call.state, call.done_at) == ("kept", at)
    assert resolved.messages.last().body == "Prints like new."


def test_without_words_the_conversation_says_what_he_pressed(resolved, visitor):
    visitor.send("confirm_fixed")

    assert resolved.messages.filter(kind="client").last().body == "Всичко е поправено."


def test_his_word_that_it_is_not_fixed_takes_it_up_again(resolved, visitor, clock):
    clock.forward(hours=1)

    visitor.send("deny_fixed", words="It jams again.")

    resolved.refresh_from_db()
    assert (resolved.state, resolved.reopen_count) == ("in_progress", 1)
    assert resolved.messages.filter(kind="client").last().body == "It jams again."
    assert not Promise.objects.owed().filter(kind="callback").exists()
    assert resolved.clocks.filter(metric="resolution", state="running").exists()


def test_it_is_not_closed_while_a_colleague_of_his_must_still_be_called(
    resolved, account, manager, visitor, clock
):
    other = ContactFactory(account=account)
    call = Promise.objects.get(kind="callback")
    Promise.objects.create(
        no="PRM-2026-99999", account=account, contact=other, kind="callback", text="Call too",
        made_by=manager, made_at=call.made_at, due_at=call.due_at, break_at=call.break_at,
        subject=resolved,
    )  # fmt: skip

    visitor.send("confirm_fixed")
    assert "confirm_fixed" not in visitor.steps()
    again = visitor.send("confirm_fixed", words="Still fine.")

    resolved.refresh_from_db()
    assert resolved.state == "resolved"
    assert again.status_code == 409


def test_he_rates_once_and_only_when_it_is_over(resolved, visitor, clock):
    assert "rate" not in visitor.steps()
    assert visitor.send("rate", csat=5).status_code == 409
    visitor.send("confirm_fixed")

    assert visitor.send("rate", csat=6).status_code == 422
    visitor.send("rate", csat=4, words="Quick.")

    resolved.refresh_from_db()
    assert (resolved.csat, resolved.csat_words, resolved.rated_at) == (4, "Quick.", clock.at)
    assert "rate" not in visitor.steps()
    assert "You rated us 4 of 5." in visitor.read("?lang=en")


def test_a_month_after_the_end_the_page_can_only_be_read(resolved, visitor, clock):
    visitor.send("confirm_fixed")
    clock.forward(days=30, hours=1)

    assert visitor.steps() == set()
    assert "can only be read" in visitor.read("?lang=en")
    assert visitor.send("comment", body="Hello?").status_code == 409
    assert not resolved.messages.filter(body="Hello?").exists()


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"comment", "attach"}))
def test_a_step_that_the_page_does_not_offer_changes_nothing(complaint, visitor, step):
    told = {"client_text": "x", "words": "x", "answer": "accept", "csat": "5"}
    before = AuditEntry.objects.count()

    sent = visitor.send(step, **told)

    assert sent.status_code == 409
    assert AuditEntry.objects.count() == before


# Merged


@pytest.fixture
def merged(complaint, log, account, agent, now):
    """The complaint became part of another one, which a colleague of the client's had made."""
    colleague = ContactFactory(account=account, name="Boyan Petrov")
    other = log(contact=colleague, client_words="All three tills are dead.", title="Dead tills")
    services.merge(actor=agent, complaint=complaint, into=other, now=now)
    return other


def test_the_link_of_a_merged_complaint_leads_to_the_other(complaint, merged, visitor):
    html = visitor.read("?lang=en")

    assert merged.no in html
    assert f"Your {complaint.no} is about the same event" in html
    assert "Boyan Petrov" not in html

    visitor.send("comment", body="And the scale.")
    assert merged.messages.filter(body="And the scale.").exists()


def test_files_of_a_colleague_stay_his(complaint, merged, visitor, uploads, now):
    his, theirs = Visitor(way_in(merged)), visitor
    keep_file(complaint, pdf("a.pdf"), by=None, at=now)
    keep_file(merged, pdf("b.pdf", PDF + b"2"), by=None, at=now)

    assert ("a.pdf" in theirs.read(), "b.pdf" in theirs.read()) == (True, False)
    assert ("a.pdf" in his.read(), "b.pdf" in his.read()) == (False, True)


def test_nothing_is_told_of_what_ended_as_a_request(complaint, agent, manager, visitor, now):
    services.convert(
        actor=agent, complaint=complaint, reason="He only wants a quote.", assignee=manager,
        due_at=now + timedelta(days=1), now=now,
    )  # fmt: skip

    html = visitor.read("?lang=en")

    assert "We deal with it as a request" in html
    assert "He only wants a quote." not in html
    assert visitor.steps() == set()


def test_the_words_of_what_we_found_ourselves_are_not_his(log, manager, now):
    found = log(channel="self_reported", client_words="We shipped the bad lot to him.")
    services.reply(actor=manager, complaint=found, body="We made a mistake.", now=now)

    html = Visitor(way_in(found)).read("?lang=en")

    assert "bad lot" not in html.replace(found.title, "")
    assert "We made a mistake." in html
