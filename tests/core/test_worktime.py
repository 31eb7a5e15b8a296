"""Worked examples and hostile cases; the laws are in test_worktime_properties."""

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.worktime import CalendarExhausted, NeverOpen, Reason, WorkCalendar

HOUR = 3600
MIDNIGHT = 24 * HOUR
ROOT = Path(__file__).parents[2]
SOFIA = ZoneInfo("Europe/Sofia")
NINE_TO_FIVE = ((9 * HOUR, 17 * HOUR),)
NINE_TO_SIX = ((9 * HOUR, 18 * HOUR),)
ALL_DAY = ((0, MIDNIGHT),)


def hours(count, **rest):
    return timedelta(hours=count, **rest)


def working_week(zone=SOFIA, day=NINE_TO_SIX, **special):
    return WorkCalendar(zone=zone, week=dict.fromkeys(range(5), day), **special)


def every_day(zone, *intervals, **special):
    return WorkCalendar(zone=ZoneInfo(zone), week=dict.fromkeys(range(7), intervals), **special)


def sofia(text):
    return datetime.fromisoformat(text).replace(tzinfo=SOFIA)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def spec_calendar():
    return working_week(special={date(2026, 3, 3): ()})


@pytest.mark.parametrize(
    ("share", "due"),
    [
        (1.00, "2026-03-04T15:40:00+02:00"),
        (0.50, "2026-03-04T11:40:00+02:00"),
        (0.75, "2026-03-04T13:40:00+02:00"),
        (0.90, "2026-03-04T14:52:00+02:00"),
    ],
)
def test_business_hours_step_over_a_holiday(spec_calendar, share, due):
    """E4.1 and E4.9."""
    start = datetime.fromisoformat("2026-03-02T16:40:00+02:00")

    assert spec_calendar.add(start, hours(8) * share) == datetime.fromisoformat(due)


def test_a_pause_moves_the_due_time_by_its_open_time(spec_calendar):
    """E4.1 with its pause: the remaining time runs on from the end of the pause."""
    start, paused, resumed = map(
        sofia, ("2026-03-02T16:40", "2026-03-04T10:00", "2026-03-04T11:30")
    )

    left = hours(8) - spec_calendar.between(start, paused)

    assert spec_calendar.add(resumed, left) == sofia("2026-03-04T17:10")


def test_round_the_clock_hours_run_through_a_clock_change():
    """E4.2."""
    start = datetime.fromisoformat("2026-03-29T01:30:00+02:00")

    due = WorkCalendar.always(SOFIA).add(start, hours(4))

    assert due == datetime.fromisoformat("2026-03-29T06:30:00+03:00")


def test_own_mistake_is_told_within_business_hours():
    """E3.9."""
    assert working_week().add(sofia("2026-03-10T16:30"), hours(4)) == sofia("2026-03-11T11:30")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-06T15:00", 2, "2026-03-10T18:00"),  # E3.10
        ("2026-03-06T23:59", 1, "2026-03-09T18:00"),
        ("2026-03-07T00:00", 1, "2026-03-09T18:00"),  # Saturday
        ("2026-03-02T08:00", 1, "2026-03-04T18:00"),  # the holiday of 3 March
        ("2026-03-02T19:00", 5, "2026-03-10T18:00"),
    ],
)
def test_business_days_end_in_the_evening_of_the_last_one(spec_calendar, start, days, due):
    assert spec_calendar.add_days(sofia(start), days) == sofia(due)


def test_business_days_are_dates_of_the_calendar_not_of_the_caller():
    start = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)  # already Friday 00:30 in Sofia

    assert working_week().add_days(start, 1, at=time(9, 30)) == sofia("2026-03-09T09:30")


def test_a_working_saturday_is_a_business_day():
    calendar = working_week(special={date(2026, 3, 7): NINE_TO_FIVE})

    assert calendar.add_days(sofia("2026-03-06T15:00"), 1) == sofia("2026-03-07T18:00")


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 3, 28), time(3, 30), "2026-03-29T01:30"),  # skipped: 04:30 summer time
        (date(2026, 10, 24), time(3, 30), "2026-10-25T00:30"),  # repeated: the first
    ],
)
def test_a_time_of_day_that_the_clocks_change_is_still_one_moment(day, at, expected):
    calendar = every_day("Europe/Sofia", (0, MIDNIGHT))

    assert calendar.add_days(datetime.combine(day, time(12), SOFIA), 1, at) == utc(expected)


@pytest.mark.parametrize(("days", "at"), [(0, time(18)), (-1, time(18)), (1, time(18, tzinfo=UTC))])
def test_business_days_refuse_what_has_no_meaning(days, at):
    with pytest.raises(ValueError, match="number of days from 1 up"):
        working_week().add_days(sofia("2026-03-06T15:00"), days, at)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-03-06T16:00", hours(4), "2026-03-09T12:00"),
        ("2026-03-07T12:00", hours(8), "2026-03-09T17:00"),
        ("2026-03-06T09:00", hours(8), "2026-03-06T17:00"),
        ("2026-03-06T17:00", timedelta(microseconds=1), "2026-03-09T09:00:00.000001"),
        ("2026-03-06T16:59:59.999999", timedelta(microseconds=1), "2026-03-06T17:00"),
        ("2026-03-06T16:59:59.999999", timedelta(microseconds=2), "2026-03-09T09:00:00.000001"),
        ("2026-03-06T08:00", hours(40), "2026-03-12T17:00"),
    ],
)
def test_a_budget_ends_at_closing_time_and_goes_on_after_the_weekend(start, amount, due):
    assert working_week(day=NINE_TO_FIVE).add(sofia(start), amount) == sofia(due)


@pytest.mark.parametrize(
    ("end", "amount", "start"),
    [
        ("2026-03-09T12:00", hours(4), "2026-03-06T16:00"),
        ("2026-03-09T12:00", hours(3), "2026-03-09T09:00"),
        ("2026-03-06T17:00", hours(8), "2026-03-06T09:00"),
        ("2026-03-08T12:00", hours(8), "2026-03-06T09:00"),
        ("2026-03-09T09:00", timedelta(microseconds=1), "2026-03-06T16:59:59.999999"),
    ],
)
def test_subtract_finds_the_latest_start(end, amount, start):
    assert working_week(day=NINE_TO_FIVE).subtract(sofia(end), amount) == sofia(start)


@pytest.mark.parametrize("at", ["2026-03-06T12:00", "2026-03-06T17:00", "2026-03-07T12:00"])
def test_nothing_has_passed_at_the_start_itself(at):
    calendar = working_week(day=NINE_TO_FIVE)

    assert calendar.add(sofia(at), timedelta()) == sofia(at)
    assert calendar.subtract(sofia(at), timedelta()) == sofia(at)
    assert calendar.between(sofia(at), sofia(at)) == timedelta()


def test_time_backwards_is_negative():
    calendar = working_week(day=NINE_TO_FIVE)

    assert calendar.between(sofia("2026-03-09T12:00"), sofia("2026-03-06T16:00")) == -hours(4)


@pytest.mark.parametrize(
    ("at", "is_open", "opens", "closes"),
    [
        ("2026-03-06T08:59:59.999999", False, "2026-03-06T09:00", "2026-03-06T17:00"),
        ("2026-03-06T09:00", True, "2026-03-06T09:00", "2026-03-06T17:00"),
        ("2026-03-06T16:59:59.999999", True, "2026-03-06T16:59:59.999999", "2026-03-06T17:00"),
        ("2026-03-06T17:00", False, "2026-03-09T09:00", "2026-03-09T17:00"),
        ("2026-12-31T17:00", False, "2027-01-01T09:00", "2027-01-01T17:00"),
    ],
)
def test_opening_and_closing(at, is_open, opens, closes):
    calendar = working_week(day=NINE_TO_FIVE)

    assert calendar.is_open(sofia(at)) is is_open
    assert calendar.next_open(sofia(at)) == sofia(opens)
    assert calendar.next_close(sofia(at)) == sofia(closes)


def test_answers_are_in_utc():
    calendar, at = working_week(), sofia("2026-03-06T12:00")

    answers = [
        calendar.add(at, hours(1)),
        calendar.add(at, timedelta()),
        calendar.subtract(at, hours(1)),
        calendar.next_open(at),
        calendar.next_close(at),
        calendar.add_days(at, 1),
        *next(calendar.spans(at, at + hours(1))),
    ]

    assert {answer.tzinfo for answer in answers} == {UTC}


def test_a_lunch_break_is_closed():
    calendar = working_week(day=((9 * HOUR, 13 * HOUR), (14 * HOUR, 18 * HOUR)))

    assert not calendar.is_open(sofia("2026-03-06T13:30"))
    assert calendar.add(sofia("2026-03-06T12:00"), hours(1)) == sofia("2026-03-06T13:00")
    assert calendar.add(sofia("2026-03-06T12:00"), hours(2)) == sofia("2026-03-06T15:00")


def test_the_order_and_the_cutting_of_hours_make_no_difference():
    tidy = working_week(day=((9 * HOUR, 17 * HOUR), (18 * HOUR, MIDNIGHT)))
    untidy = working_week(
        day=((18 * HOUR, 0), (12 * HOUR, 17 * HOUR), (9 * HOUR, 12 * HOUR), (10 * HOUR, 11 * HOUR))
    )

    assert untidy == tidy


def test_hours_over_midnight_are_split_by_local_date():
    friday_night = WorkCalendar(zone=SOFIA, week={4: ((22 * HOUR, 6 * HOUR),)})

    assert friday_night.week[4] == ((22 * HOUR, MIDNIGHT),)
    assert friday_night.week[5] == ((0, 6 * HOUR),)
    assert friday_night.next_close(sofia("2026-03-06T23:00")) == sofia("2026-03-07T06:00")


def test_sunday_night_runs_into_monday():
    calendar = WorkCalendar(zone=SOFIA, week={6: ((22 * HOUR, 6 * HOUR),)})

    assert calendar.between(sofia("2026-03-09T00:00"), sofia("2026-03-10T00:00")) == hours(6)


def test_hours_that_close_when_they_open_last_a_day():
    calendar = WorkCalendar(zone=SOFIA, week={2: ((9 * HOUR, 9 * HOUR),)})

    assert calendar.week[2] == ((9 * HOUR, MIDNIGHT),)
    assert calendar.week[3] == ((0, 9 * HOUR),)


def test_midnight_joins_the_days_on_both_sides():
    calendar = WorkCalendar(zone=SOFIA, week={4: ALL_DAY, 5: ((0, 6 * HOUR),)})

    spans = list(calendar.spans(sofia("2026-03-05T00:00"), sofia("2026-03-08T00:00")))

    assert spans == [(sofia("2026-03-06T00:00"), sofia("2026-03-07T06:00"))]


def test_open_time_joins_over_new_year():
    calendar = every_day("America/New_York", (9 * HOUR, 2 * HOUR))
    at = utc("2026-12-31T23:30")

    assert calendar.next_close(at) == utc("2027-01-01T07:00")
    assert len(list(calendar.spans(at, at + hours(4)))) == 1


def test_a_special_day_replaces_its_own_date_and_no_other():
    night_shift = every_day(
        "Europe/Sofia", (22 * HOUR, 6 * HOUR), special={date(2026, 3, 3): ((10 * HOUR, 11 * HOUR),)}
    )

    assert night_shift.open_on(date(2026, 3, 2)) == hours(8)
    assert night_shift.open_on(date(2026, 3, 3)) == hours(1)
    assert night_shift.open_on(date(2026, 3, 4)) == hours(8)


@pytest.mark.parametrize(
    ("next_day", "expected"),
    [
        ({}, hours(4 + 8)),  # Wednesday keeps its own hours too
        ({date(2026, 3, 4): ((9 * HOUR, 10 * HOUR),)}, hours(4 + 1)),
        ({date(2026, 3, 4): ((2 * HOUR, 5 * HOUR),)}, hours(5)),
        ({date(2026, 3, 4): ()}, hours(0)),  # closed is closed
    ],
)
def test_special_hours_may_run_over_midnight(next_day, expected):
    eve = {date(2026, 3, 3): ((20 * HOUR, 4 * HOUR),)}

    calendar = working_week(day=NINE_TO_FIVE, special=next_day | eve)

    assert calendar.open_on(date(2026, 3, 3)) == hours(4)
    assert calendar.open_on(date(2026, 3, 4)) == expected


def test_a_target_over_two_holidays_steps_over_both():
    calendar = working_week(special={date(2026, 3, 3): (), date(2026, 3, 5): ()})

    assert calendar.add(sofia("2026-03-02T17:00"), hours(12)) == sofia("2026-03-06T11:00")


@pytest.mark.parametrize(
    ("zone", "interval", "day", "expected"),
    [
        ("Europe/Sofia", (3, 4), date(2026, 3, 29), 0),  # 03:00 to 04:00 is skipped
        ("Europe/Sofia", (2.5, 4.5), date(2026, 3, 29), 1),
        ("Europe/Sofia", (0, 24), date(2026, 3, 29), 23),
        ("Europe/Sofia", (3, 4), date(2026, 10, 25), 2),  # and comes twice
        ("Europe/Sofia", (3.5, 4), date(2026, 10, 25), 1),
        ("Europe/Sofia", (0, 24), date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", (1.5, 2), date(2026, 4, 5), 1),  # half an hour back
        ("Australia/Lord_Howe", (0, 24), date(2026, 10, 4), 23.5),
        ("Europe/Dublin", (1, 2), date(2026, 3, 29), 0),  # winter is the negative one
        ("Europe/Dublin", (1, 2), date(2026, 10, 25), 2),
        ("America/Sao_Paulo", (0, 1), date(2018, 11, 4), 0),  # no midnight
        ("America/Sao_Paulo", (23, 24), date(2018, 2, 17), 2),  # 23:00 after midnight was near
        ("Asia/Beirut", (0, 1), date(2026, 3, 29), 0),
        ("Asia/Beirut", (0, 24), date(2026, 3, 29), 23),
        ("Africa/Casablanca", (2, 3), date(2026, 2, 15), 2),  # Ramadan begins
        ("Asia/Tehran", (0, 1), date(2022, 3, 22), 0),
        ("Pacific/Chatham", (2.75, 3.75), date(2026, 4, 5), 2),
        ("America/St_Johns", (23, 24), date(2006, 10, 28), 2 - 1 / 60),  # back from 00:01 to 23:01
        ("America/St_Johns", (0, 1), date(2006, 10, 29), 1 + 1 / 60),
        ("Pacific/Apia", (0, 24), date(2011, 12, 30), 0),  # the date that was left out
        ("Pacific/Apia", (0, 24), date(2011, 12, 31), 24),
        ("Pacific/Kwajalein", (9, 17), date(1969, 9, 30), 16),  # the date that came twice
        ("Asia/Kathmandu", (0, 24), date(1986, 1, 1), 23.75),
        ("Africa/Monrovia", (0, 24), date(1972, 1, 7), 24 - (44 * 60 + 30) / HOUR),
    ],
)
def test_the_local_wall_clock_decides(zone, interval, day, expected):
    calendar = every_day(zone, tuple(int(hour * HOUR) for hour in interval))

    assert calendar.open_on(day) == hours(expected)


def test_a_date_that_the_zone_left_out_is_no_business_day():
    calendar = every_day("Pacific/Apia", *NINE_TO_FIVE)
    start = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))

    due = calendar.add_days(start, 1)

    assert due == datetime(2011, 12, 31, 18, tzinfo=ZoneInfo("Pacific/Apia"))


def test_fold_tells_the_two_readings_of_a_repeated_time_apart():
    calendar = every_day("Europe/Sofia", (3 * HOUR, 4 * HOUR))
    first = sofia("2026-10-25T03:30")
    second = first.replace(fold=1)

    assert calendar.between(first, second) == hours(1)
    assert calendar.add(first, hours(1)) == calendar.add(second, timedelta())


@pytest.mark.parametrize("method", ["is_open", "next_open", "next_close"])
def test_naive_moments_are_refused(method):
    with pytest.raises(ValueError, match="has no time zone"):
        getattr(working_week(), method)(datetime(2026, 3, 6, 12))  # noqa: DTZ001 -- the point


@pytest.mark.parametrize("method", ["add", "subtract", "explain"])
@pytest.mark.parametrize("amount", [timedelta(), hours(1)])
def test_naive_starts_are_refused(method, amount):
    with pytest.raises(ValueError, match="has no time zone"):
        getattr(working_week(), method)(datetime(2026, 3, 6, 12), amount)  # noqa: DTZ001 -- the point


@pytest.mark.parametrize("method", ["add", "subtract", "explain"])
def test_negative_amounts_are_refused(method):
    with pytest.raises(ValueError, match="is negative"):
        getattr(working_week(), method)(sofia("2026-03-06T12:00"), -timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("week", "special"),
    [
        ({}, {}),
        ({0: (), 4: ()}, {}),
        ({}, {date(2020, 1, 1): NINE_TO_FIVE}),
    ],
)
def test_a_calendar_that_would_never_open_again_is_refused(week, special):
    with pytest.raises(NeverOpen):
        WorkCalendar(zone=SOFIA, week=week, special=special)


@pytest.mark.parametrize(
    ("day_hours", "error"),
    [
        (((-1, 3600),), ValueError),
        (((0, MIDNIGHT + 1),), ValueError),
        (((MIDNIGHT, 3600),), ValueError),
        (((0.5, 3600),), TypeError),
        ((("9:00", "17:00"),), TypeError),
        (((0, 1, 2),), ValueError),
        (((0,),), ValueError),
        (((None, None),), TypeError),
    ],
)
def test_malformed_hours_are_refused(day_hours, error):
    with pytest.raises(error):
        WorkCalendar(zone=SOFIA, week={0: day_hours})
    with pytest.raises(error):
        working_week(special={date(2026, 3, 3): day_hours})


@pytest.mark.parametrize("weekday", [-1, 7, "0"])
def test_a_week_has_seven_days(weekday):
    with pytest.raises(ValueError, match="is not a weekday"):
        WorkCalendar(zone=SOFIA, week={weekday: NINE_TO_FIVE})


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 3, tzinfo=UTC), date(1899, 12, 31), date(2200, 1, 1)]
)
def test_a_special_day_is_a_date_that_calendars_know(day):
    with pytest.raises(ValueError, match="A special day is a date"):
        working_week(special={day: ()})


@pytest.mark.parametrize("calendar", [working_week(), WorkCalendar.always(SOFIA)])
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("add", (utc("2199-12-31T00:00"), hours(72))),
        ("add", (utc("2026-03-06T12:00"), timedelta.max)),
        ("add", (utc("2200-01-01T00:00"), hours(1))),
        ("subtract", (utc("1900-01-02T00:00"), hours(72))),
        ("subtract", (utc("2026-03-06T12:00"), timedelta.max)),
        ("between", (datetime.min.replace(tzinfo=UTC), utc("2026-03-06T12:00"))),
        ("between", (utc("2026-03-06T12:00"), datetime.max.replace(tzinfo=SOFIA))),
        ("is_open", (utc("2200-01-01T00:00"),)),
        ("next_open", (utc("1899-12-31T23:59"),)),
        ("next_close", (utc("2199-12-31T23:00"),)),
        ("add_days", (utc("2199-12-30T00:00"), 10)),
        ("days", (utc("2026-03-06T12:00"), datetime.max.replace(tzinfo=UTC))),
        ("days", (datetime.min.replace(tzinfo=UTC), utc("2026-03-06T12:00"))),
    ],
)
def test_the_horizon_is_said_clearly(calendar, method, arguments):
    with pytest.raises(CalendarExhausted):
        getattr(calendar, method)(*arguments)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("add", (utc("2190-01-01T00:00"), timedelta(days=3000))),
        ("subtract", (utc("1910-01-01T00:00"), timedelta(days=3000))),
        ("next_open", (utc("2199-12-31T23:00"),)),
    ],
)
def test_open_time_runs_out_before_the_horizon_does(method, arguments):
    with pytest.raises(CalendarExhausted):
        getattr(working_week(), method)(*arguments)


def test_years_of_closed_days_end_in_an_answer():
    closed = {date(2026, 1, 1) + timedelta(days=day): () for day in range(20 * 365)}
    calendar = working_week(special=closed)

    assert calendar.next_open(sofia("2026-03-06T12:00")) == sofia("2045-12-27T09:00")
    assert calendar.add_days(sofia("2026-03-06T12:00"), 1) == sofia("2045-12-27T18:00")
    assert calendar.subtract(sofia("2045-12-27T09:00"), hours(1)) == sofia("2025-12-31T17:00")


def test_round_the_clock_with_one_holiday_closes_once():
    calendar = every_day("Europe/Sofia", (0, MIDNIGHT), special={date(2040, 3, 3): ()})

    assert calendar.next_close(sofia("2026-03-06T12:00")) == sofia("2040-03-03T00:00")
    assert calendar.next_open(sofia("2040-03-03T12:00")) == sofia("2040-03-04T00:00")


def test_always_is_always():
    always, at = WorkCalendar.always(SOFIA), utc("2026-03-06T10:00")

    assert always.is_open(at)
    assert always.next_open(at) == at
    assert always.between(at, at + hours(1000)) == hours(1000)
    assert always.subtract(at, hours(30)) == sofia("2026-03-05T06:00")
    assert list(always.spans(at, at + hours(3))) == [(at, at + hours(3))]
    assert always == every_day("Europe/Sofia", (0, 0))


def test_spans_are_cut_at_both_ends():
    calendar = working_week(day=NINE_TO_FIVE)

    spans = list(calendar.spans(sofia("2026-03-06T16:00"), sofia("2026-03-09T10:00")))

    assert spans == [
        (sofia("2026-03-06T16:00"), sofia("2026-03-06T17:00")),
        (sofia("2026-03-09T09:00"), sofia("2026-03-09T10:00")),
    ]


def test_spans_leave_out_what_only_touches():
    calendar = working_week(day=NINE_TO_FIVE)

    spans = list(calendar.spans(sofia("2026-03-05T17:00"), sofia("2026-03-09T09:00")))

    assert spans == [(sofia("2026-03-06T09:00"), sofia("2026-03-06T17:00"))]


@pytest.mark.parametrize("end", ["2026-03-06T12:00", "2026-03-05T12:00"])
def test_no_time_has_no_spans_and_no_days(end):
    start = sofia("2026-03-06T12:00")

    assert list(working_week().spans(start, sofia(end))) == []
    assert list(working_week().days(start, sofia(end))) == []
    assert working_week().days(start, sofia(end)).total == timedelta()


def test_every_date_of_an_explanation_says_why(spec_calendar):
    explained = spec_calendar.explain(sofia("2026-03-02T16:40"), hours(8))

    assert [(day.day.day, day.reason, day.counted) for day in explained] == [
        (2, Reason.WEEK, timedelta(hours=1, minutes=20)),
        (3, Reason.CLOSED_SPECIAL, timedelta()),
        (4, Reason.WEEK, timedelta(hours=6, minutes=40)),
    ]
    assert explained.total == hours(8)
    assert explained[2].hours == NINE_TO_SIX
    assert explained[2].spans == ((sofia("2026-03-04T09:00"), sofia("2026-03-04T15:40")),)


def test_an_explanation_names_weekends_and_working_saturdays():
    calendar = working_week(special={date(2026, 3, 7): ((10 * HOUR, 12 * HOUR),)})

    explained = calendar.explain(sofia("2026-03-06T19:00"), hours(3))

    assert [day.reason for day in explained] == [
        Reason.WEEK,
        Reason.SPECIAL,
        Reason.CLOSED_WEEKDAY,
        Reason.WEEK,
    ]
    assert [day.counted for day in explained] == [hours(0), hours(2), hours(0), hours(1)]


def test_an_explanation_ends_on_the_date_that_closes_at_midnight():
    calendar = every_day("Europe/Sofia", (18 * HOUR, MIDNIGHT))

    explained = calendar.explain(sofia("2026-03-06T18:00"), hours(6))

    assert [day.day for day in explained] == [date(2026, 3, 6)]


def test_an_explanation_shows_the_date_that_was_left_out():
    calendar = every_day("Pacific/Apia", *NINE_TO_FIVE)
    start = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))

    explained = calendar.explain(start, hours(8))

    assert [(day.day.day, day.reason) for day in explained] == [
        (29, Reason.WEEK),
        (30, Reason.SKIPPED),
        (31, Reason.WEEK),
    ]
    assert [day.counted for day in explained] == [hours(5), hours(0), hours(3)]


def test_an_explanation_gathers_a_date_that_the_clocks_show_twice():
    st_johns = ZoneInfo("America/St_Johns")
    calendar = WorkCalendar.always(st_johns)
    start = datetime(2006, 10, 29, 0, 0, 30, tzinfo=st_johns)  # half a minute before the change

    explained = calendar.explain(start, timedelta(minutes=45))

    assert [(day.day.day, day.counted) for day in explained] == [
        (28, timedelta(minutes=44, seconds=30)),
        (29, timedelta(seconds=30)),
    ]


def test_an_explanation_does_not_cut_a_day_at_the_new_year_of_utc():
    calendar = every_day("America/New_York", (9 * HOUR, 23 * HOUR))

    explained = calendar.explain(utc("2026-12-31T14:00"), hours(14))

    assert explained[0].spans == ((utc("2026-12-31T14:00"), utc("2027-01-01T04:00")),)


def test_an_explanation_is_read_like_a_list():
    explained = working_week().explain(sofia("2026-03-06T12:00"), hours(80))

    days = list(explained)

    assert len(explained) == len(days) == 14
    assert explained[-1] == days[-1]
    assert explained[2:4] == days[2:4]
    with pytest.raises(IndexError):
        explained[14]


def test_equal_calendars_are_one_key():
    calendars = {
        working_week(special={date(2026, 3, 3): []}),
        working_week(special={date(2026, 3, 3): ()}),
    }

    assert len(calendars) == 1
    assert working_week() != working_week(day=NINE_TO_FIVE)
    assert working_week() != working_week(zone=ZoneInfo("Europe/Kyiv"))


def test_a_calendar_read_back_is_the_same_calendar():
    calendar = every_day(
        "Europe/Sofia", (22 * HOUR, 6 * HOUR), special={date(2026, 3, 3): ((20 * HOUR, 4 * HOUR),)}
    )

    again = WorkCalendar(zone=calendar.zone, week=calendar.week, special=calendar.special)

    assert again == calendar
    assert len(again.week) == 7
    assert "Europe/Sofia" in repr(again)


def test_a_calendar_cannot_be_changed():
    week = {0: NINE_TO_FIVE}
    calendar = WorkCalendar(zone=SOFIA, week=week)
    week[0] = ()

    assert calendar.week[0] == NINE_TO_FIVE
    with pytest.raises(FrozenInstanceError):
        calendar.week = {}
    with pytest.raises(TypeError):
        calendar.week[0] = ()


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda calendar: pickle.loads(pickle.dumps(calendar))],  # noqa: S301 -- our own bytes
)
def test_a_copy_is_equal_and_works(spec_calendar, copied):
    start = sofia("2026-03-02T16:40")
    expected = spec_calendar.add(start, hours(8))

    assert copied(spec_calendar) == spec_calendar
    assert hash(copied(spec_calendar)) == hash(spec_calendar)
    assert copied(spec_calendar).add(start, hours(8)) == expected


def test_a_used_calendar_travels_as_light_as_a_new_one():
    calendar = working_week(special={date(2026, 3, 3): ()})
    fresh = pickle.dumps(calendar)

    calendar.add(sofia("2026-03-02T16:40"), hours(8))

    assert pickle.dumps(calendar) == fresh


def test_a_calendar_of_another_process_is_equal(spec_calendar):
    """The hashes of dates differ between processes."""
    load = "import pickle, sys; calendar = pickle.load(sys.stdin.buffer); "
    compare = "print(hash(calendar.special) == hash(type(calendar.special)(calendar.special)))"

    told = subprocess.run(
        [sys.executable, "-c", load + compare],
        input=pickle.dumps(spec_calendar),
        env={"PYTHONHASHSEED": "42", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )

    assert told.stdout == b"True\n"


def test_a_zone_object_of_its_own_makes_no_difference():
    assert working_week(zone=ZoneInfo.no_cache("Europe/Sofia")) == working_week()


def test_threads_share_a_calendar():
    calendar = working_week(day=((9 * HOUR, 17 * HOUR + 7),))
    moments = [sofia("2026-03-06T12:00") + timedelta(days=97 * step) for step in range(-150, 150)]

    with ThreadPoolExecutor(8) as pool:
        dues = list(pool.map(lambda at: calendar.add(at, hours(4000)), moments))

    alone = working_week(day=((9 * HOUR, 17 * HOUR + 7),))
    assert dues == [alone.add(at, hours(4000)) for at in moments]
