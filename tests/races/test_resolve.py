import pytest

from accounts.models import Account
from complaints import services
from complaints.models import Complaint
from core.errors import DomainError
from core.models import AuditEntry, User
from tests.factories import NOON
from tests.races.processes import in_processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def resolve(complaint_id, user_id):
    try:
        services.resolve_complaint(
            actor=User.objects.get(pk=user_id), complaint=Complaint.objects.get(pk=complaint_id),
            resolution_type="fixed", resolution="Replaced the cutter.", now=NOON,
        )  # fmt: skip
    except DomainError as refusal:
        return refusal.code
    return "resolved"


def test_of_eight_who_resolve_at_once_one_succeeds(ready, manager):
    answers = in_processes(8, resolve, ready.pk, manager.pk)

    assert sorted(answers) == ["illegal_transition"] * 7 + ["resolved"]
    entries = AuditEntry.objects.filter(target_id=ready.pk, verb="complaints.resolve")
    assert entries.count() == 1
    assert ready.promises.filter(kind="callback").count() == 1


def log_at(account_id, user_id):
    intake = services.Intake(client_words="Dark again", impact=2, urgency=2)
    complaint = services.log_complaint(
        actor=User.objects.get(pk=user_id), account=Account.objects.get(pk=account_id),
        intake=intake, now=NOON,
    )  # fmt: skip
    return complaint.no


def test_numbers_are_unique_and_without_gaps_when_four_log_at_once(account, agent):
    numbers = in_processes(4, log_at, account.pk, agent.pk)

    assert sorted(numbers) == [f"CMP-2026-{n:05d}" for n in range(1, 5)]
