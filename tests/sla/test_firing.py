"""Warnings and breaches: each once, to the people of 10.6, with true times."""

from datetime import UTC, datetime, timedelta

import pytest

from core import timers
from core.models import AuditEntry, Notification, OutgoingMail, Timer
from sla import clockwork
from sla.models import Clock
from tests.factories import ComplaintFactory, DeputyshipFactory, UserFactory

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
HALF, MOST, NEARLY, DUE = (timedelta(minutes=each) for each in (60, 90, 108, 120))


def told(verb_start="sla."):
    rows = AuditEntry.objects.filter(verb__startswith=verb_start).order_by("id")
    return [(row.verb, row.details["step"]) for row in rows]


def heard_of(step):
    """Return the names of those who were told of the step of the first response."""
    entries = AuditEntry.objects.filter(
        verb__startswith="sla.", details__step=step, details__metric="first_response"
    )
    rows = Notification.objects.filter(entry__in=entries)
    return sorted(rows.values_list("recipient__name", flat=True))


@pytest.fixture
def first_only(start, now):
    """Return a complaint of which only the first response runs."""

    def begin(priority="p2"):
        complaint = start(priority)
        clockwork.stop_clock(complaint, "resolution", now)
        return complaint

    return begin


def test_each_step_fires_once_at_its_time(first_only, now):
    first_only()

    for moment in (HALF - SECOND, HALF, HALF, MOST, NEARLY, DUE, DUE + SECOND, DUE + SECOND):
        timers.run_due(now + moment)

    assert told() == [
        ("sla.warn", "50"), ("sla.warn", "75"), ("sla.warn", "90"), ("sla.breach", "breach"),
    ]  # fmt: skip
    assert not Timer.objects.filter(fired_at=None).exists()


def test_each_step_reaches_exactly_the_people_of_10_6(first_only, people, now):
    first_only()

    for moment in (HALF, MOST, NEARLY, DUE + SECOND):
        timers.run_due(now + moment)

    assignee, manager, head = (people[role].name for role in ("sa", "am", "hk"))
    assert heard_of("50") == [assignee]
    assert heard_of("75") == sorted([assignee, manager])
    assert heard_of("90") == sorted([assignee, manager, head])
    assert heard_of("breach") == sorted([assignee, manager, head])


def test_unassigned_the_account_manager_hears_from_the_first_warning_on(
    account, start, people, now
):
    complaint = ComplaintFactory(account=account)
    start(about=complaint)

    timers.run_due(now + HALF)

    assert heard_of("50") == [people["am"].name]


def test_who_stands_in_for_somebody_hears_too(first_only, people, now):
    deputy = UserFactory(name="Deputy")
    today = datetime.now(UTC).date()  # the database asks its own clock who is away
    DeputyshipFactory(person=people["am"], deputy=deputy, starts_on=today, ends_on=today)
    first_only()

    timers.run_due(now + MOST)

    assert heard_of("75") == sorted(["Deputy", people["am"].name, people["sa"].name])


def test_a_breach_goes_by_mail_whatever_people_prefer(first_only, people, now):
    for person in people.values():
        person.wants_mail = False
        person.save()
    first_only()

    timers.run_due(now + NEARLY)
    before = OutgoingMail.objects.count()
    timers.run_due(now + DUE + SECOND)

    assert (before, OutgoingMail.objects.count()) == (0, 3)


def test_p1_reaches_the_executives_half_an_hour_after_the_breach(first_only, people, now):
    first_only("p1")
    due = now + HOUR / 2

    for moment in (SECOND, HOUR / 2 - SECOND, HOUR / 2):
        timers.run_due(due + moment)

    assert told()[-2:] == [("sla.breach", "breach"), ("sla.escalate", "executive")]
    assert heard_of("executive") == [people["ex"].name]
    assert people["ex"].name not in heard_of("breach")


@pytest.mark.parametrize("priority", ["p2", "p3", "p4"])
def test_only_p1_reaches_the_executives(start, now, priority):
    start(priority)

    timers.run_due(now + timedelta(days=60))

    assert not AuditEntry.objects.filter(details__step="executive").exists()


def test_after_an_outage_a_clock_gets_one_entry_with_its_lag(first_only, people, clock_of, now):
    complaint = first_only()

    timers.run_due(now + 8 * HOUR)

    [entry] = AuditEntry.objects.filter(verb__startswith="sla.")
    assert (entry.verb, entry.details["steps"]) == ("sla.breach", ["50", "75", "90", "breach"])
    assert entry.details["lag_seconds"] == 6 * 3600 - 1
    assert entry.details["due"] == (now + DUE).isoformat()
    assert clock_of(complaint, "first_response").breached_at == now + DUE
    assert timers.run_due(now + 9 * HOUR) == 0


def test_after_an_outage_p1_reaches_everybody_at_once(first_only, people, now):
    first_only("p1")

    timers.run_due(now + 8 * HOUR)

    [entry] = AuditEntry.objects.filter(verb__startswith="sla.")
    assert entry.verb == "sla.breach"
    assert heard_of("executive") == sorted(people[role].name for role in ("am", "sa", "hk", "ex"))


def test_the_breach_time_is_the_due_time_however_late_the_sweep(first_only, clock_of, now):
    complaint = first_only()

    timers.run_due(now + timedelta(days=3))

    assert clock_of(complaint, "first_response").breached_at == now + DUE


def test_stopped_and_waiting_clocks_fire_nothing(start, pause, now):
    stopped, waiting = start(), start()
    for complaint in (stopped, waiting):
        clockwork.stop_clock(complaint, "first_response", now)
    clockwork.stop_clock(stopped, "resolution", now)
    pause(waiting, now)

    timers.run_due(now + timedelta(days=60))

    assert told() == []


def test_a_lowered_clock_still_tells_of_the_breach_it_had(first_only, clock_of, now):
    complaint = first_only()

    clockwork.reprioritise(complaint, "p4", now + DUE + SECOND)
    timers.run_due(now + DUE + 2 * SECOND)

    [entry] = AuditEntry.objects.filter(verb="sla.breach")
    assert entry.details["due"] == (now + DUE).isoformat()
    assert told() == [("sla.breach", "breach")]


def test_a_lowered_clock_is_never_warned_of_less_than_it_was(first_only, now):
    complaint = first_only()
    timers.run_due(now + NEARLY)

    clockwork.reprioritise(complaint, "p4", now + NEARLY)
    timers.run_due(now + timedelta(days=1, hours=20))
    timers.run_due(now + timedelta(days=30))

    assert told() == [("sla.warn", "90"), ("sla.breach", "breach")]


def test_timers_of_a_vanished_clock_are_done_with(first_only, now):
    complaint = first_only()
    complaint.delete()

    timers.run_due(now + DUE + SECOND)

    assert not Timer.objects.filter(fired_at=None).exists()
    assert told() == []


def test_a_row_that_fails_does_not_hold_the_others_back(first_only, now):
    broken, sound = first_only(), first_only()
    broken_clock = Clock.objects.get(subject_id=broken.pk, metric="first_response")
    rows = type(broken).objects.filter(pk=broken.pk)
    rows._raw_delete(rows.db)  # nobody can name it any more

    timers.run_due(now + DUE + SECOND)

    [entry] = AuditEntry.objects.filter(verb="sla.breach")
    assert entry.target_id == sound.pk
    failed = Timer.objects.filter(subject_id=broken_clock.pk, fired_at=None)
    assert {timer.attempts for timer in failed} == {1}
    assert all(timer.fire_at > now + DUE for timer in failed)
    assert all("KeyError" in timer.last_error for timer in failed)


def test_sentences_name_the_metric_in_words(first_only, now):
    first_only()

    timers.run_due(now + HALF)

    entry = AuditEntry.objects.get(verb="sla.warn")
    assert str(entry.says) == f"The clock for “First response” is at 50 %: {entry.label}"


def test_a_batch_costs_the_same_queries_for_one_clock_and_for_three(
    first_only, now, django_assert_max_num_queries
):
    first_only()
    with django_assert_max_num_queries(40) as one:
        timers.run_due(now + HALF)
    for _each in range(3):
        first_only()
    with django_assert_max_num_queries(len(one)):
        timers.run_due(now + HALF)
