"""What programs hear of deadlines and contracts (11.2)."""

from datetime import date, timedelta

import pytest

from core.timers import run_due
from sla import services
from sla.models import Clock
from tests.hooks import bodies, heard, listen
from tests.sla.contracts import agreed

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def house(admin, now):
    return listen(admin, now)


def test_a_deadline_is_heard_of_when_it_comes_near_and_when_it_is_missed(
    start, people, admin, now, settings
):
    program = listen(admin, now, owner=people["api"])
    complaint = start()
    clock = Clock.objects.get(subject_id=complaint.pk, metric="first_response")

    run_due(clock.due_at - MINUTE)
    assert set(heard()) == {"clock.warning"}
    run_due(clock.due_at + MINUTE)

    assert "clock.breached" in heard()
    assert set(heard(program)) == {"clock.breached"}
    [data, *_rest] = [each for each in bodies("clock.breached") if each["clock"] == str(clock.pk)]
    assert (data["id"], data["metric"], data["no"]) == (
        str(complaint.pk), "first_response", complaint.no,
    )  # fmt: skip
    assert data["url"] == f"{settings.BASE_URL}/api/v1/complaints/{complaint.pk}"
    assert data["account"] == str(complaint.account_id)


def test_a_contract_is_signed_with_the_second_signature(account, manager, head, now):
    contract = agreed(account, manager, now)
    before = len(heard())

    services.record_signature(
        actor=manager, contract=contract, signed_by="Rada", signed_on=date(2026, 3, 2), now=now
    )
    assert heard()[before:] == []
    services.sign_contract(actor=head, contract=contract, signed_on=date(2026, 3, 2), now=now)

    assert heard()[before:] == ["sla.signed"]
    [data] = bodies("sla.signed")
    assert data["url"].endswith(f"/api/v1/sla-contracts/{contract.pk}")
    assert data["no"] == contract.no
