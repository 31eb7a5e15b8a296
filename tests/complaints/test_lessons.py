"""The library: lessons for all, stories with consent, found by cause, category and words (C-13)."""

from datetime import date, timedelta

import pytest

from accounts.services.promise import ConsentMissing, NotTheirContact
from complaints import services
from complaints.checking import ReplyCheckStop
from complaints.models import CaseReview, Complaint, Story
from complaints.services.story import NotConfirmed
from core.errors import InvalidTransition
from core.models import AuditEntry, OutgoingMail
from tests.complaints.aftercare import STORY, live_through, tell
from tests.factories import ContactFactory

LIBRARY = "/complaints/lessons/"
DAY = timedelta(days=1)


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def closed(resolved, agent, now):
    return services.record_callback(actor=agent, complaint=resolved, outcome="satisfied", now=now)


@pytest.fixture
def story(closed, manager, now):
    return tell(closed, manager, now)


@pytest.fixture
def lesson(closed, manager, now):
    Complaint.objects.filter(pk=closed.pk).update(root_cause="defect")
    return services.write_review(
        actor=manager, review=CaseReview.objects.get(),
        answers={"main_complaint": "Secret rage", "own_view": "Secret view"},
        lesson="Запасной нож в каждой машине", process_change="Spare cutters", now=now,
    )  # fmt: skip


def test_the_lesson_is_for_all_colleagues_and_nothing_else_of_the_review(people, sign_in, lesson):
    for role in ("am", "sa", "te", "fi", "ex", "hk"):
        page = text(sign_in(people[role]).get(LIBRARY))
        assert "Запасной нож" in page, role
        assert "Secret" not in page
    for role in ("ad", "api"):
        assert sign_in(people[role]).get(LIBRARY).status_code == 403


def test_a_technician_reads_the_lesson_of_a_case_that_he_cannot_open(sign_in, technician, lesson):
    [told] = sign_in(technician).get(LIBRARY).context["lessons"]

    assert (told.no, told.complaint_id) == ("CMP-2026-00001", None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 1),
        ({"q": "ЗАПАСНОЙ"}, 1),
        ({"q": "zapasnoj nozh"}, 1),
        ({"q": "CMP-2026-00001"}, 1),
        ({"q": "Secret rage"}, 0),
        ({"q": "заправка"}, 0),
        ({"cause": "defect"}, 1),
        ({"cause": "invoice"}, 0),
        ({"category": "quality"}, 1),
        ({"category": "billing"}, 0),
        ({"cause": "nonsense"}, 1),
    ],
)
def test_lessons_are_found_by_words_cause_and_category(sign_in, agent, lesson, asked, found):
    assert len(sign_in(agent).get(LIBRARY, asked).context["lessons"]) == found


@pytest.mark.parametrize(
    ("q", "found"), [("касса", 1), ("kassa", 1), ("spare cutter", 1), ("x9", 0)]
)
def test_stories_are_found_by_words(sign_in, agent, story, q, found):
    page = sign_in(agent).get(LIBRARY, {"kind": "stories", "q": q})

    assert len(page.context["page"].rows) == found


@pytest.mark.parametrize("kind", ["lessons", "stories"])
def test_the_library_costs_the_same_for_one_and_three(
    sign_in, agent, story, lesson, log, manager, now, query_count, kind
):
    client = sign_in(agent)
    for_one = query_count(client, f"{LIBRARY}?kind={kind}")
    for _number in range(2):
        live_through(log(), manager, now)

    assert query_count(client, f"{LIBRARY}?kind={kind}") == for_one


def test_a_story_is_told_only_of_what_the_client_confirmed(resolved, manager, now):
    with pytest.raises(NotConfirmed):
        tell(resolved, manager, now)

    assert not Story.objects.exists()


def test_told_again_it_replaces_the_first(story, closed, manager, now):
    tell(closed, manager, now + DAY, title="Anew")

    told = Story.objects.get()
    assert (told.title, told.told_at) == ("Anew", now + DAY)


@pytest.mark.parametrize("missing", ["consent_by", "consent_date", "consent_how"])
def test_naming_the_client_needs_his_consent_whole(closed, contact, manager, now, missing):
    consent = {
        "consent_by": contact, "consent_date": date(2026, 3, 1), "consent_how": "By mail",
    }  # fmt: skip

    with pytest.raises(ConsentMissing) as refusal:
        tell(
            closed,
            manager,
            now,
            scope="named",
            **{**consent, missing: None if missing != "consent_how" else " "},
        )

    assert refusal.value.code == "consent_missing"
    assert tell(closed, manager, now, scope="named", **consent).consent_by == contact


def test_consent_is_of_somebody_there_and_not_of_tomorrow(closed, contact, manager, now):
    consent = {"consent_date": date(2026, 3, 1), "consent_how": "By mail"}

    with pytest.raises(NotTheirContact):
        tell(closed, manager, now, scope="named", consent_by=ContactFactory(), **consent)
    tomorrow = consent | {"consent_date": date(2026, 3, 3)}
    with pytest.raises(ConsentMissing):
        tell(closed, manager, now, scope="named", consent_by=contact, **tomorrow)


def test_a_story_without_a_name_keeps_no_consent(closed, contact, manager, now):
    told = tell(closed, manager, now, scope="anonymous", consent_by=contact, consent_how="By mail")

    assert (told.consent_by, told.consent_how) == (None, "")


def test_the_client_is_told_how_it_was_put_right_if_that_is_wanted(closed, manager, now):
    before = OutgoingMail.objects.filter(to="rada.lipova@client.example").count()
    tell(closed, manager, now)
    silent = OutgoingMail.objects.filter(to="rada.lipova@client.example").count()
    tell(closed, manager, now, closing_note="Ето как го поправихме.")

    letters = OutgoingMail.objects.filter(to="rada.lipova@client.example")
    assert silent == before
    assert letters.filter(body__startswith="Ето как го поправихме.").count() == 1
    assert closed.messages.filter(kind="reply", body="Ето как го поправихме.").exists()


def test_the_letter_is_checked_for_blame_and_then_nothing_is_told(closed, manager, now):
    blame = "Our supplier let us down and delivered faulty parts. It is the courier's fault."

    with pytest.raises(ReplyCheckStop):
        tell(closed, manager, now, closing_note=blame)

    assert not Story.objects.exists()
    told = tell(closed, manager, now, closing_note=blame, override_reason="He asked for it")
    assert told.complaint.messages.filter(override_reason="He asked for it").exists()


def test_archived_it_leaves_the_library_and_can_be_told_again(
    sign_in, story, closed, manager, agent, now
):
    client = sign_in(manager)
    gone = client.post(f"/complaints/lessons/stories/{story.pk}/archive/")
    listed = client.get(LIBRARY, {"kind": "stories"}).context["page"].rows

    assert gone.headers["Location"] == f"/complaints/lessons/stories/{story.pk}/"
    assert listed == []
    story.refresh_from_db()
    with pytest.raises(InvalidTransition):
        services.archive_story(actor=manager, story=story, now=now)
    assert tell(closed, manager, now).archived_at is None
    assert (
        sign_in(agent).post(f"/complaints/lessons/stories/{story.pk}/archive/").status_code == 403
    )


def test_the_page_of_a_story_is_for_colleagues(people, sign_in, story):
    path = f"/complaints/lessons/stories/{story.pk}/"

    assert "We came within the hour." in text(sign_in(people["fi"]).get(path))
    assert sign_in(people["ad"]).get(path).status_code == 403


def test_the_form_begins_with_what_the_case_knows(sign_in, manager, closed):
    form = sign_in(manager).get(f"/complaints/{closed.pk}/tell-story/").context["form"]

    assert form.initial["what_we_did"] == "We replaced the cutter."
    assert form.initial["what_happened"] == "The till prints no receipts."
    assert "We replaced the cutter." in form.initial["closing_note"]
    assert "CMP-2026-00001" in form.initial["closing_note"]


def test_the_form_sends_the_letter_only_if_ticked(sign_in, manager, closed):
    client, path = sign_in(manager), f"/complaints/{closed.pk}/tell-story/"
    told = {**STORY, "scope": "internal", "closing_note": "Thank you."}

    client.post(path, told)
    unasked = closed.messages.filter(body="Thank you.").exists()
    client.post(path, told | {"send_note": "on"})

    assert not unasked
    assert closed.messages.filter(body="Thank you.").exists()


def test_named_without_consent_is_refused_in_the_form(sign_in, manager, closed):
    answer = sign_in(manager).post(
        f"/complaints/{closed.pk}/tell-story/", {**STORY, "scope": "named"}
    )

    assert answer.status_code == 409
    assert "who there agreed" in text(answer)


def test_support_tells_no_stories(sign_in, agent, closed):
    assert sign_in(agent).get(f"/complaints/{closed.pk}/tell-story/").status_code == 403


def test_audit_holds_nothing_of_the_story(story):
    entry = AuditEntry.objects.get(verb="complaints.tell_story")

    assert "Касса" not in str(entry.changes)
