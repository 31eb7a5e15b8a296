import pytest

from accounts import services
from accounts.models import Account
from core.models import AuditEntry
from core.operations import SYSTEM
from tests.factories import NOON, CalendarFactory
from tests.races.processes import in_processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def hold():
    return services.hold_unknown(actor=SYSTEM, now=NOON).pk


def test_eight_who_need_the_unknown_account_at_once_get_the_same_one(head):
    CalendarFactory()

    found = in_processes(8, hold)

    assert set(found) == {Account.objects.get().pk}
    assert AuditEntry.objects.get().verb == "accounts.hold_unknown"
