"""Promises in plain words, and what a month has kept of them."""

from datetime import date, timedelta

import pytest

from sla import clockwork
from sla.house import Promised
from sla.promises import levels, usual_day
from sla.queries import kept_this_month
from sla.words import exact, in_days, sentence, within
from tests.factories import CalendarFactory, ContractFactory


@pytest.mark.parametrize(
    ("minutes", "around_the_clock", "words"),
    [
        (1, False, "within 1 working minute"),
        (30, False, "within 30 working minutes"),
        (60, False, "within 1 working hour"),
        (90, False, "within 1 working hour 30 working minutes"),
        (480, False, "within 8 working hours"),
        (30, True, "within 30 minutes, day and night"),
        (240, True, "within 4 hours, day and night"),
    ],
)
def test_a_time_in_words(minutes, around_the_clock, words):
    assert within(Promised(timedelta(minutes=minutes), around_the_clock)) == words


def test_a_priority_in_one_sentence():
    two, eight = Promised(timedelta(hours=2)), Promised(timedelta(hours=8))

    assert sentence(two, eight) == (
        "You call, we answer within 2 working hours; we solve it within 8 working hours."
    )
    assert sentence(two, None) == "You call, we answer within 2 working hours."
    assert sentence(None, eight) == "You call, we solve it within 8 working hours."


def test_whole_working_days_are_said_as_days():
    day = timedelta(hours=9)

    assert in_days(Promised(2 * day), day) == "2 working days"
    assert in_days(Promised(timedelta(hours=8)), day) == ""
    assert in_days(Promised(day, around_the_clock=True), day) == ""


@pytest.mark.django_db
def test_the_usual_day_is_known_only_if_all_days_are_alike():
    half_friday = {str(day): [[9 * 3600, 18 * 3600]] for day in range(4)} | {
        "4": [[9 * 3600, 12 * 3600]]
    }
    always = {str(day): [[0, 86_400]] for day in range(7)}

    lengths = [
        usual_day(CalendarFactory(special__week=week).current_id)
        for week in (None, half_friday, always)
    ]

    assert lengths == [timedelta(hours=9), None, None]


def test_exact_counts_hours_beyond_a_day():
    assert exact(timedelta(days=2, minutes=3, seconds=4)) == "48:03:04"


def test_levels_say_what_is_the_contracts_and_what_is_the_houses(account):
    contract = ContractFactory(account=account, targets={("p2", "resolution"): 540})

    [_p1, p2, _p3, _p4] = levels(contract, account.calendar)

    assert [(each.within, each.in_days, each.is_house) for each in p2.promises] == [
        ("within 2 working hours", "", True),
        ("within 9 working hours", "1 working day", False),
    ]


def test_kept_counts_what_fell_due_this_month(account, start, clock_of, now):
    met, late, open_late, cancelled, next_month = (start() for _each in range(5))
    due = clock_of(met, "first_response").due_at
    clockwork.stop_clock(met, "first_response", due)
    clockwork.stop_clock(late, "first_response", due + timedelta(seconds=1))
    clockwork.cancel_clocks(cancelled, now)
    clockwork.stop_clock(next_month, "first_response", now)
    type(clock_of(met)).objects.about(next_month).update(due_at=now + timedelta(days=40))

    kept = {
        metric.value: (each.met, each.of)
        for metric, each in kept_this_month(account, due + timedelta(hours=1))
    }

    assert open_late.pk
    assert kept == {"first_response": (1, 3), "resolution": (0, 0)}
    assert kept_this_month(account, now.replace(month=2))[0][1].of == 0
    assert date(2026, 3, 1) <= due.date()
