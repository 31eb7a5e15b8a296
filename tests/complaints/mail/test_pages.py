"""What people see of mailboxes and letters, on pages and over REST."""

import pytest

from complaints import services
from complaints.mail.fetching import fetch_due
from complaints.models import InboundMail, Mailbox
from core.models import Heartbeat
from tests.complaints.mail.letters import letter
from tests.conftest import HTMX

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert('words')</script>"


@pytest.fixture
def read(fetch, contact):
    """A mailbox with a new complaint, an ignored letter and a failed one."""
    fetch(letter(subject="<b>No</b> receipts"), letter("news", list_id="<a.b>"), b"\n--a" * 30_000)
    return Mailbox.objects.get()


def page_of(box, query=""):
    return f"/complaints/mailboxes/{box.pk}/{query}"


@pytest.mark.parametrize("role", ["am", "te", "fi", "ex"])
def test_who_keeps_no_mailboxes_sees_none(read, people, sign_in, rest, role):
    person = people[role]

    assert sign_in(person).get("/complaints/mailboxes/").status_code == 403
    assert sign_in(person).get(page_of(read)).status_code == 403
    assert rest(person).get("/api/v1/mailboxes").status_code == 403


@pytest.mark.parametrize("role", ["ad", "sa", "hk"])
def test_numbers_of_the_pages_add_up(read, people, sign_in, role):
    browser = sign_in(people[role])
    listed = browser.get("/complaints/mailboxes/").content.decode()
    line = browser.get(page_of(read)).context["line"]

    assert read.name in listed
    assert line.numbers == {
        "fetched": 0, "matched": 0, "new": 1, "ignored": 1, "bounce": 0, "failed": 1,
    }  # fmt: skip
    assert line.total == InboundMail.objects.count() == 3


def test_support_reads_what_a_letter_is_about_and_an_administrator_does_not(
    read, agent, admin, sign_in, rest
):
    complaint = InboundMail.objects.get(outcome="new").complaint
    seen = sign_in(agent).get(page_of(read)).content.decode()
    hidden = sign_in(admin).get(page_of(read)).content.decode()

    assert "&lt;b&gt;No&lt;/b&gt; receipts" in seen
    assert complaint.no in seen
    for word in ("receipts", complaint.no, str(complaint.pk)):
        assert word not in hidden
    assert "rada@lipa.example" in hidden
    mails = f"/api/v1/mailboxes/{read.pk}/mails"
    for_support = rest(agent).get(f"{mails}?outcome=new").json()["results"][0]
    assert (for_support["subject"], for_support["complaint"]) == (
        "<b>No</b> receipts",
        str(complaint.pk),
    )
    assert {"subject", "complaint"} & set(rest(admin).get(mails).json()["results"][0]) == set()


def test_letters_are_filtered_and_a_wrong_filter_shows_all(read, agent, sign_in):
    browser = sign_in(agent)

    assert len(browser.get(page_of(read, "?outcome=ignored")).context["letters"]) == 1
    assert len(browser.get(page_of(read, "?outcome=x")).context["letters"]) == 3
    part = browser.get(page_of(read, "?outcome=bounce"), headers=HTMX).content.decode()
    assert "No letter matches." in part
    assert "<html" not in part


def test_lists_cost_the_same_for_one_row_and_for_three(read, agent, sign_in, query_count, fetch):
    browser = sign_in(agent)
    pages = ("/complaints/mailboxes/", page_of(read))
    before = [query_count(browser, page) for page in pages]
    fetch(letter("a", subject="a"), letter("b", subject="b"))
    Mailbox.objects.bulk_create([Mailbox(name="second"), Mailbox(name="third")])

    assert [query_count(browser, page) for page in pages] == before


def test_a_failed_letter_is_tried_again_by_a_button_and_over_rest(read, admin, sign_in, rest, now):
    failed, ignored = (InboundMail.objects.get(outcome=each) for each in ("failed", "ignored"))
    browser = sign_in(admin)

    assert "Try again" in browser.get(page_of(read)).content.decode()
    answer = browser.post(f"/complaints/letters/{failed.pk}/retry/")
    assert answer.headers["Location"] == page_of(read)
    assert browser.post(f"/complaints/letters/{failed.pk}/retry/").status_code == 409
    client, url = rest(admin), f"/api/v1/mailboxes/{read.pk}"
    etag = client.get(url).headers["ETag"]
    answer = client.post(
        f"{url}/retry-letter", {"mail": str(ignored.pk)}, format="json", headers={"If-Match": etag}
    )
    assert answer.status_code == 200, answer.content
    fetch_due(now)
    assert InboundMail.objects.get(pk=ignored.pk).outcome == "new"
    assert InboundMail.objects.get(pk=failed.pk).outcome == "failed"
    answer = browser.post(f"/complaints/mailboxes/{read.pk}/retry/")
    assert answer.status_code == 302
    assert InboundMail.objects.get(pk=failed.pk).outcome == "fetched"


def test_a_mailbox_that_cannot_be_read_says_what_to_do(box, admin, sign_in, settings, now):
    settings.MAILBOXES = [{**settings.MAILBOXES[0], "password": "forgotten"}]
    fetch_due(now)
    browser = sign_in(admin)
    listed = browser.get("/complaints/mailboxes/").content.decode()
    shown = browser.get(page_of(Mailbox.objects.get())).content.decode()

    for page in (listed, shown):
        assert "refuses user or password" in page
        assert "forgotten" not in page


def test_a_mailbox_of_the_settings_shows_before_it_is_read(box, admin, sign_in, settings):
    page = sign_in(admin).get("/complaints/mailboxes/").content.decode()

    assert settings.MAILBOXES[0]["name"] in page
    settings.MAILBOXES = []
    assert "No mailbox is read." in sign_in(admin).get("/complaints/mailboxes/").content.decode()


def test_nothing_of_a_letter_runs_in_a_browser(fetch, contact, agent, sign_in):
    pages = [f"<p>words</p>{SCRIPT}", f"<p>{SCRIPT.replace('<', '&lt;')}</p>"]
    mails = fetch(
        *(
            letter("", html=page, subject=SCRIPT).replace(b"text/plain", b"text/x")
            for page in pages
        ),
        letter(SCRIPT, subject=f"two {SCRIPT}", files=[(f"{SCRIPT}.exe", b"MZ\x90\0", "a/b")]),
    )
    browser = sign_in(agent)
    seen = [browser.get(f"/complaints/{mail.complaint_id}/").content.decode() for mail in mails]
    seen += [browser.get(page_of(mails[0].mailbox)).content.decode()]
    seen += [browser.get("/complaints/").content.decode()]

    assert not [page for page in seen if "<script>alert" in page]
    assert "&lt;script&gt;alert" in seen[1]
    assert "&lt;script&gt;alert" in seen[2]


def test_the_tick_is_noted_even_without_a_mailbox(db, settings, now):
    settings.MAILBOXES = []

    assert fetch_due(now) == 0
    assert Heartbeat.objects.get(name="mailboxes").at == now


def test_a_letter_that_came_back_is_told_in_the_conversation(fetch, contact, agent, sign_in, now):
    complaint = fetch(letter())[0].complaint
    services.reply(actor=agent, complaint=complaint, body="We look into it, sorry.", now=now)
    message = complaint.messages.get(kind="reply")
    complaint.messages.filter(pk=message.pk).update(bounced_at=now)
    page = sign_in(agent).get(f"/complaints/{complaint.pk}/").content.decode()

    assert "This letter came back" in page
