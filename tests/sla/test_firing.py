"""Warnings and breaches: each once, to the people of 10.6, with true times."""

from datetime import UTC, datetime, timedelta

import pytest

from core import timers
from core.ids import uuid7
from core.models import AuditEntry, Notification, OutgoingMail, Timer
from sla import clockwork
from sla.courses import upcoming
from sla.models import Clock
from sla.steps import AFTER_DUE
from tests.factories import AccountFactory, ComplaintFactory, DeputyshipFactory, UserFactory
from tests.sla.conftest import agreed, judge

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
    """Return a function that logs a complaint of which only the first response runs."""

    def begin(priority="p2", **given):
        complaint = start(priority, **given)
        clockwork.stop_clocks(complaint, ["workaround", "resolution"], now)
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
        clockwork.stop_clocks(complaint, ["first_response"], now)
    clockwork.stop_clocks(stopped, ["resolution"], now)
    pause(waiting, now)

    timers.run_due(now + timedelta(days=60))

    assert told() == []


def test_a_lowered_clock_still_tells_of_the_breach_it_had(first_only, clock_of, now):
    complaint = first_only()

    judge(complaint, "p4", now + DUE + SECOND)
    timers.run_due(now + DUE + 2 * SECOND)

    [entry] = AuditEntry.objects.filter(verb="sla.breach")
    assert entry.details["due"] == (now + DUE).isoformat()
    assert told() == [("sla.breach", "breach")]


def test_a_lowered_clock_is_never_warned_of_less_than_it_was(first_only, now):
    complaint = first_only()
    timers.run_due(now + NEARLY)

    judge(complaint, "p4", now + NEARLY)
    timers.run_due(now + timedelta(days=1, hours=20))
    timers.run_due(now + timedelta(days=30))

    assert told() == [("sla.warn", "90"), ("sla.breach", "breach")]


def test_timers_of_a_vanished_clock_are_done_with(db, now):
    for kind in ("sla.clock", "sla.act"):
        timers.set_timers(kind, uuid7(), {"50": now})

    timers.run_due(now)

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


def test_a_lowered_clock_is_not_warned_again_after_its_breach(first_only, now):
    complaint = first_only()
    timers.run_due(now + DUE + SECOND)

    judge(complaint, "p4", now + DUE + SECOND)
    timers.run_due(now + timedelta(days=30))

    assert told() == [("sla.breach", "breach")]


def test_a_breach_is_told_though_a_step_was_taken_that_now_comes_after_it(
    account, first_only, clock_of, now
):
    """Half of P1's time passed at night, so its step would come in the morning; it came later."""
    agreed(account, {"percent": 50, "hearer": "manager"}, targets={("p3", "first_response"): 120})
    complaint = first_only("p3", at=now + 8 * HOUR)  # Monday 20:00; Tuesday is closed
    timers.run_due(now + 46 * HOUR)

    judge(complaint, "p1", now + 46.25 * HOUR)
    timers.run_due(now + 46.25 * HOUR)

    assert told() == [("sla.warn", "50"), ("sla.breach", "breach")]
    assert clock_of(complaint, "first_response").breached_at == now + 8.5 * HOUR


def test_what_happened_late_stands_in_the_timeline_at_its_true_moment(first_only, now):
    first_only()

    timers.run_due(now + HALF + HOUR / 2)
    timers.run_due(now + 8 * HOUR)

    rows = AuditEntry.objects.filter(verb__startswith="sla.").order_by("id")
    assert list(rows.values_list("verb", "happened_at", "at")) == [
        ("sla.warn", now + MOST, now + MOST),
        ("sla.breach", now + DUE, now + 8 * HOUR),
    ]


def test_an_entry_tells_the_true_moment_of_each_step(first_only, now):
    first_only()

    timers.run_due(now + 8 * HOUR)

    [entry] = AuditEntry.objects.filter(verb__startswith="sla.")
    moments = [now + HALF, now + MOST, now + NEARLY, now + DUE + AFTER_DUE]
    assert entry.details["times"] == [at.isoformat() for at in moments]


def test_at_any_time_a_clock_waits_for_one_step(first_only, clock_of, now):
    clock = clock_of(first_only("p1"), "first_response")
    waited_for = []

    for minutes in (0, 15, 23, 28, 31, 60):
        timers.run_due(now + timedelta(minutes=minutes))
        pending = Timer.objects.filter(subject_id=clock.pk, fired_at=None)
        waited_for.append(list(pending.values_list("step", flat=True)))

    assert waited_for == [["50"], ["75"], ["90"], ["breach"], ["executive"], []]


def test_the_steps_of_the_contract_take_the_place_of_those_of_the_house(
    account, first_only, people, now
):
    agreed(
        account,
        {"percent": 25, "hearer": "manager"},
        {"minutes_from_due": -10, "person": people["te"]},
        {"minutes_from_due": 30, "hearer": "executive", "any_hour": True},
    )
    first_only()

    for minutes in (14, 15, 30, 49, 50, 60, 61, 89, 90, 600):
        timers.run_due(now + timedelta(minutes=minutes))

    entries = AuditEntry.objects.filter(verb__startswith="sla.").order_by("id")
    heard = [
        (
            entry.verb,
            set(Notification.objects.filter(entry=entry).values_list("recipient__name", flat=True)),
        )
        for entry in entries
    ]
    name_of = {role: person.name for role, person in people.items()}
    assert heard == [
        ("sla.warn", {name_of["am"]}),
        ("sla.warn", {name_of["te"]}),
        ("sla.breach", {name_of["sa"], name_of["am"], name_of["hk"]}),
        ("sla.escalate", {name_of["ex"]}),
    ]
    assert [entry.details["step"] for entry in entries[:2]] == ["25", "83"]
    assert not Timer.objects.filter(kind="sla.act").exists()


def test_a_step_for_other_clocks_is_not_taken(account, first_only, now):
    agreed(
        account,
        {"percent": 25, "hearer": "manager", "priority": "p1"},
        {"percent": 50, "hearer": "manager", "metric": "resolution"},
        {"percent": 75, "hearer": "manager", "priority": "p2", "metric": "first_response"},
    )
    first_only()

    timers.run_due(now + HALF - SECOND)

    assert told() == [("sla.warn", "75")]


def test_a_step_in_hours_only_waits_for_the_morning(account, first_only, now):
    agreed(
        account,
        {"percent": 50, "hearer": "manager"},
        {"percent": 75, "hearer": "head", "any_hour": True},
        targets={("p1", "first_response"): 60},
    )
    night = now + 11 * HOUR
    first_only("p1", at=night)
    told_at = []

    for minutes in (30, 45, 61, 36 * 60 - 121, 36 * 60 - 120):
        timers.run_due(night + timedelta(minutes=minutes))
        told_at.append(told())

    in_the_night = [("sla.warn", "75"), ("sla.breach", "breach")]
    assert told_at[:4] == [[], in_the_night[:1], in_the_night, in_the_night]
    [entry] = AuditEntry.objects.filter(verb="sla.escalate")
    assert entry.happened_at == night + 34 * HOUR  # Wednesday 09:00, for Tuesday is closed


def test_a_step_repeats_up_to_its_limit(account, first_only, now):
    agreed(
        account,
        {"minutes_from_due": 30, "hearer": "head", "repeat_minutes": 60, "repeat_limit": 2},
    )
    first_only()

    for half_hours in range(20):
        timers.run_due(now + half_hours * HOUR / 2 + SECOND)

    entries = AuditEntry.objects.filter(verb="sla.escalate").order_by("id")
    assert [entry.happened_at for entry in entries] == [
        now + 1.5 * HOUR, now + 2.5 * HOUR, now + 3.5 * HOUR,
    ]  # fmt: skip


def test_after_an_outage_the_repetitions_are_one_entry(account, first_only, now):
    agreed(
        account,
        {"minutes_from_due": 30, "hearer": "head", "repeat_minutes": 60, "repeat_limit": 3},
    )
    first_only()

    timers.run_due(now + 5 * HOUR)

    [entry] = AuditEntry.objects.filter(verb__startswith="sla.")
    assert (entry.verb, len(entry.details["steps"])) == ("sla.breach", 5)
    assert entry.happened_at == now + HOUR


def test_a_step_gives_the_complaint_to_somebody_once(account, first_only, people, now):
    agreed(account, {"percent": 50, "action": "reassign", "person": people["te"]})
    complaint = first_only()
    timers.run_due(now + HALF)
    complaint.refresh_from_db()
    given_to = complaint.assignee

    complaint.assignee = people["sa"]
    complaint.save()
    timers.run_due(now + HOUR - SECOND)
    complaint.refresh_from_db()

    assert (given_to, complaint.assignee) == (people["te"], people["sa"])
    assert AuditEntry.objects.filter(verb="complaints.assign").count() == 1


def test_nothing_is_given_to_who_has_left(account, first_only, people, now):
    agreed(account, {"percent": 50, "action": "reassign", "person": people["te"]})
    people["te"].is_active = False
    people["te"].save()
    complaint = first_only()

    timers.run_due(now + HALF)

    complaint.refresh_from_db()
    assert complaint.assignee == people["sa"]
    assert not Timer.objects.filter(kind="sla.act", fired_at=None).exists()


def test_a_step_raises_the_priority_and_the_deadlines_follow(account, start, clock_of, now):
    agreed(
        account,
        {"percent": 50, "action": "raise", "metric": "resolution"},
        targets={("p3", "resolution"): 480, ("p2", "resolution"): 360},
    )
    complaint = start("p3")

    timers.run_due(now + 4 * HOUR)

    complaint.refresh_from_db()
    assert complaint.priority == "p2"
    assert clock_of(complaint).due_at == now + 6 * HOUR
    assert complaint.next_due_at == now + 2 * HOUR  # the first response, overdue by now
    [entry] = AuditEntry.objects.filter(verb="complaints.raise_priority")
    assert (entry.actor, entry.target_id) == (None, complaint.pk)


def test_p1_is_raised_no_further(account, start, now):
    agreed(
        account,
        {"percent": 50, "action": "raise", "any_hour": True},
        targets={("p1", "resolution"): 60},
    )
    start("p1")

    timers.run_due(now + HOUR / 2)

    assert not AuditEntry.objects.filter(verb="complaints.raise_priority").exists()
    assert not Timer.objects.filter(kind="sla.act", fired_at=None).exists()


def test_what_was_answered_in_time_is_neither_raised_nor_given_away(account, start, people, now):
    agreed(account, {"percent": 50, "action": "reassign", "person": people["te"]})
    complaint = start()
    clock = Clock.objects.get(subject_id=complaint.pk, metric="first_response")
    clockwork.stop_clocks(complaint, ["first_response"], now)
    timers.set_timers("sla.act", clock.pk, {"50%": now})  # it fell due just before the answer

    timers.run_due(now)

    complaint.refresh_from_db()
    assert complaint.assignee == people["sa"]
    assert not Timer.objects.filter(kind="sla.act", fired_at=None).exists()


def test_a_step_that_a_newer_contract_says_again_is_not_taken_again(
    account, start, people, clock_of, now
):
    old = agreed(account, {"percent": 50, "hearer": "manager"}, {"percent": 75, "hearer": "head"})
    complaint = start()
    clockwork.stop_clocks(complaint, ["resolution"], now)
    timers.run_due(now + HOUR / 2)
    old.state = "replaced"
    old.save()
    newer = agreed(
        account,
        {"percent": 25, "hearer": "executive"},
        {"percent": 50, "hearer": "manager"},
        {"percent": 75, "hearer": "head"},
    )

    clock = clock_of(complaint, "first_response")
    clock.contract = newer

    runs = [run.as_run for run in clock.runs.all()]
    assert [step.key.partition("-")[0] for step in upcoming(clock, runs)] == [
        "25%", "75%", "breach",
    ]  # fmt: skip


def test_a_contract_that_takes_over_after_the_breach_warns_of_nothing_before_it(
    account, first_only, clock_of, now
):
    complaint = first_only()
    timers.run_due(now + DUE + SECOND)
    clock = clock_of(complaint, "first_response")
    clock.contract = agreed(
        account,
        {"percent": 25, "hearer": "executive"},
        {"minutes_from_due": 30, "hearer": "executive"},
    )

    ahead = upcoming(clock, [run.as_run for run in clock.runs.all()])

    assert [step.at for step in ahead] == [now + DUE + HOUR / 2]


def test_a_timer_that_comes_before_its_step_waits_for_it_again(first_only, clock_of, now):
    clock = clock_of(first_only(), "first_response")
    timers.set_timers("sla.clock", clock.pk, {"50": now})

    timers.run_due(now)
    timers.run_due(now + HALF)

    assert told() == [("sla.warn", "50")]


def test_a_clock_of_the_host_that_jumps_back_fires_nothing_twice_and_loses_nothing(first_only, now):
    first_only()
    half_past = HOUR + HOUR / 2

    for moment in (HALF, half_past, half_past - HOUR, HALF, half_past, NEARLY, DUE, 3 * HOUR, DUE):
        timers.run_due(now + moment)

    assert told() == [
        ("sla.warn", "50"), ("sla.warn", "75"), ("sla.warn", "90"), ("sla.breach", "breach"),
    ]  # fmt: skip
    assert not Timer.objects.filter(fired_at=None).exists()


def test_an_answer_by_a_host_that_lags_uses_no_negative_time(first_only, clock_of, now):
    complaint = first_only()
    timers.run_due(now + HALF)

    clockwork.stop_clocks(complaint, ["first_response"], now - HOUR)

    clock = clock_of(complaint, "first_response")
    assert (clock.state, clock.stopped_at, clock.used) == ("met", now, timedelta())


@pytest.mark.parametrize("moment", [HALF / 2, 8 * HOUR])
def test_clocks_of_contracts_with_steps_cost_the_same_queries_for_one_and_for_three(
    start, people, now, django_assert_max_num_queries, moment
):
    def agreement():
        account = AccountFactory(owner=people["am"])
        agreed(
            account,
            {"percent": 25, "hearer": "manager"},
            {
                "minutes_from_due": 30,
                "hearer": "executive",
                "repeat_minutes": 30,
                "repeat_limit": 9,
            },
        )
        complaint = start(on=account)
        clockwork.stop_clocks(complaint, ["resolution"], now)

    agreement()
    with django_assert_max_num_queries(40) as one:
        timers.run_due(now + moment)
    for _each in range(3):
        agreement()
    with django_assert_max_num_queries(len(one)):
        timers.run_due(now + moment)
