"""Who wrote a letter: a person, a machine, a list, or we ourselves."""

import pytest

from complaints.mail.judge import House, is_forged, kind_of, may_be_answered
from complaints.mail.letter import read_head, read_letter
from tests.complaints.mail.letters import bounce, letter

OURS = "01900000-0000-7000-8000-000000000001@kamerton.test"
HOUSE = House(
    addresses=frozenset({"support@kamerton.test"}), domain="kamerton.test", mark="kamerton.test"
)


def many_hops(count):
    return b"Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0200\r\n" * count + letter()


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (letter(), "person"),
        (letter(subject="Out of office today? The driver was not!"), "person"),
        (letter(auto_submitted="no"), "person"),
        (letter(message_id="<20260302.1@kamerton.test>"), "person"),
        (letter(x_kamerton="another.example"), "person"),
        (letter(x_auto_response_suppress="DR, OOF"), "person"),
        (many_hops(40), "person"),
        (many_hops(41), "loop"),
        (letter(message_id=f"<{OURS}>"), "own_letter"),
        (letter(**{"from": "Kamerton <Support@kamerton.test>"}), "own_letter"),
        (letter(x_kamerton="kamerton.test"), "own_letter"),
        (letter(auto_submitted="auto-replied"), "auto_reply"),
        (letter(auto_submitted="auto-generated (vacation)"), "auto_reply"),
        (letter(precedence="auto_reply"), "auto_reply"),
        (letter(x_autoreply="yes"), "auto_reply"),
        (letter(x_auto_response_suppress="All"), "auto_reply"),
        (letter(precedence="bulk", subject="Автоответ: Касса"), "auto_reply"),
        (letter(return_path="<>", subject="Out of office"), "auto_reply"),
        (letter(list_id="<news.lipa.example>"), "bulk"),
        (letter(list_unsubscribe="<mailto:off@lipa.example>"), "bulk"),
        (letter(precedence="bulk"), "bulk"),
        (letter(x_spam_flag="YES"), "spam"),
        (letter(x_spam_status="Yes, score=9"), "spam"),
        (bounce(f"<{OURS}>"), "bounce"),
        (bounce(f"<{OURS}>", returns="text/rfc822-headers"), "bounce"),
        (letter(return_path="<>", subject="Undelivered Mail Returned"), "bounce"),
        (letter(**{"from": "postmaster@lipa.example"}, x_failed_recipients="a@b.example"), "bounce"),
        (bounce(f"<{OURS}>", action="delayed", status="4.4.1"), "delayed"),
        (bounce(f"<{OURS}>", action="delivered", status="2.0.0"), "receipt"),
        (letter().replace(b"text/plain", b"multipart/report; report-type=disposition-notification"),
         "receipt"),
    ],
)  # fmt: skip
def test_the_kind_of_a_letter_follows_from_its_head(raw, kind):
    assert kind_of(read_letter(raw), HOUSE) == kind


@pytest.mark.parametrize(
    ("results", "forged"),
    [
        ("mx; spf=pass; dkim=pass; dmarc=pass", False),
        ("mx; spf=fail; dkim=pass", False),
        ("mx; spf=fail smtp.mailfrom=x; dkim=fail", True),
        ("mx; dmarc=fail", True),
        (None, False),
    ],
)
def test_a_sender_is_doubted_only_on_the_word_of_our_own_server(results, forged):
    assert is_forged(read_head(letter(authentication_results=results))) is forged


def test_only_the_topmost_result_counts():
    ours = b"Authentication-Results: mx; dmarc=fail\r\n"
    theirs = b"Authentication-Results: mx; dmarc=pass\r\n"

    assert is_forged(read_head(ours + theirs + letter()))
    assert not is_forged(read_head(theirs + ours + letter()))


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({}, True),
        ({"auto_submitted": "no"}, True),
        ({"from": None}, False),
        ({"auto_submitted": "auto-replied"}, False),
        ({"x_auto_response_suppress": "OOF"}, False),
        ({"precedence": "list"}, False),
        ({"list_id": "<a.b>"}, False),
        ({"authentication_results": "mx; dmarc=fail"}, False),
    ],
)
def test_a_machine_answers_people_only(headers, answered):
    assert may_be_answered(read_head(letter(**headers))) is answered


def test_the_report_names_the_letter_that_came_back():
    report = read_letter(bounce(f"<{OURS}>")).report

    assert (report.action, report.status, report.about) == ("failed", "5.1.1", (f"<{OURS}>",))
    assert report.why == "smtp; 550 5.1.1 no such user"
