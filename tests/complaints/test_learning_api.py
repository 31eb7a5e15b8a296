"""Calls, reviews, lessons, stories, problems and care over REST: the same services, the same codes."""

from datetime import timedelta

import pytest

from accounts.models import Promise
from complaints import services
from complaints.models import CaseReview, Complaint, Problem, Story
from tests.complaints.aftercare import live_through
from tests.complaints.recovery import make_ready
from tests.factories import ComplaintFactory

DAY = timedelta(days=1)
STORY = {
    "title": "Back at work", "what_happened": "It stood still.", "what_we_did": "We came.",
    "what_changed": "A spare in each van.",
}  # fmt: skip


def match(row):
    return {"If-Match": f'"{row.version}"'}


@pytest.fixture
def closed(resolved, agent, now):
    return services.record_callback(actor=agent, complaint=resolved, outcome="satisfied", now=now)


def test_a_call_is_put_off_and_rated_over_rest(rest, agent, resolved, clock):
    api, call = rest(agent), Promise.objects.get(kind="callback")
    path = f"/api/v1/callbacks/{call.pk}/outcome"
    listed = api.get("/api/v1/callbacks", {"kind": "callback"}).json()["results"]

    missing = api.post(path, {"outcome": "call_later"}, headers=match(call))
    later = api.post(
        path,
        {"outcome": "call_later", "call_at": "2026-03-03T09:00:00Z"},
        headers=match(call),
    )
    call.refresh_from_db()
    done = api.post(path, {"outcome": "satisfied", "csat": 4}, headers=match(call))

    assert [each["kind"] for each in listed] == ["callback"]
    assert (missing.status_code, missing.json()["code"]) == (409, "call_time_missing")
    assert later.status_code == 200
    assert call.renegotiations == 1
    assert (done.status_code, done.json()["state"]) == (200, "closed")
    assert Complaint.objects.get().csat == 4
    assert api.get("/api/v1/callbacks").json()["results"][0]["kind"] == "pulse"


def test_which_of_several_calls_is_meant_can_be_said(rest, agent, resolved):
    call = Promise.objects.get(kind="callback")
    path = f"/api/v1/complaints/{resolved.pk}/record-callback"

    answer = rest(agent).post(
        path, {"outcome": "no_answer", "callback": str(call.pk)}, headers=match(resolved)
    )

    call.refresh_from_db()
    assert (answer.status_code, call.tries) == (200, 1)


def test_who_is_named_in_the_cause_is_refused_with_the_code(rest, manager, closed, now):
    services.reopen(actor=manager, complaint=closed, reason="Again", now=now)
    services.record_findings(
        actor=manager, complaint=closed, root_cause="defect", cause_text="", whys=[],
        fault="ours", justified="yes", named=manager, now=now,
    )  # fmt: skip
    make_ready(closed, manager, now)
    services.resolve_complaint(
        actor=manager, complaint=closed, resolution_type="fixed", resolution="Done.", now=now
    )

    answer = rest(manager).post(
        f"/api/v1/complaints/{closed.pk}/record-callback",
        {"outcome": "satisfied"},
        headers=match(closed),
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "same_person")


def test_the_author_writes_his_review_and_the_lesson_is_for_all(
    rest, program, manager, agent, closed
):
    review = CaseReview.objects.get()
    path = f"/api/v1/case-reviews/{review.pk}"
    api = rest(manager)

    half = api.post(f"{path}/write", {"answers": {}, "lesson": ""}, headers=match(review))
    done = api.post(
        f"{path}/write",
        {"answers": {"main_complaint": "It stood still"}, "lesson": "Carry a spare."},
        headers=match(review),
    )

    assert (half.status_code, half.json()["code"]) == (409, "lesson_missing")
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert api.get(path).json()["main_complaint"] == "It stood still"
    assert rest(agent).get(path).status_code == 404
    assert rest(agent).get("/api/v1/case-reviews").json()["results"] == []
    [lesson] = rest(agent).get("/api/v1/lessons", {"q": "spare"}).json()["results"]
    assert lesson["lesson"] == "Carry a spare."
    assert "main_complaint" not in lesson
    for resource in ("case-reviews", "lessons", "stories", "problems"):
        assert program.get(f"/api/v1/{resource}").json()["results"] == []
    locked = rest(agent).post(
        f"/api/v1/complaints/{closed.pk}/messages", {"kind": "note", "body": "Still"}
    )
    assert (locked.status_code, locked.json()["code"]) == (409, "thread_locked")


def test_a_question_that_nobody_asks_is_refused(rest, manager, closed):
    review = CaseReview.objects.get()

    answer = rest(manager).post(
        f"/api/v1/case-reviews/{review.pk}/write",
        {"answers": {"guilt": "His"}},
        headers=match(review),
    )

    assert answer.status_code == 400


def test_a_story_is_told_and_archived(rest, manager, closed):
    api = rest(manager)

    unnamed = api.post("/api/v1/stories", STORY | {"complaint": str(closed.pk), "scope": "named"})
    told = api.post("/api/v1/stories", STORY | {"complaint": str(closed.pk), "scope": "anonymous"})
    story = Story.objects.get()
    gone = api.post(f"{told['Location']}/archive", headers=match(story))

    assert (unnamed.status_code, unnamed.json()["code"]) == (409, "consent_missing")
    assert (told.status_code, told.json()["title"]) == (201, "Back at work")
    assert gone.status_code == 204
    assert api.get("/api/v1/stories").json()["results"] == []


def test_a_problem_from_opening_to_the_end(rest, head, agent, now):
    api = rest(head)
    ComplaintFactory(root_cause="late", state="in_progress")

    opened = api.post("/api/v1/problems", {"root_cause": "late", "item": "Van 7"})
    path = opened["Location"]
    early = api.post(f"{path}/solve", {"change": "x"}, headers=match(Problem.objects.get()))
    api.post(
        f"{path}/edit",
        {"owner": str(head.pk), "item": "Van 7", "description": "Brakes", "is_known": True},
        headers=match(Problem.objects.get()),
    )
    decided = api.post(
        f"{path}/decide-no-notice", {"reason": "Ours only"}, headers=match(Problem.objects.get())
    )
    solved = api.post(
        f"{path}/solve", {"change": "New brakes"}, headers=match(Problem.objects.get())
    )

    assert (opened.status_code, opened.json()["seen_in"]) == (201, 1)
    assert (early.status_code, early.json()["code"]) == (409, "notice_undecided")
    assert decided.json()["no_notice_reason"] == "Ours only"
    assert solved.json()["state"] == "solved"
    assert rest(agent).get(path).json()["change"] == "New brakes"
    refused = rest(agent).post("/api/v1/problems", {"root_cause": "defect"})
    assert refused.status_code == 403


def test_help_with_an_upset_client_over_rest(rest, program, manager, agent, head, in_progress):
    path = f"/api/v1/complaints/{in_progress.pk}"
    api = rest(manager)

    asked = api.post(f"{path}/ask-opinion", {"colleague": str(agent.pk), "body": "And now?"})
    called = api.post(f"{path}/log-call", {"body": "Calmer.", "sentiment": -1})
    in_progress.refresh_from_db()
    cooled = api.post(f"{path}/hand-over", headers=match(in_progress))

    assert (asked.status_code, asked.json()["kind"]) == (201, "opinion")
    assert (called.status_code, called.json()["kind"]) == (201, "reply")
    assert cooled.json()["lead"] == str(head.pk)
    for action, body in (
        ("ask-opinion", {"colleague": str(agent.pk), "body": "x"}),
        ("log-call", {"body": "x"}),
    ):
        assert program.post(f"{path}/{action}", body).status_code == 403


@pytest.mark.parametrize(
    "resource", ["case-reviews", "lessons", "stories", "problems", "callbacks"]
)
def test_lists_cost_the_same_for_one_and_three(
    rest, head, log, manager, now, query_count, resource
):
    def live(cause):
        live_through(log(), manager, now)
        services.open_problem(actor=head, root_cause=cause, now=now)

    live("late")
    api = rest(head)
    for_one = query_count(api, f"/api/v1/{resource}")
    live("defect")
    live("invoice")

    assert query_count(api, f"/api/v1/{resource}") == for_one
