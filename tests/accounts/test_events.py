"""What programs hear of accounts and promises (11.2)."""

from datetime import timedelta

import pytest

from accounts import services
from core.timers import run_due
from tests.factories import AlertFactory
from tests.hooks import bodies, everything_told, heard, listen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(admin, now):
    return listen(admin, now)


def test_a_promise_is_heard_of_when_it_is_due_broken_and_kept(promise, manager, clock):
    run_due(promise.due_at)
    run_due(promise.break_at)
    services.keep_promise(actor=manager, promise=promise, now=promise.break_at)

    assert heard() == ["promise.due", "promise.broken", "promise.kept"]
    assert [data["state"] for data in bodies("promise.broken")] == ["broken"]
    assert bodies("promise.kept")[0]["no"] == promise.no


def test_a_call_has_names_of_its_own(promise_to, manager, clock):
    call = promise_to(kind="callback")
    run_due(call.due_at)
    run_due(call.break_at)
    services.keep_promise(actor=manager, promise=call, now=call.break_at)

    assert heard() == ["callback.due", "callback.overdue", "callback.done"]


def test_an_account_is_heard_of_when_it_changes_hands(account, head, stranger, now):
    services.reassign_account(
        actor=head, account=account, owner=stranger, deputy=None, team=[], now=now
    )

    [data] = bodies("account.owner_changed")
    assert (data["owner"], data["changed"]) == (str(stranger.pk), ["owner"])


def test_a_new_team_alone_is_no_change_of_hands(account, head, manager, stranger, now):
    services.reassign_account(
        actor=head, account=account, owner=manager, deputy=None, team=[stranger], now=now
    )

    assert heard() == []


def test_a_person_who_leaves_is_heard_of_without_a_name(contact, manager, now):
    services.edit_contact(actor=manager, contact=contact, fields={"title": "Director"}, now=now)
    services.edit_contact(actor=manager, contact=contact, fields={"state": "left"}, now=now)
    services.edit_contact(actor=manager, contact=contact, fields={"title": "None"}, now=now)

    assert heard() == ["contact.left"]
    assert "marsh" not in everything_told()


def test_alerts_are_heard_of_by_the_house_alone(account, people, admin, manager, now):
    program = listen(admin, now, owner=people["api"])
    alert = AlertFactory(account=account, assignee=manager)

    services.resolve_alert(actor=manager, alert=alert, reason="Spoke with them", now=now)

    [data] = bodies("alert.resolved")
    assert (data["kind"], data["level"], data["state"]) == ("churn_risk", "amber", "resolved")
    assert heard(program) == []


def test_a_reminder_before_the_time_is_no_event(promise, clock):
    run_due(promise.due_at - timedelta(hours=1))

    assert heard() == []
