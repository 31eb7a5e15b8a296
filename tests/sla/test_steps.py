"""When which step happens, without a database."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.worktime import WorkCalendar
from sla.clock import Run
from sla.steps import AFTER_DUE, BREACH, HOUSE_STEPS, REASSIGN, Course, Step, moments
from tests.examples import example
from tests.sla.test_clock import OFFICE, moment, sofia

HOUR = timedelta(hours=1)
ALWAYS = WorkCalendar.always(ZoneInfo("Europe/Sofia"))
MORNING = sofia("2026-03-04T10:00")
EVENING = sofia("2026-03-04T20:00")


def course(target, *runs, calendar=OFFICE, **given):
    return Course(target=target, runs=runs, calendar=calendar, office=OFFICE, **given)


def told(steps, way):
    return {each.key: each.at for each in moments(steps, way)}


def test_e4_9_the_house_tells_at_three_shares_of_the_target():
    inputs, _outputs = example("E4.1")
    _base, outputs = example("E4.9")
    target = timedelta(minutes=inputs["target_business_minutes"])
    steps = [step for step in HOUSE_STEPS if step.concerns("p2", "first_response")]

    moment_of = told(steps, course(target, Run(moment(inputs["received"]))))

    assert moment_of.pop(BREACH) == moment(example("E4.1")[1]["due"]) + AFTER_DUE
    assert moment_of == {key: moment(outputs[f"warn_{key}"]) for key in ("50", "75", "90")}


def test_e4_2_the_breach_comes_just_after_the_due_moment_across_the_clock_change():
    inputs, outputs = example("E4.2")
    target = timedelta(minutes=inputs["target_minutes"])

    moment_of = told([], course(target, Run(moment(inputs["received"])), calendar=ALWAYS))

    assert moment_of == {BREACH: moment(outputs["due"]) + AFTER_DUE}


@pytest.mark.parametrize(
    ("step", "at"),
    [
        ({"percent": 25}, "2026-03-04T11:00"),
        ({"from_due": -HOUR}, "2026-03-04T13:00"),
        ({"from_due": timedelta()}, "2026-03-04T14:00"),
        ({"from_due": HOUR / 2}, "2026-03-04T14:30"),
        ({"from_due": 5 * HOUR}, "2026-03-05T10:00"),
    ],
)
def test_a_step_is_at_a_share_of_the_time_or_counted_hours_around_the_deadline(step, at):
    moment_of = told([Step(key="step", any_hour=True, **step)], course(4 * HOUR, Run(MORNING)))

    assert moment_of["step"] == sofia(at)


def test_a_step_before_the_start_of_a_short_target_is_left_out():
    steps = [Step(key="step", from_due=-5 * HOUR, any_hour=True)]

    assert set(told(steps, course(4 * HOUR, Run(MORNING)))) == {BREACH}


def test_a_step_waits_for_the_office_to_open_unless_it_may_come_at_any_hour():
    night = course(4 * HOUR, Run(EVENING), calendar=ALWAYS)
    steps = [Step(key="day", percent=50), Step(key="night", percent=50, any_hour=True)]

    assert told(steps, night) == {
        "night": sofia("2026-03-04T22:00"),
        BREACH: sofia("2026-03-05T00:00") + AFTER_DUE,
        "day": sofia("2026-03-05T09:00"),
    }


def test_a_breach_at_closing_time_is_told_that_evening():
    due = sofia("2026-03-04T18:00")

    assert told([], course(8 * HOUR, Run(MORNING))) == {BREACH: due + AFTER_DUE}


def test_a_step_repeats_in_counted_time_up_to_its_limit():
    step = Step(key="step", from_due=HOUR, any_hour=True, again=4 * HOUR, most=2)

    assert told([step], course(2 * HOUR, Run(MORNING))) == {
        BREACH: sofia("2026-03-04T12:00") + AFTER_DUE,
        "step": sofia("2026-03-04T13:00"),
        "step.1": sofia("2026-03-04T17:00"),
        "step.2": sofia("2026-03-05T12:00"),
    }


def test_a_pause_moves_the_steps_behind_it_and_none_before():
    runs = [Run(MORNING, MORNING + HOUR), Run(MORNING + 3 * HOUR)]
    steps = [
        Step(key="before", percent=25, any_hour=True),
        Step(key="behind", percent=75, any_hour=True),
    ]

    moment_of = told(steps, course(2 * HOUR, *runs))

    assert (moment_of["before"], moment_of["behind"]) == (
        MORNING + HOUR / 2,
        MORNING + 3.5 * HOUR,
    )


def test_a_pause_after_the_deadline_moves_what_comes_later():
    runs = [Run(MORNING, MORNING + 2 * HOUR), Run(MORNING + 5 * HOUR)]
    steps = [Step(key="step", from_due=1.5 * HOUR, any_hour=True)]

    moment_of = told(steps, course(HOUR, *runs))

    assert moment_of["step"] == MORNING + 5.5 * HOUR


def test_while_it_stands_still_only_what_was_reached_has_a_moment():
    steps = [Step(key="50", percent=50, any_hour=True), Step(key="75", percent=75, any_hour=True)]

    assert told(steps, course(2 * HOUR, Run(MORNING, MORNING + HOUR * 1.25))) == {
        "50": MORNING + HOUR
    }


def test_a_longer_time_given_after_the_breach_is_nothing_to_be_warned_of():
    breached_at = MORNING + HOUR
    steps = [
        Step(key="50", percent=50, any_hour=True),
        Step(key="late", from_due=HOUR, any_hour=True),
    ]

    moment_of = told(steps, course(6 * HOUR, Run(MORNING), breached_at=breached_at))

    assert moment_of == {BREACH: breached_at + AFTER_DUE, "late": sofia("2026-03-04T17:00")}


@pytest.mark.parametrize(
    ("step", "concerned"),
    [({}, 4), ({"priority": "p1"}, 2), ({"metric": "update"}, 2), ({"priority": "p1", "metric": "update"}, 1)],
)  # fmt: skip
def test_a_step_concerns_the_clocks_that_it_names(step, concerned):
    clocks = [
        (priority, metric) for priority in ("p1", "p2") for metric in ("update", "resolution")
    ]

    assert sum(Step(key="step", **step).concerns(*clock) for clock in clocks) == concerned


def test_only_p1_goes_to_the_executives_of_the_house():
    [to_executives] = [step for step in HOUSE_STEPS if "executive" in step.hearers]

    assert to_executives.priority == "p1"
    assert to_executives.from_due == timedelta(minutes=30)


minutes = st.integers(min_value=1, max_value=3 * 24 * 60)
any_step = st.builds(
    Step,
    key=st.uuids().map(str),
    percent=st.none() | st.integers(1, 99),
    from_due=st.integers(-600, 600).map(lambda count: timedelta(minutes=count)),
    action=st.sampled_from(["notify", REASSIGN]),
    any_hour=st.booleans(),
    again=minutes.map(lambda count: timedelta(minutes=count)),
    most=st.integers(0, 5),
)


@given(
    steps=st.lists(any_step, max_size=5),
    target=minutes,
    turns=st.lists(minutes, max_size=5),
    calendar=st.sampled_from([OFFICE, ALWAYS]),
)
def test_steps_come_in_order_each_once_and_in_hours_unless_they_may_come_at_any(
    steps, target, turns, calendar
):
    at, turning = MORNING, [MORNING]
    for wait in turns:
        at += timedelta(minutes=wait)
        turning.append(at)
    runs = [Run(*pair) for pair in zip(turning[::2], [*turning[1::2], None], strict=False)]
    way = course(timedelta(minutes=target), *runs, calendar=calendar)

    found = moments(steps, way)

    assert [each.at for each in found] == sorted(each.at for each in found)
    assert len({each.key for each in found}) == len(found)
    assert all(each.at >= MORNING for each in found)
    assert all(each.step.any_hour or OFFICE.is_open(each.at) for each in found)
    if runs[-1].ends_at is None:
        expected = sum(
            each.counted(way.target) + (each.again * turn) >= timedelta()
            for each in steps
            for turn in range(each.most + 1)
        )
        assert len(found) == expected + 1
