"""Repeated causes: when a problem opens, whom else it hits, and how it ends (C-15)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Task
from complaints import services
from complaints.models import Complaint, Problem
from complaints.problems import finish_check
from complaints.services.problem import ChangeMissing, NoticeUndecided, ProblemStands
from complaints.transitions import ReasonMissing
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification
from tests.factories import AccountFactory, ComplaintFactory

DAY = timedelta(days=1)
PROBLEMS = "/complaints/lessons/problems/"


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def find(head, now):
    """Return a function that records the cause of a complaint."""

    def record(complaint, cause="defect", *, at=now, **found):
        told = {"cause_text": "", "whys": [], "fault": "none", "justified": "yes"} | found
        services.record_findings(actor=head, complaint=complaint, root_cause=cause, now=at, **told)
        complaint.refresh_from_db()
        return complaint

    return record


def case(**given):
    return ComplaintFactory(state="in_progress", **given)


@pytest.fixture
def problem(find):
    """A problem that the third defect has opened."""
    for _number in range(2):
        case(root_cause="defect")
    return find(case()).problem


def test_the_third_of_one_cause_in_ninety_days_over_all_accounts_is_a_problem(find, head, now):
    first, second = find(case()), find(case())
    nothing_yet = Problem.objects.exists()
    third = find(case(), item="Cutter")

    problem = Problem.objects.get()
    assert not nothing_yet
    assert (problem.root_cause, problem.batch, problem.seen_in) == ("defect", "", 3)
    assert (problem.owner, problem.item, problem.no) == (head, "Cutter", "PRB-2026-00001")
    for each in (first, second, third):
        each.refresh_from_db()
        assert each.problem == problem


def test_what_is_older_than_ninety_days_does_not_count(find, now):
    case(root_cause="defect", received_at=now - 91 * DAY)
    case(root_cause="defect", received_at=now - 89 * DAY)

    assert find(case()).problem is None


@pytest.mark.parametrize("state", ["merged", "converted"])
def test_what_was_no_complaint_of_its_own_does_not_count(find, state):
    other = case()
    ended = {"merged_into": other} if state == "merged" else {"ended_reason": "A request"}
    case(root_cause="defect")
    ComplaintFactory(state=state, root_cause="defect", **ended)

    assert find(case()).problem is None


def test_the_next_one_joins_the_open_problem(problem, find):
    assert find(case()).problem == problem
    assert Problem.objects.count() == 1


def test_a_cause_that_is_corrected_leaves_the_problem(problem, find):
    last = Complaint.objects.filter(problem=problem).latest("no")

    assert find(last, "invoice").problem is None


def test_triage_that_names_the_cause_counts_as_well(complaint, agent, manager, now):
    for _number in range(2):
        case(root_cause="late")

    services.triage(
        actor=agent, complaint=complaint, impact=2, urgency=2, category="delivery", safety=False,
        root_cause="late", assignee=agent, lead=manager, now=now,
    )  # fmt: skip

    assert complaint.problem.root_cause == "late"


def test_three_of_one_batch_are_a_problem_of_the_batch(find):
    for _number in range(2):
        case(root_cause="defect", batch="PA-12/25")

    assert find(case(), batch="PA-12/25").problem.batch == "PA-12/25"


def test_a_single_danger_is_a_problem_at_once(find, head):
    dangerous = find(case(safety=True), item="Adapter", batch="PA-12/25")

    problem = dangerous.problem
    assert (problem.is_safety, problem.batch, problem.seen_in) == (True, "PA-12/25", 1)
    told = Notification.objects.filter(entry__verb="complaints.open_problem")
    assert [note.recipient for note in told] == [head]
    task = Task.objects.get(kind="problem_check")
    assert task.assignee == head
    assert task.due_at.isoformat() == "2026-03-03T16:00:00+00:00"


def test_a_danger_is_not_hidden_in_a_problem_of_another_batch(problem, find):
    dangerous = find(case(safety=True), batch="PA-12/25")

    assert dangerous.problem != problem
    assert dangerous.problem.is_safety


def test_a_danger_makes_the_problem_of_its_cause_a_matter_of_safety(problem, find, head, now):
    services.decide_no_notice(actor=head, problem=problem, reason="Harmless", now=now)

    find(case(safety=True))

    problem.refresh_from_db()
    assert (problem.is_safety, problem.notice_decided_at) == (True, None)
    assert AuditEntry.objects.filter(verb="complaints.flag_danger").count() == 1
    assert Task.objects.open().filter(kind="problem_check").count() == 1


def test_after_it_was_solved_it_takes_three_new_ones(problem, find, head, now):
    services.decide_no_notice(actor=head, problem=problem, reason="Harmless", now=now)
    services.solve_problem(actor=head, problem=problem, change="Thicker glass", now=now)

    fourth, fifth = find(case()), find(case())
    assert (fourth.problem, fifth.problem) == (None, None)
    assert find(case()).problem.no == "PRB-2026-00002"


def test_a_hundred_complaints_cost_no_query_more_than_three(find):
    def queries(count):
        ComplaintFactory.create_batch(count, root_cause="late", state="in_progress")
        last = case()
        with CaptureQueriesContext(connection) as captured:
            find(last, "late")
        assert last.problem is not None
        Complaint.objects.update(root_cause="", problem=None)
        Problem.objects.all().delete()
        Task.objects.all().delete()
        return len(captured)

    queries(2)
    assert queries(2) == queries(30)


# What people do about it


def test_a_head_opens_one_by_hand_and_its_complaints_are_linked(head, now):
    known = case(root_cause="late")

    problem = services.open_problem(actor=head, root_cause="late", now=now)

    known.refresh_from_db()
    assert (known.problem, problem.seen_in, problem.owner) == (problem, 1, head)
    with pytest.raises(ProblemStands) as refusal:
        services.open_problem(actor=head, root_cause="late", now=now)
    assert refusal.value.facts["no"] == problem.no


def test_whether_to_warn_is_decided_before_it_is_solved(problem, head, now):
    with pytest.raises(NoticeUndecided):
        services.solve_problem(actor=head, problem=problem, change="Thicker glass", now=now)
    with pytest.raises(ReasonMissing):
        services.decide_no_notice(actor=head, problem=problem, reason=" ", now=now)

    services.decide_no_notice(actor=head, problem=problem, reason="All are here", now=now)
    with pytest.raises(ChangeMissing):
        services.solve_problem(actor=head, problem=problem, change="", now=now)
    services.solve_problem(actor=head, problem=problem, change="Thicker glass", now=now)

    assert (problem.state, problem.solved_at) == ("solved", now)
    assert Task.objects.get(kind="problem_check").outcome == "All are here"
    with pytest.raises(InvalidTransition):
        services.edit_problem(
            actor=head, problem=problem, owner=head, item="", description="", is_known=True, now=now
        )


def test_what_is_known_is_written_down(problem, technician, now):
    services.edit_problem(
        actor=technician, problem=problem, owner=technician, item="Adapter",
        description="The coating peels.", is_known=True, now=now,
    )  # fmt: skip

    assert (problem.state, problem.item, problem.owner) == ("known", "Adapter", technician)


def test_only_heads_decide_that_nobody_is_warned(problem, manager, now):
    with pytest.raises(PermissionDenied):
        services.decide_no_notice(actor=manager, problem=problem, reason="Never mind", now=now)


def test_the_page_shows_the_cases_and_what_is_next(sign_in, people, problem):
    for role in ("am", "sa", "hk", "fi", "ex"):
        page = sign_in(people[role]).get(f"{PROBLEMS}{problem.pk}/")
        assert len(page.context["page"].rows) == 3, role
    head_page = text(sign_in(people["hk"]).get(f"{PROBLEMS}{problem.pk}/"))
    assert f"/complaints/notices/draft/?problem={problem.pk}" in head_page
    assert f"{PROBLEMS}{problem.pk}/no-notice/" in head_page
    technician = sign_in(people["te"]).get(f"{PROBLEMS}{problem.pk}/")
    assert technician.context["page"].rows == []
    assert sign_in(people["ad"]).get(f"{PROBLEMS}{problem.pk}/").status_code == 403


def test_the_head_goes_all_the_way_on_the_pages(sign_in, head, problem):
    client, path = sign_in(head), f"{PROBLEMS}{problem.pk}/"

    def version():
        return Problem.objects.get().version

    early = client.post(f"{path}solve/", {"version": version(), "change": "x"})
    client.post(
        f"{path}edit/",
        {
            "version": version(),
            "owner": head.pk,
            "item": "Cutter",
            "description": "Dull",
            "is_known": "on",
        },
    )
    client.post(f"{path}no-notice/", {"version": version(), "reason": "All are here"})
    solved = client.post(f"{path}solve/", {"version": version(), "change": "Harder steel"})

    assert early.status_code == 409
    assert solved.headers["Location"] == path
    assert Problem.objects.get().state == "solved"


def test_a_problem_is_opened_on_its_page(sign_in, head, agent):
    told = {"root_cause": "invoice", "owner": head.pk, "description": "VAT twice"}
    answer = sign_in(head).post(f"{PROBLEMS}open/", told)

    assert answer.headers["Location"] == f"{PROBLEMS}{Problem.objects.get().pk}/"
    assert sign_in(agent).post(f"{PROBLEMS}open/", told).status_code == 403


def test_the_list_puts_what_is_open_first_and_costs_the_same(sign_in, head, now, query_count):
    def open_one(cause, **given):
        return services.open_problem(actor=head, root_cause=cause, now=now, **given)

    solved = open_one("late")
    services.decide_no_notice(actor=head, problem=solved, reason="x", now=now)
    services.solve_problem(actor=head, problem=solved, change="y", now=now)
    client = sign_in(head)
    for_one = query_count(client, PROBLEMS)
    first, second = open_one("defect"), open_one("invoice")

    rows = client.get(PROBLEMS).context["page"].rows
    assert rows[-1] == solved
    assert set(rows[:2]) == {first, second}
    assert query_count(client, PROBLEMS) == for_one


def test_drafting_a_notice_answers_the_question_too(problem, find):
    # The notice itself is tested with notices; here only that its task ends with it.
    finish_check(problem, "NTC-2026-00001", problem.opened_at)

    assert Task.objects.get(kind="problem_check").state == "done"


def test_programs_know_nothing_of_problems(program, problem):
    assert program.get("/api/v1/problems").json()["results"] == []
    account = AccountFactory()
    assert program.get(f"/api/v1/problems/{problem.pk}").status_code == 404
    assert "problem" not in program.get("/api/v1/audit", {"account": account.pk}).content.decode()


def test_its_number_leads_to_it(sign_in, agent, problem):
    answer = sign_in(agent).get("/search/", {"q": problem.no.lower()})

    assert answer.headers["Location"] == f"{PROBLEMS}{problem.pk}/"
