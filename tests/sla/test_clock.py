"""The arithmetic of one clock, without a database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.worktime import WorkCalendar
from sla.clock import Run, due_at, moment_of, used
from tests.examples import example

SOFIA = ZoneInfo("Europe/Sofia")
NINE_TO_SIX = ((9 * 3600, 18 * 3600),)
OFFICE = WorkCalendar(
    zone=SOFIA,
    week=dict.fromkeys(range(5), NINE_TO_SIX),
    special={date(2026, 3, 3): ()},
)
HOUR = timedelta(hours=1)


def sofia(text):
    return datetime.fromisoformat(text).replace(tzinfo=SOFIA)


def moment(text):
    return datetime.fromisoformat(text)


@pytest.fixture
def e41():
    inputs, outputs = example("E4.1")
    start = moment(inputs["received"])
    pause = [sofia(each) for each in inputs["pause"]]
    target = timedelta(minutes=inputs["target_business_minutes"])
    return start, target, [Run(start, pause[0]), Run(pause[1])], outputs


def test_e4_1_counts_open_minutes_across_a_holiday(e41):
    start, target, _runs, outputs = e41

    assert due_at(target, [Run(start)], OFFICE) == moment(outputs["due"])


def test_e4_1_leaves_out_the_pause(e41):
    _start, target, runs, outputs = e41

    assert due_at(target, runs, OFFICE) == moment(outputs["due_with_pause"])


def test_e4_2_walks_real_time_through_the_clock_change():
    inputs, outputs = example("E4.2")
    always = WorkCalendar.always(ZoneInfo(inputs["tz"]))
    start = moment(inputs["received"])

    due = due_at(timedelta(minutes=inputs["target_minutes"]), [Run(start)], always)

    assert due == moment(outputs["due"])


def test_friday_four_o_clock_plus_four_hours_is_monday_noon():
    until_five = WorkCalendar(zone=SOFIA, week=dict.fromkeys(range(5), ((9 * 3600, 17 * 3600),)))

    assert due_at(4 * HOUR, [Run(sofia("2026-03-06T16:00"))], until_five) == sofia(
        "2026-03-09T12:00"
    )


def test_eight_hours_from_a_saturday_end_at_closing_on_monday():
    until_five = WorkCalendar(zone=SOFIA, week=dict.fromkeys(range(5), ((9 * 3600, 17 * 3600),)))

    assert due_at(8 * HOUR, [Run(sofia("2026-03-07T11:00"))], until_five) == sofia(
        "2026-03-09T17:00"
    )


def test_a_pause_wholly_outside_hours_moves_nothing():
    start = sofia("2026-03-04T16:00")
    at_night = [Run(start, sofia("2026-03-04T20:00")), Run(sofia("2026-03-05T07:00"))]

    assert due_at(8 * HOUR, at_night, OFFICE) == due_at(8 * HOUR, [Run(start)], OFFICE)


def test_nothing_is_due_while_the_clock_stands_still():
    start = sofia("2026-03-04T10:00")

    assert due_at(2 * HOUR, [Run(start, start + HOUR)], OFFICE) is None


def test_a_clock_paused_at_its_due_moment_is_due_when_it_runs_again():
    start, again = sofia("2026-03-04T10:00"), sofia("2026-03-05T10:00")
    runs = [Run(start, start + HOUR), Run(again)]

    assert due_at(HOUR, runs, OFFICE) == again


def test_a_share_used_before_the_pause_keeps_its_moment():
    start, again = sofia("2026-03-04T10:00"), sofia("2026-03-05T10:00")
    runs = [Run(start, start + HOUR), Run(again)]

    assert moment_of(HOUR / 2, runs, OFFICE) == start + HOUR / 2


def test_used_counts_only_what_has_run_until_the_moment():
    start = sofia("2026-03-04T10:00")
    runs = [Run(start, start + HOUR), Run(start + 2 * HOUR)]

    assert used(runs, OFFICE, start + HOUR / 2) == HOUR / 2
    assert used(runs, OFFICE, start + 3 * HOUR) == 2 * HOUR
    assert used(runs, OFFICE, start - HOUR) == timedelta()


def test_a_run_of_no_length_counts_nothing():
    start = datetime(2026, 3, 4, 8, tzinfo=UTC)

    assert due_at(HOUR, [Run(start, start), Run(start)], OFFICE) == start + HOUR
