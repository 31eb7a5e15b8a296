from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from core.wording import (
    LONG,
    SHORT,
    browser_text,
    duration_text,
    initials,
    moment_text,
    money_text,
    relative_text,
)

NOON = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "2 hr 10 min"), ("ru", "2 ч 10 мин"), ("uk", "2 год 10 хв"), ("bg", "2 ч 10 мин")],
)
def test_duration_speaks_the_readers_language(language, expected):
    with translation.override(language):
        assert duration_text(timedelta(hours=2, minutes=10)) == expected


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=24), "1 day"),
        (timedelta(days=3, hours=4, minutes=50), "3 days 4 hr"),
        (timedelta(days=1, minutes=5), "1 day 5 min"),
    ],
)
def test_duration_keeps_the_two_largest_units(span, expected):
    assert duration_text(span) == expected


def test_duration_of_business_time_counts_no_days():
    assert duration_text(timedelta(hours=40), largest="hour") == "40 hr"


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (timedelta(minutes=89), "in 89 minutes"),
        (timedelta(minutes=90), "in 2 hours"),
        (timedelta(hours=-26), "26 hours ago"),
        (timedelta(days=-12), "2 weeks ago"),
    ],
)
def test_relative_text_changes_the_unit_at_one_and_a_half(shift, expected):
    assert relative_text(NOON + shift, NOON) == expected


def test_moment_is_told_on_the_readers_wall_clock():
    with timezone.override("Europe/Sofia"), translation.override("uk"):
        assert moment_text(NOON, SHORT) == "11 бер., 12:00"
        assert moment_text(NOON, LONG) == "середа, 11 березня 2026, 12:00"


def test_money_follows_the_language():
    assert money_text(Decimal("4800.00"), "EUR") == "€4,800.00"
    with translation.override("bg"):
        assert money_text(Decimal("4800.00"), "EUR") == "4\xa0800,00\xa0€"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Vera Holm", "VH"), ("Anna Maria de Witt", "AW"), ("іван", "І"), ("", "")],
)
def test_initials_are_of_the_first_and_the_last_name(name, expected):
    assert initials(name) == expected


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/18.0 Safari/605.1", "Safari, macOS"),
        ("curl/8.5.0", "curl/8.5.0"),
    ],
)
def test_browser_is_named_as_people_name_it(user_agent, expected):
    assert browser_text(user_agent) == expected
