from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Contact
from complaints.models import Attachment, Complaint
from core.models import AuditEntry
from tests.conftest import HTMX
from tests.factories import AccountFactory, ContactFactory

LOG = "/complaints/log/"
TOLD = {
    "client_words": "The till prints no receipts.\nQueues everywhere.",
    "impact": 2, "urgency": 2, "channel": "phone", "category": "quality",
}  # fmt: skip


@pytest.fixture
def window(sign_in, agent):
    return sign_in(agent)


def test_one_screen_logs_a_complaint(window, account, contact, agent, clock, uploads):
    files = [SimpleUploadedFile("till.txt", b"E17"), SimpleUploadedFile("two.txt", b"E18")]

    answer = window.post(
        LOG, TOLD | {"account": account.pk, "contact": contact.pk, "attachments": files}
    )

    complaint = Complaint.objects.get()
    assert answer.headers["Location"] == f"/complaints/{complaint.pk}/"
    assert (complaint.priority, complaint.contact) == ("p2", contact)
    assert complaint.title == "The till prints no receipts."
    assert (complaint.received_at, complaint.assignee) == (clock.at, agent)
    assert set(Attachment.objects.values_list("name", flat=True)) == {"till.txt", "two.txt"}


def test_the_same_drawn_form_sent_twice_logs_once(window, account, clock):
    form = TOLD | {"account": account.pk, "csrfmiddlewaretoken": "drawn-once"}

    places = {window.post(LOG, form).headers["Location"] for _click in range(2)}

    assert len(places) == Complaint.objects.count() == 1


def test_somebody_new_becomes_a_contact_in_the_same_breath(window, account, clock):
    newcomer = {"contact_name": "Petko", "contact_phone": "+359 2 1"}

    window.post(LOG, TOLD | {"account": account.pk} | newcomer)

    contact = Contact.objects.get()
    assert (contact.name, contact.phone) == ("Petko", "+359 2 1")
    assert Complaint.objects.get().contact == contact


def test_nothing_typed_is_lost_when_something_is_missing(window, account, clock):
    form = {"account": account.pk, "client_words": "It smokes", "impact": 1}

    page = window.post(LOG, form, headers=HTMX)

    html = page.content.decode()
    assert page.status_code == 422
    assert "It smokes" in html
    assert "<html" not in html
    assert page.context["form"].errors.keys() == {"urgency", "channel", "category"}
    assert not Complaint.objects.exists()


def test_without_an_account_the_form_asks_for_it(window, clock):
    page = window.post(LOG, TOLD)

    assert page.status_code == 422
    assert "Choose the account first." in page.content.decode()


def test_late_logging_needs_a_reason_and_keeps_it(window, account, clock):
    received = timezone.localtime(clock.at - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    form = TOLD | {"account": account.pk, "received_at": received}

    refused = window.post(LOG, form)
    window.post(LOG, form | {"reason": "The line was down."})

    assert refused.status_code == 409
    assert "more than 15 minutes ago" in refused.content.decode()
    assert Complaint.objects.get().received_at == clock.at - timedelta(hours=1)
    assert AuditEntry.objects.get(verb="complaints.log").reason == "The line was down."


def test_accounts_are_found_by_words_and_a_single_one_is_chosen(window, account, contact):
    AccountFactory(name="Kobza")
    AccountFactory(name="Kobza Media")

    one = window.get(LOG, {"find": "bakerry"}, headers=HTMX)
    two = window.get(LOG, {"find": "КОБЗА"})
    none = window.get(LOG, {"find": "qqqq"})

    part = one.content.decode()
    assert f'id="account-{account.no}" required checked' in part
    assert "Rada Lipova" in part
    assert "<html" not in part
    assert [each.name for each in two.context["found"]] == ["Kobza", "Kobza Media"]
    assert two.context["account"] is None
    assert "No account is called that." in none.content.decode()


def test_chosen_account_brings_its_people_only(window, account, contact):
    ContactFactory(name="Somebody Else")
    ContactFactory(account=account, name="Gone", state="left")

    page = window.get(LOG, {"account": account.pk})

    people = page.context["form"].fields["contact"].queryset
    assert [person.name for person in people] == ["Rada Lipova"]


@pytest.mark.parametrize("account", ["nonsense", "018f0000-0000-7000-8000-000000000000"])
def test_an_impossible_account_is_no_choice(window, account):
    page = window.get(LOG, {"account": account})

    assert (page.status_code, page.context["account"]) == (200, None)


def test_preview_tells_what_logging_then_does(window, account, clock, log):
    page = window.get(
        "/complaints/log/preview/", {"account": account.pk, "impact": 2, "urgency": 2}
    )

    complaint = log()
    [row] = page.context["rows"]
    due = {clock.metric: clock.due_at for clock in complaint.clocks.all()}
    assert row["priority"] == complaint.priority
    assert row["answer"] == "today 14:00"
    assert row["solution"] == "tomorrow 11:00"
    assert due["first_response"] == clock.at + timedelta(hours=2)
    assert due["resolution"] == clock.at + timedelta(hours=23)
    assert "house standard" in page.content.decode()


@pytest.mark.parametrize(
    ("told", "priorities"),
    [
        ({}, ["p1", "p2", "p3", "p4"]),
        ({"impact": 2}, ["p1", "p2", "p3", "p4"]),
        ({"impact": 4, "urgency": 4, "safety": "on"}, ["p1"]),
        ({"impact": 9, "urgency": "x"}, ["p1", "p2", "p3", "p4"]),
    ],
)
def test_preview_of_an_unfinished_judgement_tells_every_priority(
    window, account, clock, told, priorities
):
    page = window.get("/complaints/log/preview/", told | {"account": account.pk})

    assert [row["priority"] for row in page.context["rows"]] == priorities


def test_preview_without_an_account_asks_for_it(window, clock):
    page = window.get("/complaints/log/preview/", {"impact": 1, "urgency": 1})

    assert "Choose the client first" in page.content.decode()
    assert not Complaint.objects.exists()
