"""Two who find the same cause at the same moment make one problem, and none waits for ever."""

import pytest

from accounts.models import Promise, Task
from complaints import services
from complaints.models import CaseReview, Complaint, Problem
from core.errors import DomainError
from core.models import User
from tests.factories import NOON, ComplaintFactory
from tests.races.processes import in_processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def record_defect(user_id):
    """Record the cause of one of the cases; each process takes another one."""
    user = User.objects.get(pk=user_id)
    for case in Complaint.objects.filter(root_cause="").order_by("?"):
        services.record_findings(
            actor=user, complaint=case, root_cause="defect", cause_text="", whys=[],
            fault="none", justified="yes", now=NOON,
        )  # fmt: skip
    return "done"


def test_eight_who_find_the_same_cause_at_once_open_one_problem(head):
    ComplaintFactory.create_batch(8, state="in_progress")

    assert in_processes(8, record_defect, head.pk) == ["done"] * 8

    problem = Problem.objects.get()
    assert set(Complaint.objects.values_list("problem", flat=True)) == {problem.pk}


def write(review_id, user_id):
    try:
        services.write_review(
            actor=User.objects.get(pk=user_id), review=CaseReview.objects.get(pk=review_id),
            answers={"main_complaint": "x"}, lesson="y", process_change="z", now=NOON,
        )  # fmt: skip
    except DomainError as refusal:
        return refusal.code
    return "written"


def test_of_four_who_finish_a_review_at_once_one_does(head):
    case = ComplaintFactory(
        state="closed", is_confirmed=True, closed_at=NOON, resolved_at=NOON, resolution="x",
        resolution_type="fixed",
    )  # fmt: skip
    review = CaseReview.objects.create(complaint=case, author=case.lead, due_at=NOON)

    answers = in_processes(4, write, review.pk, head.pk)

    assert sorted(answers) == ["illegal_transition"] * 3 + ["written"]
    assert Task.objects.filter(kind="process_change").count() == 1


def call(complaint_id, user_id):
    callback = Promise.objects.get(kind="callback")
    callback.expect(callback.version)
    try:
        services.record_callback(
            actor=User.objects.get(pk=user_id), complaint=Complaint.objects.get(pk=complaint_id),
            outcome="no_answer", callback=callback, now=NOON,
        )  # fmt: skip
    except DomainError as refusal:
        return refusal.code
    return "recorded"


def test_of_four_who_record_the_same_call_at_once_one_counts(resolved, head):
    answers = in_processes(4, call, resolved.pk, head.pk)

    assert sorted(answers) == ["recorded"] + ["stale_version"] * 3
    assert Promise.objects.get(kind="callback").tries == 1
