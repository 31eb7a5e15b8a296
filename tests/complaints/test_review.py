"""The review when calm: when it is owed, who reads it, and the end of the talk (C-14)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Task
from complaints import services
from complaints.closing import ThreadLocked, is_locked
from complaints.models import CaseReview
from complaints.services.review import CaseIsOpen, LessonMissing
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification
from core.timers import run_due
from tests.complaints.aftercare import ANSWERS, close, write
from tests.factories import AlertFactory, DeputyshipFactory

DAY = timedelta(days=1)
THURSDAY_18 = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def closed(resolved, agent, now):
    """The P2 complaint, confirmed by the client at Monday noon."""
    return services.record_callback(actor=agent, complaint=resolved, outcome="satisfied", now=now)


@pytest.fixture
def review(closed):
    return CaseReview.objects.get()


@pytest.fixture
def written(review, manager, now):
    return write(review, manager, now)


def test_a_grave_case_owes_its_lead_a_review_three_working_days_later(review, manager):
    assert (review.author, review.due_at, review.state) == (manager, THURSDAY_18, "owed")


@pytest.mark.parametrize(
    ("changes", "owed"),
    [
        ({"priority": "p1"}, 1),
        ({"priority": "p2"}, 1),
        ({"priority": "p3"}, 0),
        ({"priority": "p4", "reopen_count": 1}, 1),
    ],
)
def test_others_owe_one_only_if_they_came_back(in_progress, manager, now, changes, owed):
    close(in_progress, manager, now, **changes)

    assert CaseReview.objects.count() == owed


def test_a_client_who_may_leave_makes_a_small_case_worth_a_review(
    in_progress, manager, account, now
):
    AlertFactory(account=account, kind="churn_risk", level="amber")

    close(in_progress, manager, now, priority="p4")

    assert CaseReview.objects.count() == 1


def test_a_case_that_silence_closes_owes_one_too(resolved, agent, now):
    for number in range(3):
        services.record_callback(
            actor=agent, complaint=resolved, outcome="no_answer", now=now + number * DAY
        )
    run_due(now + 20 * DAY)

    assert CaseReview.objects.get().complaint == resolved


def test_there_is_one_review_however_often_a_case_is_closed(review, manager, agent, now):
    case = review.complaint
    services.reopen(actor=manager, complaint=case, reason="It jams", now=now + DAY)
    waits = CaseReview.objects.owed().count()
    close(case, manager, now + 2 * DAY)

    assert waits == 0
    review.refresh_from_db()
    assert (CaseReview.objects.count(), review.due_at) == (1, datetime(2026, 3, 9, 16, tzinfo=UTC))


def test_it_waits_while_the_case_is_open_again(review, manager, now):
    services.reopen(actor=manager, complaint=review.complaint, reason="It jams", now=now + DAY)

    with pytest.raises(CaseIsOpen):
        write(review, manager, now + 2 * DAY)
    assert run_due(now + 20 * DAY)
    assert not AuditEntry.objects.filter(verb="complaints.remind_review").exists()


def test_the_author_is_reminded_and_once_it_is_late_the_heads(review, manager, head, now):
    run_due(THURSDAY_18)
    told = set(heard_by("complaints.remind_review"))
    run_due(now + 12 * DAY)

    assert told == {manager.pk}
    assert set(heard_by("complaints.remind_review")) == {manager.pk, head.pk}


def heard_by(verb):
    return Notification.objects.filter(entry__verb=verb).values_list("recipient", flat=True)


def test_a_written_one_reminds_nobody(written, now):
    run_due(now + 12 * DAY)

    assert not list(heard_by("complaints.remind_review"))


def test_a_draft_may_lack_everything_and_a_done_one_the_lesson_not(review, manager, now):
    write(review, manager, now, answers={"own_view": "Half of it"}, lesson="", is_done=False)

    assert (review.state, review.own_view) == ("owed", "Half of it")
    for told in ({"lesson": ""}, {"answers": {}}):
        with pytest.raises(LessonMissing):
            write(review, manager, now, **told)


def test_a_done_one_is_final(written, manager, now):
    with pytest.raises(InvalidTransition):
        write(written, manager, now, lesson="Another")


def test_what_we_change_becomes_a_task(review, manager, agent, now):
    write(review, manager, now, process_change="Spare cutter in each van", change_by=agent)

    task = Task.objects.get(kind="process_change")
    assert (task.assignee, task.account) == (agent, review.complaint.account)
    assert task.due_at == datetime(2026, 3, 16, 16, 0, tzinfo=UTC)
    assert task.facts["change"] == "Spare cutter in each van"


def test_audit_tells_that_it_was_written_and_nothing_of_it(written):
    entry = AuditEntry.objects.get(verb="complaints.write_review")

    assert "Carry" not in str(entry.changes)
    assert "stood still" not in str(entry.changes)
    assert entry.account_id == written.complaint.account_id


# Who reads it


@pytest.fixture
def path(review):
    return f"/complaints/lessons/reviews/{review.pk}/"


def test_author_and_heads_read_it_and_for_others_it_is_not_there(
    people, stranger, sign_in, written, path
):
    codes = {role: sign_in(user).get(path).status_code for role, user in people.items()}

    assert codes == {
        "am": 200, "hk": 200, "sa": 404, "te": 404, "fi": 404, "ex": 404, "ad": 403, "api": 403,
    }  # fmt: skip
    assert sign_in(stranger).get(path).status_code == 404


def test_whoever_stands_in_for_the_author_reads_and_writes_it(stranger, manager, review, now):
    DeputyshipFactory(person=manager, deputy=stranger, starts_on="2020-01-01", ends_on="2099-01-01")

    assert CaseReview.objects.visible_to(stranger).exists()
    assert write(review, stranger, now).is_done


def test_the_one_complained_of_never_sees_it(in_progress, manager, head, sign_in, now):
    services.assign(
        actor=head, complaint=in_progress, assignee=in_progress.assignee, lead=head, now=now
    )
    close(in_progress, head, now, about=manager)
    review = CaseReview.objects.get()
    CaseReview.objects.update(author=manager)

    assert sign_in(manager).get(f"/complaints/lessons/reviews/{review.pk}/").status_code == 404
    assert (
        sign_in(manager).get(f"/complaints/lessons/reviews/{review.pk}/write/").status_code == 404
    )
    assert (
        review.pk not in sign_in(manager).get("/complaints/lessons/reviews/").context["page"].rows
    )
    with pytest.raises(PermissionDenied):
        write(review, manager, now)
    assert sign_in(head).get(f"/complaints/lessons/reviews/{review.pk}/").status_code == 302


def test_a_colleague_cannot_write_it(review, agent, now):
    with pytest.raises(PermissionDenied):
        write(review, agent, now)


# The page


def test_the_form_says_that_it_judges_nobody_and_asks_eleven_questions(sign_in, manager, path):
    page = text(sign_in(manager).get(f"{path}write/"))

    assert "Not for judging people" in page
    assert page.count("<textarea") == 11


def test_the_author_writes_a_draft_and_then_the_review(sign_in, manager, review, path):
    client = sign_in(manager)
    draft = client.post(f"{path}write/", {"version": 1, "own_view": "Half"})
    review.refresh_from_db()
    told = {"version": review.version, "is_done": "on", "lesson": "Carry a spare.", **ANSWERS}
    done = client.post(f"{path}write/", told)
    page = text(client.get(path))

    assert (draft.headers["Location"], done.headers["Location"]) == (f"{path}write/", path)
    assert "The till stood still" in page
    assert "Carry a spare." in page


def test_what_is_missing_is_said_and_nothing_is_lost(sign_in, manager, review, path):
    answer = sign_in(manager).post(
        f"{path}write/", {"version": 1, "is_done": "on", "own_view": "Half"}
    )

    assert answer.status_code == 409
    assert "in one sentence what we learn" in text(answer)
    assert "Half" in text(answer)


def test_an_unwritten_one_leads_to_its_form(sign_in, manager, path):
    assert sign_in(manager).get(path).headers["Location"] == f"{path}write/"


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_however_long(
    sign_in, head, log, manager, now, count, django_assert_max_num_queries
):
    for _number in range(count):
        close(log(), manager, now, state="in_progress")
    client = sign_in(head)
    client.get("/complaints/lessons/reviews/")

    with django_assert_max_num_queries(9):
        assert len(client.get("/complaints/lessons/reviews/").context["page"].rows) == count


def test_my_day_asks_for_the_review_and_suggests_the_story(sign_in, manager, agent, review, clock):
    clock.forward(days=2)

    day = reverse("desk:my_day")
    page = text(sign_in(manager).get(day))

    assert f"/complaints/lessons/reviews/{review.pk}/write/" in page
    assert f"/complaints/{review.complaint_id}/tell-story/" in page
    assert f"/complaints/lessons/reviews/{review.pk}/write/" not in text(sign_in(agent).get(day))


# The talk ends


def test_after_the_review_nobody_replays_the_case(written, manager, agent, head, now):
    case, at = written.complaint, now + DAY
    tries = [
        lambda: services.add_note(actor=agent, complaint=case, body="Still", now=at),
        lambda: services.reply(actor=manager, complaint=case, body="Still", now=at),
        lambda: services.ask_opinion(
            actor=agent, complaint=case, colleague=head, body="And?", now=at
        ),
        lambda: services.log_call(actor=manager, complaint=case, body="Still", now=at),
    ]

    for act in tries:
        with pytest.raises(ThreadLocked) as refusal:
            act()
        assert refusal.value.code == "thread_locked"


def test_the_clients_words_still_come_in_and_open_the_talk_again(written, agent, now):
    case = written.complaint

    services.comment(actor=agent, complaint=case, body="One more thing", now=now + DAY)

    assert not is_locked(case)
    services.add_note(actor=agent, complaint=case, body="He wrote", now=now + DAY)
    assert case.messages.filter(kind="note", body="He wrote").exists()


def test_a_reopened_case_is_talked_about(written, manager, now):
    case = written.complaint

    services.reopen(actor=manager, complaint=case, reason="It jams", now=now + DAY)
    services.add_note(actor=manager, complaint=case, body="Again", now=now + DAY)

    assert not is_locked(case)


def test_the_case_page_says_what_is_owed_and_offers_no_note_once_it_is_over(
    sign_in, manager, review, now
):
    client, path = sign_in(manager), f"/complaints/{review.complaint_id}/"
    before = text(client.get(path))
    write(review, manager, now)
    after = client.get(path)

    assert f"/complaints/lessons/reviews/{review.pk}/write/" in before
    assert f"/complaints/{review.complaint_id}/tell-story/" in before
    assert "is not replayed" in text(after)
    assert [tab.action.verb for tab in after.context["tabs"]] == ["comment"]


def test_the_case_page_keeps_the_review_from_others(sign_in, agent, written):
    page = text(sign_in(agent).get(f"/complaints/{written.complaint_id}/"))

    assert "/lessons/reviews/" not in page
    assert "Carry a spare cutter." not in page
