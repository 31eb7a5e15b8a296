"""Why is it due then? Adds up to the target to the second."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.worktime import Reason, WorkCalendar
from sla import clock
from sla.clock import Run
from sla.explain import explain, on_wall
from tests.examples import example
from tests.sla.test_clock import OFFICE, SOFIA, moment, sofia

ALWAYS = WorkCalendar.always(SOFIA)
HOUR = timedelta(hours=1)


def counted(told):
    return sum((day.counted for day in told.days), timedelta())


def test_e4_1_with_its_pause_is_told_day_by_day():
    inputs, outputs = example("E4.1")
    start = moment(inputs["received"])
    pause = [sofia(each) for each in inputs["pause"]]
    target = timedelta(minutes=inputs["target_business_minutes"])

    told = explain(target, [Run(start, pause[0]), Run(pause[1])], OFFICE, is_paused=False)

    assert told.due_at == moment(outputs["due_with_pause"])
    assert [(day.day, day.reason, day.counted) for day in told.days] == [
        (date(2026, 3, 2), Reason.WEEK, timedelta(hours=1, minutes=20)),
        (date(2026, 3, 3), Reason.CLOSED_SPECIAL, timedelta()),
        (date(2026, 3, 4), Reason.WEEK, timedelta(hours=6, minutes=40)),
    ]
    assert [(each.starts_at, each.ends_at) for each in told.pauses] == [tuple(pause)]
    assert told.days[2].spans == (
        (sofia("2026-03-04T09:00"), pause[0]),
        (pause[1], told.due_at),
    )


def test_a_clock_that_was_stopped_is_explained_as_if_it_had_run_on():
    start = sofia("2026-03-04T10:00")

    told = explain(2 * HOUR, [Run(start, start + HOUR)], OFFICE, is_paused=False)

    assert told.due_at == start + 2 * HOUR
    assert counted(told) == 2 * HOUR
    assert told.pauses == ()


def test_a_clock_that_stands_still_tells_what_it_has_used():
    start = sofia("2026-03-04T10:00")

    told = explain(3 * HOUR, [Run(start, start + HOUR)], OFFICE, is_paused=True)

    assert told.due_at is None
    assert (counted(told), told.used, told.remaining) == (HOUR, HOUR, 2 * HOUR)
    assert [(each.starts_at, each.ends_at) for each in told.pauses] == [(start + HOUR, None)]


def test_a_clock_change_shows_in_the_hours_of_its_day():
    start = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)

    told = explain(48 * HOUR, [Run(start)], ALWAYS, is_paused=False)

    assert [day.counted for day in told.days] == [23 * HOUR, 24 * HOUR, HOUR]


def test_years_of_waiting_are_left_out_and_cost_nothing():
    start, again = sofia("2016-03-02T10:00"), sofia("2026-03-02T10:00")

    told = explain(3 * HOUR, [Run(start, start + HOUR), Run(again)], OFFICE, is_paused=False)

    assert [day.day for day in told.days] == [date(2016, 3, 2), date(2026, 3, 2)]
    assert counted(told) == 3 * HOUR


def test_ten_years_are_counted_without_being_listed():
    told = explain(
        timedelta(hours=9 * 2600), [Run(sofia("2016-03-02T10:00"))], OFFICE, is_paused=False
    )

    assert len(told.days) > 3600
    assert told.used == told.target
    assert told.days[-1].day.year == 2026
    assert [day.day for day in told.days[1:3]] == [date(2016, 3, 3), date(2016, 3, 4)]


@pytest.mark.parametrize(
    ("span", "wall"),
    [
        (("2026-03-04T09:00", "2026-03-04T18:00"), (9 * 3600, 18 * 3600)),
        (("2026-03-03T20:00", "2026-03-04T06:30"), (0, 6 * 3600 + 1800)),
        (("2026-03-04T22:00", "2026-03-05T06:00"), (22 * 3600, 86_400)),
    ],
)
def test_on_wall_cuts_a_span_to_the_day(span, wall):
    begin, end = map(sofia, span)

    assert on_wall((begin, end), date(2026, 3, 4), OFFICE) == wall


START = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)
minutes = st.integers(min_value=0, max_value=7 * 24 * 60)
calendars = st.sampled_from(
    [
        OFFICE,
        ALWAYS,
        WorkCalendar(zone=ZoneInfo("America/New_York"), week={5: ((22 * 3600, 6 * 3600),)}),
        WorkCalendar(zone=ZoneInfo("Australia/Lord_Howe"), week={0: ((0, 86_400),)}),
    ]
)


@given(
    target=st.integers(min_value=1, max_value=60 * 3600),
    turns=st.lists(minutes, max_size=6),
    calendar=calendars,
)
def test_the_days_add_up_to_the_target_to_the_second(target, turns, calendar):
    target = timedelta(seconds=target)
    at, moments = START, [START]
    for wait in turns:
        at += timedelta(minutes=wait)
        moments.append(at)
    pairs = zip(moments[::2], [*moments[1::2], None], strict=False)
    runs = [Run(begin, end) for begin, end in pairs]
    is_paused = runs[-1].ends_at is not None

    told = explain(target, runs, calendar, is_paused=is_paused)

    used = clock.used(runs, calendar, at)
    assert counted(told) == told.used == (used if is_paused else target)
    assert told.due_at == (None if is_paused else clock.due_at(target, runs, calendar))
    days = [day.day for day in told.days]
    assert days == sorted(set(days))
