"""The rules of early warning, over dates and numbers."""

from datetime import date, timedelta
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.warning_signs import (
    ALPHA,
    MIN_EXPECTED,
    QUIET_DAYS,
    no_sla_reasons,
    quiet,
    untimely,
)
from tests.examples import example

LEVELS = {"red_churn_risk": "red", "amber_call_today": "amber"}
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def ago(*days):
    return [TODAY - each * DAY for each in days]


@pytest.mark.parametrize("name", ["E4.6", "E4.6b"])
def test_e4_6_judges_untimely_answers(name):
    inputs, outputs = example(name)
    missed_on = [date.fromisoformat(day) for day in inputs["missed_on"]]

    judged = untimely(missed_on, date.fromisoformat(inputs["today"]))

    assert (judged.misses_30d, judged.misses_60d) == (outputs["misses_30d"], outputs["misses_60d"])
    assert judged.level == LEVELS[outputs["level"]]


@pytest.mark.parametrize(
    ("days_ago", "level"),
    [
        ((), ""),
        ((0,), "amber"),
        ((29,), "amber"),
        ((30,), ""),
        ((0, 59), "red"),
        ((0, 60), "amber"),
        ((30, 59), "red"),
        ((59,), ""),
        ((60, 61, 62), ""),
        ((-1, -2), ""),
    ],
)
def test_the_windows_end_today_and_begin_29_and_59_days_before(days_ago, level):
    assert untimely(ago(*days_ago), TODAY).level == level


def test_two_untimely_answers_on_one_day_are_two():
    judged = untimely(ago(0, 0), TODAY)

    assert (judged.misses_30d, judged.misses_60d, judged.level) == (2, 2, "red")


days = st.lists(st.integers(min_value=-5, max_value=90), max_size=6)


@given(before=days, more=days)
def test_more_untimely_answers_never_calm_the_level(before, more):
    ranks = ["", "amber", "red"]

    calm, worse = untimely(ago(*before), TODAY), untimely(ago(*before, *more), TODAY)

    assert ranks.index(calm.level) <= ranks.index(worse.level)
    assert calm.misses_30d <= calm.misses_60d <= len(before)


def test_e4_5_hears_the_silence():
    inputs, outputs = example("E4.5")

    judged = quiet(
        inputs["baseline_contacts_per_30d"],
        observed=inputs["observed"],
        window_days=inputs["window_days"],
    )

    assert f"{judged.expected:.4f}" == outputs["expected"]
    assert f"{judged.probability:.4f}" == outputs["p_zero"]
    assert judged.is_alarming is outputs["alert"]
    assert inputs["alpha"] == ALPHA
    assert inputs["min_expected"] == MIN_EXPECTED
    assert inputs["window_days"] == QUIET_DAYS


def test_one_contact_ends_the_silence():
    assert not quiet(2.1, observed=1).is_alarming


@pytest.mark.parametrize(("per_30_days", "alarming"), [(2.0, True), (1.99, False), (0.0, False)])
def test_silence_alarms_from_three_expected_contacts(per_30_days, alarming):
    assert quiet(per_30_days, observed=0).is_alarming is alarming


@pytest.mark.parametrize(
    ("last_year", "expected"), [(None, 6.0), (9, 6.0), (6, 6.0), (3, 3.0), (0, 0.0)]
)
def test_a_seasonal_client_is_expected_as_last_year_if_that_is_less(last_year, expected):
    judged = quiet(4.0, observed=0, last_year_same_window=last_year)

    assert (judged.expected, judged.probability) == (expected, exp(-expected))
    assert judged.is_alarming is (expected >= 3)


def test_a_shorter_window_expects_less():
    assert quiet(2.1, observed=0, window_days=30).expected == 2.1


def test_e4_7_says_why_an_sla_is_needed():
    inputs, outputs = example("E4.7")

    reasons = no_sla_reasons(inputs["complaints_90d"], inputs["p1_p2_90d"], inputs["trivial_90d"])

    assert reasons == outputs["reasons"]
    assert bool(reasons) is outputs["alarm"]


@pytest.mark.parametrize(
    ("counts", "reasons"),
    [
        ((2, 1, 1), []),
        ((3, 0, 0), ["complaints_90d>=3"]),
        ((2, 2, 0), ["p1_p2_90d>=2"]),
        ((2, 0, 2), ["trivial_90d>=2"]),
        ((9, 4, 5), ["complaints_90d>=3", "p1_p2_90d>=2", "trivial_90d>=2"]),
    ],
)
def test_each_reason_has_its_own_threshold(counts, reasons):
    assert no_sla_reasons(*counts) == reasons
