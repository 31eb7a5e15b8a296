from datetime import timedelta

import pytest

from accounts import services
from core.models import AuditEntry, Notification, OutgoingMail, Timer
from core.timers import run_due
from tests.factories import DeputyshipFactory, UserFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def steps(verb="accounts.remind_promise"):
    entries = AuditEntry.objects.filter(verb=verb).order_by("at", "id")
    return [entry.details["step"] for entry in entries]


def told(verb):
    return set(Notification.objects.filter(entry__verb=verb).values_list("recipient", flat=True))


@pytest.fixture
def due_in_two_days(promise_to, now):
    return promise_to(due_at=now + 2 * DAY)


def test_reminders_come_a_day_before_two_hours_before_and_when_due_once_each(due_in_two_days, now):
    due = due_in_two_days.due_at
    for moment in (due - DAY - HOUR, due - DAY, due - DAY, due - 2 * HOUR, due, due + HOUR):
        run_due(moment)

    assert steps() == ["24h", "2h", "due"]


def test_promise_made_shortly_before_it_is_due_gets_only_what_lies_ahead(promise_to, now):
    promise_to(due_at=now + HOUR)

    run_due(now)
    assert steps() == []
    run_due(now + HOUR)
    assert steps() == ["due"]


def test_promise_breaks_by_the_timer_and_must_still_be_done(due_in_two_days, manager):
    run_due(due_in_two_days.break_at)
    due_in_two_days.refresh_from_db()

    assert due_in_two_days.state == "broken"
    assert due_in_two_days.is_owed
    services.keep_promise(
        actor=manager, promise=due_in_two_days, now=due_in_two_days.break_at + HOUR
    )
    assert (due_in_two_days.state, due_in_two_days.is_owed) == ("broken", False)


def test_after_an_outage_each_promise_gets_one_entry_with_its_lag(promise_to, now):
    promises = [promise_to() for _number in range(3)]
    later = promises[0].break_at + 5 * HOUR

    run_due(later, batch=2)

    entries = AuditEntry.objects.filter(
        verb__in=["accounts.remind_promise", "accounts.break_promise"]
    )
    assert {entry.target_id for entry in entries} == {promise.pk for promise in promises}
    assert [entry.details["step"] for entry in entries] == ["broken"] * 3
    assert {entry.details["lag_seconds"] for entry in entries} == {5 * 3600}
    assert not Timer.objects.filter(fired_at=None).exists()


def test_settled_promise_reminds_nobody(due_in_two_days, manager, now):
    services.keep_promise(actor=manager, promise=due_in_two_days, now=now)

    run_due(now + 9 * DAY)

    assert steps() == []


def test_moved_promise_reminds_anew(due_in_two_days, manager):
    run_due(due_in_two_days.due_at - DAY)
    services.renegotiate_promise(
        actor=manager, promise=due_in_two_days, due_at=due_in_two_days.due_at + 5 * DAY,
        consent="Helen agreed", now=due_in_two_days.due_at - DAY,
    )  # fmt: skip

    for before in (DAY, 2 * HOUR, timedelta()):
        run_due(due_in_two_days.due_at - before)

    assert steps() == ["24h", "24h", "2h", "due"]


def test_maker_and_his_deputy_hear_the_reminder_and_a_due_one_comes_by_mail(
    promise_to, account, stranger, now
):
    deputy = UserFactory(wants_mail=False)
    UserFactory()
    DeputyshipFactory(person=stranger, deputy=deputy, starts_on="2020-01-01", ends_on="2099-01-01")
    promise = promise_to(made_by=stranger)

    run_due(promise.due_at - 2 * HOUR)
    assert told("accounts.remind_promise") == {stranger.pk, deputy.pk}
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {stranger.email}

    run_due(promise.due_at)
    assert OutgoingMail.objects.filter(to=deputy.email).count() == 1


def test_broken_promise_is_heard_by_maker_owner_and_heads(promise_to, manager, head, agent):
    promise = promise_to(made_by=agent)

    run_due(promise.break_at)

    assert told("accounts.break_promise") == {agent.pk, manager.pk, head.pk}
