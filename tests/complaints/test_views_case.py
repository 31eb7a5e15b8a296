from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Promise
from complaints import services
from complaints.models import Attachment, Complaint
from complaints.panels import PANEL
from tests.complaints.recovery import make_ready
from tests.conftest import HTMX
from tests.factories import AccountFactory

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def window(sign_in, agent):
    return sign_in(agent)


def page_of(complaint, verb=""):
    return f"/complaints/{complaint.pk}/{verb and verb + '/'}"


def text(response):
    return " ".join(response.content.decode().split())


def send(client, complaint, verb, **told):
    """Send the form of an action as the page drew it."""
    return client.post(page_of(complaint, verb), {"version": complaint.version, **told})


def offered(response):
    return {offer.action.verb: offer.why_not for offer in response.context["offers"]}


def test_case_tells_what_is_next_for_whom_and_by_when(window, complaint, manager):
    page = window.get(page_of(complaint))

    step = page.context["step"]
    assert (step.text, step.who) == ("Answer the client for the first time.", manager.name)
    assert step.due == complaint.next_due_at
    assert "The till prints no receipts." in text(page)
    assert "tel:+3592000000" in text(page)
    assert "mailto:rada.lipova@client.example" in text(page)


def test_only_possible_and_permitted_steps_are_offered(window, sign_in, manager, complaint):
    new = offered(window.get(page_of(complaint)))
    own = offered(sign_in(manager).get(page_of(complaint)))

    assert new == {"triage": "", "assign": "", "wait": "Triage it first."}
    assert own == {
        "triage": "", "assign": "", "wait": "Triage it first.", "resolve": "Triage it first.",
    }  # fmt: skip


def test_strangers_may_read_and_note_but_change_nothing(sign_in, stranger, in_progress):
    page = sign_in(stranger).get(page_of(in_progress))

    assert offered(page) == {}
    assert [tab.action.verb for tab in page.context["tabs"]] == ["comment", "add_note"]


def test_after_thirty_days_the_page_says_why_it_cannot_be_reopened(window, resolved, clock):
    clock.forward(days=31)

    page = window.get(page_of(resolved))

    assert "more than 30 days ago" in offered(page)["reopen"]


@pytest.mark.parametrize(
    ("verb", "told", "then"),
    [
        ("reply", {"body": "We come at noon."}, "in_progress"),
        ("add-note", {"body": "Check rack 2."}, "in_progress"),
        ("comment", {"body": "Still broken."}, "in_progress"),
        ("wait", {"waiting_for": "client", "body": "Which till?"}, "waiting_client"),
        ("wait", {"waiting_for": "supplier", "body": "Case 77"}, "waiting_supplier"),
        ("resolve", {"resolution_type": "fixed", "resolution": "Replaced."}, "resolved"),
    ],
)
def test_each_action_reaches_its_service(sign_in, head, ready, verb, told, then):
    client = sign_in(head)

    form = client.get(page_of(ready, verb), headers=HTMX)
    answer = send(client, ready, verb, **told)

    assert "<html" not in text(form)
    assert f'hx-post="{page_of(ready, verb)}"' in text(form)
    assert answer.headers["Location"] == page_of(ready)
    ready.refresh_from_db()
    assert ready.state == then


def test_triage_and_assignment_give_it_to_people(window, complaint, head, technician):
    judged = {"impact": 1, "urgency": 1, "category": "delivery"}

    send(window, complaint, "triage", **judged, assignee=technician.pk, lead=head.pk)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.priority) == ("triaged", "p1")
    assert (complaint.assignee, complaint.lead) == (technician, head)

    send(window, complaint, "assign", assignee=head.pk, lead=head.pk)
    complaint.refresh_from_db()
    assert complaint.assignee == head


def test_an_agent_who_triages_is_offered_as_the_one_who_works(window, complaint, agent):
    complaint.assignee = None
    complaint.save()

    form = window.get(page_of(complaint, "triage")).context["form"]

    assert form.initial["assignee"] == agent.pk


def test_waiting_is_resumed_and_a_resolution_reopened(window, in_progress, head, now):
    services.wait(
        actor=head, complaint=in_progress, waiting_for="client", body="Which till?", now=now
    )
    send(window, in_progress, "resume")
    in_progress.refresh_from_db()
    assert in_progress.state == "in_progress"

    make_ready(in_progress, head, now)
    services.resolve_complaint(
        actor=head, complaint=in_progress, resolution_type="fixed", resolution="Done", now=now
    )
    send(window, in_progress, "reopen", reason="Broken again")
    in_progress.refresh_from_db()
    assert (in_progress.state, in_progress.reopen_count) == ("in_progress", 1)


def test_reply_offers_noon_of_the_next_working_day_and_promises_it(window, complaint, agent, clock):
    form = window.get(page_of(complaint)).context["writing"]["form"]
    offer = form.initial["next_contact_at"]

    send(
        window,
        complaint,
        "reply",
        body="We look.",
        next_contact_at=offer.strftime("%Y-%m-%dT%H:%M"),
    )

    assert timezone.localtime(offer).strftime("%a %H:%M") == "Tue 12:00"
    promise = Promise.objects.get(kind="next_contact")
    assert (promise.due_at, promise.made_by) == (offer, agent)


def test_stale_form_is_refused_and_keeps_what_was_typed(
    window, complaint, agent, technician, clock
):
    seen = complaint.version
    services.assign(actor=agent, complaint=complaint, assignee=technician, lead=agent, now=clock.at)

    page = window.post(
        page_of(complaint, "reply"), {"version": seen, "body": "My words"}, headers=HTMX
    )

    assert page.status_code == 412
    assert "My words" in text(page)
    assert "Somebody else changed this" in text(page)
    assert complaint.messages.filter(kind="reply").count() == 0


def test_refusal_stands_in_the_form(window, complaint, head):
    page = send(window, complaint, "wait", waiting_for="client", body="Which till?")

    assert page.status_code == 409
    assert "Not possible while it is “New”." in text(page)


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("reply", {"body": ""}),
        ("reply", {"body": "x", "next_contact_at": "yesterday"}),
        ("triage", {"impact": 7, "urgency": "a", "category": "x", "assignee": "y", "lead": ""}),
        ("resolve", {"resolution_type": "magic", "resolution": ""}),
        ("wait", {"waiting_for": "godot", "body": "x"}),
        ("attach", {}),
        ("record-callback", {"outcome": "maybe"}),
    ],
)
def test_bad_input_is_told_beside_the_field(sign_in, head, complaint, verb, told):
    page = send(sign_in(head), complaint, verb, **told)

    assert page.status_code == 422
    assert 'class="errorlist"' in text(page)


def test_invisible_is_absent_and_forbidden_is_refused(
    sign_in, technician, stranger, admin, complaint
):
    assert sign_in(admin).get(page_of(complaint)).status_code == 403
    for verb in ["", "reply", "triage"]:
        assert sign_in(technician).get(page_of(complaint, verb)).status_code == 404
    for method in ("get", "post"):
        answer = getattr(sign_in(stranger), method)(page_of(complaint, "triage"))
        assert answer.status_code == 403
    assert Complaint.objects.get().state == "new"


def test_conversation_tells_who_sees_what(window, in_progress, agent, now):
    services.add_note(actor=agent, complaint=in_progress, body="Do not tell.", now=now)
    services.comment(actor=agent, complaint=in_progress, body="<b>Hurry</b>", now=now)

    page = text(window.get(page_of(in_progress)))

    assert "internal: the client never sees this" in page
    assert "&lt;b&gt;Hurry&lt;/b&gt;" in page
    assert "to the client; it stops no clock" in page


def test_writing_tabs_change_the_form_in_place(window, complaint):
    target = HTMX | {"HX-Target": "composer"}

    part = text(window.get(f"{page_of(complaint)}?write=add_note", headers=target))
    whole = window.get(f"{page_of(complaint)}?write=add_note")

    assert "Note for colleagues" in part
    assert "<html" not in part
    assert whole.context["writing"]["form"].verb == "add_note"


def test_older_messages_are_a_page_away(window, complaint, agent, now):
    for number in range(30):
        services.add_note(actor=agent, complaint=complaint, body=f"note {number}.", now=now)

    first = window.get(page_of(complaint))
    older = text(window.get(first.context["page"].older_url, headers=HTMX))

    assert "note 29." in text(first)
    assert "note 2." not in text(first)
    assert "note 2." in older


def test_history_tells_the_verbs_of_the_complaint(window, in_progress):
    page = window.get(page_of(in_progress))

    verbs = [entry.verb for entry in page.context["history"]]
    assert verbs == ["complaints.reply", "complaints.triage", "complaints.log"]


@pytest.mark.parametrize("count", [1, 3])
def test_case_asks_the_same_few_questions_however_much_was_said(
    window, complaint, agent, now, count, django_assert_max_num_queries
):
    for number in range(count):
        services.add_note(actor=agent, complaint=complaint, body=f"{number}", now=now)
    window.get(page_of(complaint))

    with django_assert_max_num_queries(24):
        window.get(page_of(complaint))


def test_files_leave_as_downloads_for_those_who_may_see_them(
    window, sign_in, technician, complaint, uploads
):
    upload = SimpleUploadedFile("../till photo.png", PNG, content_type="text/html")
    window.post(page_of(complaint, "attach"), {"file": upload})
    file = Attachment.objects.get()
    path = f"{page_of(complaint)}files/{file.pk}/"

    answer = window.get(path)

    assert b"".join(answer.streaming_content) == PNG
    assert answer.headers["Content-Disposition"] == 'attachment; filename="till photo.png"'
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sign_in(technician).get(path).status_code == 404


def test_file_of_another_complaint_is_absent(window, log, agent, uploads, now):
    one, other = log(), log()
    upload = SimpleUploadedFile("a.txt", b"words")
    file = services.attach_file(actor=agent, complaint=one, file=upload, now=now)

    assert window.get(f"{page_of(other)}files/{file.pk}/").status_code == 404
    (uploads / file.file.name).unlink()
    assert window.get(f"{page_of(one)}files/{file.pk}/").status_code == 404


def test_dangerous_file_is_refused_in_the_form(window, complaint, uploads):
    upload = SimpleUploadedFile("x.png", b"<script>alert(1)</script>", content_type="image/png")

    page = window.post(page_of(complaint, "attach"), {"file": upload})

    assert page.status_code == 409
    assert "Only PDF, pictures" in text(page)


def test_panel_of_the_account_page(window, resolved, log, account, agent, now):
    log(impact=1, urgency=1)
    log(account=AccountFactory(name="Kobza"))

    data = PANEL.context_for(agent, account, now + timedelta(hours=1))

    assert [line.complaint.no for line in data["lines"]] == ["CMP-2026-00002"]
    assert [each.no for each in data["closed"]] == ["CMP-2026-00001"]
    assert data["numbers"] == {"all": 2, "grave": 2, "reopened": 0}
    assert "CMP-2026-00002" in text(window.get(f"/accounts/{account.pk}/"))
