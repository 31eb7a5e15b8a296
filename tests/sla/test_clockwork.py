"""Clocks as rows: started, stopped, paused, re-planned."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from core.models import Timer
from core.services import calendar as calendars
from sla import clockwork
from sla.models import Clock, ClockRun
from sla.queries import contract_for, contracts_of, planned
from tests.examples import example
from tests.factories import AccountFactory, CalendarFactory, ComplaintFactory
from tests.sla.conftest import agreed, case_of, judge

HOUR = timedelta(hours=1)
TUESDAY_IS_CLOSED = timedelta(days=1)


def pending(clock):
    rows = Timer.objects.filter(subject_id=clock.pk, fired_at=None)
    return dict(rows.values_list("step", "due_at"))


def test_e4_1_runs_as_a_row_with_its_pause(start, clock_of):
    inputs, outputs = example("E4.1")
    complaint = start(at=datetime.fromisoformat(inputs["received"]))
    begin, end = (datetime.fromisoformat(each + "+02:00") for each in inputs["pause"])

    before = clock_of(complaint).due_at
    clockwork.pause_clock(clock_of(complaint), begin)
    clockwork.resume_clock(clock_of(complaint), end)

    assert before == datetime.fromisoformat(outputs["due"])
    assert clock_of(complaint).due_at == datetime.fromisoformat(outputs["due_with_pause"])


def test_start_waits_for_the_first_step_only(start, clock_of):
    inputs, _outputs = example("E4.1")
    _base, warned = example("E4.9")
    clock = clock_of(start(at=datetime.fromisoformat(inputs["received"])))

    assert pending(clock) == {"50": datetime.fromisoformat(warned["warn_50"])}


def test_start_writes_both_clocks_with_one_open_run_each(start, now):
    complaint = start()

    clocks = Clock.objects.about(complaint)

    assert sorted(clocks.values_list("metric", "state", "cycle", "share")) == [
        ("first_response", "running", 1, 100),
        ("resolution", "running", 1, 100),
    ]
    assert list(ClockRun.objects.values_list("starts_at", "ends_at")) == [(now, None)] * 2


def test_p1_is_promised_a_workaround_too(start, now):
    complaint = start("p1")

    due = dict(Clock.objects.about(complaint).values_list("metric", "due_at"))

    assert due == {
        "first_response": now + HOUR / 2,
        "workaround": now + 2 * HOUR,
        "resolution": now + 4 * HOUR,
    }


def test_a_new_cycle_restarts_only_the_resolution_with_its_share(start, clock_of, now):
    complaint = start()
    clockwork.stop_clocks(complaint, ["resolution"], now)

    clockwork.restart_clocks(case_of(complaint), now, share=50)

    again = clock_of(complaint, cycle=2)
    assert (again.target, again.share) == (4 * HOUR, 50)
    assert Clock.objects.about(complaint).filter(metric="first_response").count() == 1


def test_an_answer_stops_what_waits_for_one_and_starts_the_next_update(start, clock_of, now):
    complaint = start()

    clockwork.answer_clocks(case_of(complaint), now + HOUR)

    assert clock_of(complaint, "first_response").state == "met"
    update = clock_of(complaint, "update")
    assert (update.state, update.due_at) == ("running", now + 5 * HOUR)
    assert clock_of(complaint).state == "running"


def test_each_answer_ends_one_update_and_starts_another(start, clock_of, now):
    complaint = start()

    for hours in (1, 2, 3):
        clockwork.answer_clocks(case_of(complaint), now + hours * HOUR)

    cycles = Clock.objects.about(complaint).filter(metric="update").order_by("cycle")
    assert list(cycles.values_list("cycle", "state")) == [(1, "met"), (2, "met"), (3, "running")]


def test_an_update_every_working_day_lasts_as_long_as_that_day(account, start, clock_of, now):
    account.calendar.current = CalendarFactory(
        special={date(2026, 3, 2): ("Short Monday", [[9 * 3600, 15 * 3600]])}
    ).current
    complaint = start("p3")

    clockwork.answer_clocks(case_of(complaint), now)

    assert clock_of(complaint, "update").target == 6 * HOUR


def test_only_an_answer_that_lets_them_work_again_stops_the_workaround(start, clock_of, now):
    complaint = start("p1")

    clockwork.answer_clocks(case_of(complaint), now + HOUR / 4)
    before = clock_of(complaint, "workaround").state
    clockwork.answer_clocks(case_of(complaint), now + HOUR / 2, with_workaround=True)

    assert (before, clock_of(complaint, "workaround").state) == ("running", "met")


def test_what_the_client_says_starts_the_time_for_our_answer_once(start, clock_of, now):
    complaint = start()
    clockwork.hear_client(case_of(complaint), now)
    clockwork.answer_clocks(case_of(complaint), now)

    clockwork.hear_client(case_of(complaint), now + HOUR)
    clockwork.hear_client(case_of(complaint), now + 2 * HOUR)

    [clock] = Clock.objects.about(complaint).filter(metric="next_response")
    assert (clock.started_at, clock.due_at) == (now + HOUR, now + 3 * HOUR)


@pytest.mark.parametrize(("late", "state"), [(0, "met"), (1, "missed")])
def test_stop_at_the_due_second_is_met_and_one_later_missed(start, clock_of, late, state):
    complaint = start()
    due = clock_of(complaint, "first_response").due_at

    clockwork.stop_clocks(complaint, ["first_response"], due + timedelta(seconds=late))

    clock = clock_of(complaint, "first_response")
    assert clock.state == state
    assert clock.breached_at == (due if late else None)
    assert pending(clock) == {}


def test_stop_without_an_open_clock_does_nothing(start, now):
    complaint = start()
    clockwork.stop_clocks(complaint, ["first_response"], now)

    assert clockwork.stop_clocks(complaint, ["first_response"], now + HOUR) == []


def test_a_closed_clock_tells_what_it_used_without_its_pauses(start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + HOUR, hours=2)

    clockwork.stop_clocks(complaint, ["resolution"], now + 4 * HOUR)

    assert clock_of(complaint).used == 2 * HOUR


def test_pause_clears_due_and_timers_and_keeps_what_is_left(start, clock_of, now):
    complaint = start()

    clockwork.pause_clock(clock_of(complaint), now + HOUR)

    clock = clock_of(complaint)
    assert (clock.state, clock.due_at, clock.remaining) == ("paused", None, 7 * HOUR)
    assert pending(clock) == {}


def test_duplicate_pauses_count_once(start, clock_of, pause, now):
    complaint = start()
    once = start()
    pause(once, now + HOUR, hours=2)

    clockwork.pause_clock(clock_of(complaint), now + HOUR)
    clockwork.pause_clock(clock_of(complaint), now + HOUR * 3 / 2)
    clockwork.resume_clock(clock_of(complaint), now + 3 * HOUR)
    clockwork.resume_clock(clock_of(complaint), now + 4 * HOUR)

    assert clock_of(complaint).due_at == clock_of(once).due_at
    assert clock_of(complaint).runs.count() == 2


def test_a_pause_wholly_outside_hours_moves_nothing(start, clock_of, pause, now):
    complaint = start()
    due = clock_of(complaint).due_at

    pause(complaint, now + 8 * HOUR, hours=10)

    assert clock_of(complaint).due_at == due


def test_paused_to_resolved_leaves_the_hold_out(start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + HOUR)

    clockwork.stop_clocks(complaint, ["resolution"], now + timedelta(days=30))

    clock = clock_of(complaint)
    assert (clock.state, clock.breached_at) == ("met", None)
    assert clock.stopped_at <= clock.due_at


def test_a_pause_after_the_breach_never_erases_it(start, clock_of, pause):
    complaint = start()
    due = clock_of(complaint).due_at

    pause(complaint, due + HOUR, hours=5)
    clockwork.stop_clocks(complaint, ["resolution"], due + 7 * HOUR)

    clock = clock_of(complaint)
    assert (clock.state, clock.breached_at) == ("missed", due)


def test_paused_at_the_due_moment_it_is_missed_only_if_open_time_passes(start, clock_of, pause):
    in_time, late = start(), start()
    due = clock_of(in_time).due_at
    again = due + timedelta(days=1)
    for each in (in_time, late):
        pause(each, due, days=1)

    clockwork.stop_clocks(in_time, ["resolution"], again)
    clockwork.stop_clocks(late, ["resolution"], again + timedelta(seconds=1))

    assert (clock_of(in_time).state, clock_of(late).state) == ("met", "missed")


def test_raising_counts_from_the_start_minus_pauses(start, clock_of, pause, now):
    complaint = start("p3")
    pause(complaint, now + HOUR, hours=2)

    judge(complaint, "p2", now + 4 * HOUR)

    clock = clock_of(complaint)
    assert (clock.priority, clock.target) == ("p2", 8 * HOUR)
    assert clock.due_at == now + 10 * HOUR + 15 * HOUR + TUESDAY_IS_CLOSED


def test_raising_to_p1_runs_day_and_night_from_the_start(start, clock_of, now):
    complaint = start()

    judge(complaint, "p1", now + HOUR)

    clock = clock_of(complaint)
    assert clock.around_the_clock
    assert clock.due_at == now + 4 * HOUR
    assert pending(clock) == {"50": now + 2 * HOUR}


def test_raising_to_p1_promises_a_workaround_from_the_start_minus_pauses(
    start, clock_of, pause, now
):
    complaint = start()
    pause(complaint, now + HOUR / 2, minutes=30)

    judge(complaint, "p1", now + HOUR)

    clock = clock_of(complaint, "workaround")
    assert (clock.started_at, clock.due_at) == (now, now + 2.5 * HOUR)
    assert [run.as_run for run in clock.runs.all()] == [
        run.as_run for run in clock_of(complaint).runs.all()
    ]
    assert pending(clock) == {"50": now + 1.5 * HOUR}


def test_raising_while_the_client_is_asked_promises_a_workaround_that_waits_too(
    start, clock_of, pause, now
):
    complaint = start()
    pause(complaint, now + HOUR)

    judge(complaint, "p1", now + 2 * HOUR)

    clock = clock_of(complaint, "workaround")
    assert (clock.state, clock.due_at, clock.remaining) == ("paused", None, HOUR)
    assert pending(clock) == {}


def test_lowering_from_p1_ends_the_workaround_that_is_promised_no_more(start, clock_of, now):
    complaint = start("p1")

    judge(complaint, "p2", now + HOUR)

    assert clock_of(complaint, "workaround").state == "cancelled"


def test_lowering_from_p1_leaves_a_missed_workaround_missed(start, clock_of, now):
    complaint = start("p1")

    judge(complaint, "p2", now + 3 * HOUR)

    clock = clock_of(complaint, "workaround")
    assert (clock.state, clock.priority, clock.breached_at) == ("missed", "p1", now + 2 * HOUR)


def test_raised_again_it_is_promised_a_workaround_again(start, clock_of, now):
    complaint = start("p1")
    judge(complaint, "p2", now + HOUR)

    judge(complaint, "p1", now + 1.5 * HOUR)

    again = clock_of(complaint, "workaround", cycle=2)
    assert (again.state, again.due_at) == ("running", now + 2 * HOUR)


def test_a_workaround_that_was_given_is_not_promised_again(start, now):
    complaint = start("p1")
    clockwork.answer_clocks(case_of(complaint), now, with_workaround=True)
    judge(complaint, "p2", now + HOUR)

    judge(complaint, "p1", now + HOUR)

    assert Clock.objects.about(complaint).filter(metric="workaround").count() == 1


def test_the_same_priority_again_changes_nothing(start, now):
    complaint = start()
    Clock.objects.about(complaint).update(priority="p1")  # of before workarounds were timed
    before = list(Clock.objects.about(complaint).order_by("pk").values())

    judge(complaint, "p1", now + HOUR)

    assert list(Clock.objects.about(complaint).order_by("pk").values()) == before


def test_raising_past_the_new_due_moment_is_a_breach_of_that_moment(start, clock_of, now):
    complaint = start("p4")

    judge(complaint, "p1", now + 5 * HOUR)

    assert clock_of(complaint).breached_at == now + 4 * HOUR


def test_lowering_never_erases_a_breach(start, clock_of):
    complaint = start()
    due = clock_of(complaint).due_at

    judge(complaint, "p4", due + HOUR)
    clockwork.stop_clocks(complaint, ["resolution"], due + 2 * HOUR)

    clock = clock_of(complaint)
    assert (clock.state, clock.breached_at) == ("missed", due)
    assert clock.due_at > due


def test_lowering_keeps_the_half_time_of_a_reopened_complaint(start, clock_of, now):
    complaint = start()
    clockwork.stop_clocks(complaint, ["resolution"], now)
    clockwork.restart_clocks(case_of(complaint), now, share=50)

    judge(complaint, "p3", now)

    assert clock_of(complaint, cycle=2).target == 12 * HOUR


def test_priority_change_while_paused_changes_what_is_left(start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + HOUR)

    judge(complaint, "p3", now + 2 * HOUR)

    clock = clock_of(complaint)
    assert (clock.state, clock.due_at, clock.remaining) == ("paused", None, 23 * HOUR)


def test_cancel_ends_all_clocks_and_counts_for_nothing(start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + HOUR)

    clockwork.cancel_clocks(complaint, now + 2 * HOUR)

    assert {clock.state for clock in Clock.objects.about(complaint)} == {"cancelled"}
    assert not Timer.objects.filter(fired_at=None).exists()


def test_cancel_leaves_what_was_missed_missed(start, clock_of, now):
    complaint = start()

    clockwork.cancel_clocks(complaint, now + 3 * HOUR)

    states = dict(Clock.objects.about(complaint).values_list("metric", "state"))
    assert states == {"first_response": "missed", "resolution": "cancelled"}


def test_reopened_in_its_month_the_clock_goes_on_without_the_time_between(start, clock_of, now):
    complaint = start()
    clockwork.stop_clocks(complaint, ["resolution"], now + HOUR)

    assert clockwork.continue_clocks(case_of(complaint), now + 3 * HOUR)

    clock = clock_of(complaint)
    assert (clock.state, clock.stopped_at, clock.used) == ("running", None, None)
    assert clock.due_at == now + 10 * HOUR + 15 * HOUR + TUESDAY_IS_CLOSED
    assert pending(clock) == {"50": now + 6 * HOUR}


def test_reopened_after_a_miss_it_goes_on_and_the_miss_stays(start, clock_of):
    complaint = start()
    due = clock_of(complaint).due_at
    clockwork.stop_clocks(complaint, ["resolution"], due + HOUR)

    assert clockwork.continue_clocks(case_of(complaint), due + 2 * HOUR)

    clock = clock_of(complaint)
    assert (clock.state, clock.breached_at, clock.due_at) == ("running", due, due)


@pytest.mark.parametrize(
    ("reopened", "goes_on"), [("2026-03-31T23:59:59+03:00", True), ("2026-04-01T00:00+03:00", False)]
)  # fmt: skip
def test_reopened_in_another_month_than_promised_it_is_final(
    start, clock_of, now, reopened, goes_on
):
    complaint = start()
    clockwork.stop_clocks(complaint, ["resolution"], now + HOUR)

    went_on = clockwork.continue_clocks(case_of(complaint), datetime.fromisoformat(reopened))

    assert went_on == goes_on
    assert clock_of(complaint).state == ("running" if goes_on else "met")


def test_a_miss_of_last_month_is_final_though_more_time_was_given_since(start, clock_of, now):
    complaint = start(at=datetime(2026, 3, 30, 7, tzinfo=UTC))
    judge(complaint, "p4", datetime(2026, 3, 31, 14, tzinfo=UTC))
    due_in_april = clock_of(complaint).due_at
    clockwork.stop_clocks(complaint, ["resolution"], datetime(2026, 4, 1, 7, tzinfo=UTC))

    went_on = clockwork.continue_clocks(case_of(complaint), datetime(2026, 4, 1, 9, tzinfo=UTC))

    assert (due_in_april.month, clock_of(complaint).breached_at.month) == (4, 3)
    assert not went_on


def test_nothing_goes_on_that_runs_or_never_ran(account, start, now):
    running, timeless = start(), ComplaintFactory(account=account)

    assert not clockwork.continue_clocks(case_of(running), now)
    assert not clockwork.continue_clocks(case_of(timeless), now)


def test_the_database_keeps_every_run_as_it_was(start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + HOUR, hours=1)
    first, last = clock_of(complaint).runs.all()

    for change in (
        lambda: ClockRun.objects.filter(pk=first.pk).update(ends_at=now + 2 * HOUR),
        lambda: ClockRun.objects.filter(pk=last.pk).update(starts_at=now),
        lambda: ClockRun.objects.filter(pk=last.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
            change()


def test_a_host_whose_clock_lags_never_turns_a_run_round(start, clock_of, now):
    complaint = start(at=now)

    clockwork.pause_clock(clock_of(complaint), now - HOUR)
    clockwork.resume_clock(clock_of(complaint), now - 2 * HOUR)
    clockwork.stop_clocks(complaint, ["resolution"], now - 3 * HOUR)

    clock = clock_of(complaint)
    assert (clock.state, clock.stopped_at) == ("met", now)


def test_next_due_is_the_earliest_running_one(start, clock_of, pause, now):
    complaint = start()
    first = clockwork.next_due(complaint)
    clockwork.stop_clocks(complaint, ["first_response"], now)
    second = clockwork.next_due(complaint)
    pause(complaint, now + HOUR)

    assert first == now + 2 * HOUR
    assert second == now + 8 * HOUR + 15 * HOUR + TUESDAY_IS_CLOSED
    assert clockwork.next_due(complaint) is None


def test_the_contract_of_the_day_sets_the_targets(account, start, clock_of, now):
    contract = agreed(account, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4))

    before = start(at=now - timedelta(days=3))
    within = start(at=now)
    after = start(at=now + timedelta(days=3))

    assert [clock_of(each).contract for each in (before, within, after)] == [None, contract, None]
    assert clock_of(within, "first_response").target == HOUR


def test_the_day_is_the_one_of_the_account(account, now):
    contract = agreed(account, starts_on=date(2026, 3, 3))
    account.time_zone = "Asia/Tokyo"

    late_monday_in_sofia = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)

    assert contracts_of([account], late_monday_in_sofia) == {account.pk: contract}


def test_a_contract_covers_the_companies_below_only_when_it_says_so(account):
    day = date(2026, 3, 2)
    child = AccountFactory(parent=account)
    grandchild = AccountFactory(parent=child)
    above = agreed(account, covers_children=True)
    nearer = agreed(child, covers_children=False)

    found = {each: contract_for(each, day) for each in (account, child, grandchild)}

    assert found == {account: above, child: nearer, grandchild: above}


def test_a_running_clock_keeps_the_contract_it_began_on(account, start, clock_of, now):
    contract = agreed(account)
    complaint = start()
    due = clock_of(complaint).due_at
    contract.state, contract.ended_on = "terminated", now.date()
    contract.save()

    judge(complaint, "p3", now)
    judge(complaint, "p2", now)

    assert clock_of(complaint).contract == contract
    assert clock_of(complaint).due_at == due
    assert clock_of(start()).contract is None


def test_a_running_clock_keeps_the_calendar_version_it_began_on(
    account, start, clock_of, head, now
):
    complaint = start()
    due = clock_of(complaint).due_at
    week = {str(day): [[8 * 3600, 12 * 3600]] for day in range(5)}

    calendars.edit_calendar(
        actor=head, calendar=account.calendar, name="Mornings", country="", zone="Europe/Sofia",
        week=week, now=now,
    )  # fmt: skip
    judge(complaint, "p3", now)
    judge(complaint, "p2", now)

    assert clock_of(complaint).due_at == due
    account.calendar.refresh_from_db()
    assert clock_of(start()).due_at != due


def test_planned_tells_what_start_would_write(account, start, now, django_assert_max_num_queries):
    agreed(account)
    for priority in ("p1", "p2", "p3", "p4"):
        complaint = start(priority)

        with django_assert_max_num_queries(4):
            due = planned(account, priority, now)

        started = Clock.objects.about(complaint).values_list("metric", "due_at")
        assert due == dict(started)
