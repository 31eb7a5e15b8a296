"""Anniversaries of contracts, and how long the next one runs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.periods import first_review_after, follow_up, months_later

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
MONTHS = st.integers(1, 60)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_the_same_day_of_a_later_month_or_its_last_one(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "next_start", "next_end"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31)),
        (date(2027, 3, 1), date(2028, 2, 29), date(2028, 3, 1), date(2029, 2, 28)),
        (date(2026, 3, 1), date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 2, 27), date(2029, 2, 28), date(2030, 2, 27)),
        (date(2028, 2, 29), date(2029, 2, 28), date(2029, 3, 1), date(2030, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 3, 5), date(2026, 3, 14), date(2026, 3, 15), date(2026, 3, 24)),
        (date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_what_follows_starts_the_day_after_and_is_as_long(starts_on, ends_on, next_start, next_end):
    assert follow_up(starts_on, ends_on, today=starts_on) == (next_start, next_end)


def test_what_follows_starts_today_if_there_was_no_end_or_it_is_past():
    today = date(2027, 2, 10)

    assert follow_up(date(2026, 1, 1), None, today) == (today, None)
    assert follow_up(date(2026, 1, 1), date(2026, 12, 31), today) == (today, date(2028, 2, 9))


@given(DAYS, MONTHS)
def test_whole_months_stay_whole_months(starts_on, months):
    ends_on = months_later(starts_on, months) - timedelta(days=1)

    begins, ends = follow_up(starts_on, ends_on, today=starts_on)

    assert begins == ends_on + timedelta(days=1)
    assert ends == months_later(begins, months) - timedelta(days=1)


@given(DAYS, DAYS, st.integers(1, 12))
def test_the_next_review_is_the_first_in_its_rhythm_after_the_day(day, starts_on, every):
    found = first_review_after(day, starts_on, every)

    rhythm = [months_later(starts_on, every * turn) for turn in range(1, 260)]
    assert found == next(each for each in rhythm if each > day)
