"""How often a promise would have been kept in the client's own past."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType

from complaints.models import Complaint
from sla.history import Likely, likely, suggested_targets
from sla.house import HOUSE_STANDARD, Promised
from sla.models import Clock, ClockRun
from tests.factories import AccountFactory, CalendarFactory

HOUR = timedelta(hours=1)
ANSWER = ("p2", "", "first_response")
SOLUTION = ("p2", "", "resolution")
MONDAY = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
"""Monday 09:00 in Sofia, when the calendar opens."""


@pytest.fixture
def closed(account):
    """Return a function that makes a clock that was stopped after so many hours."""

    def close(hours, *, on=None, at=MONDAY, key=ANSWER, **given):
        priority, category, metric = key
        stopped_at = given.pop("stopped_at", at + hours * HOUR)
        clock = Clock.objects.create(
            account=on or account, subject_type=ContentType.objects.get_for_model(Complaint),
            subject_id=uuid4(), metric=metric, priority=priority, category=category,
            target=2 * HOUR, calendar_version_id=account.calendar.current_id, state="met",
            started_at=at, due_at=stopped_at, stopped_at=stopped_at, used=hours * HOUR, **given,
        )  # fmt: skip
        ClockRun.objects.create(clock=clock, starts_at=at, ends_at=stopped_at)
        return clock

    return close


def test_a_target_is_measured_on_what_was_achieved(account, closed, now):
    for hours in (1, 2, 3, 2):
        closed(hours)

    [found] = likely(account, account.calendar, {ANSWER: Promised(2 * HOUR)}, now).values()

    assert found == Likely(met=3, of=4, mostly=3 * HOUR)
    assert (found.percent, found.is_enough) == (Decimal(75), False)


def test_nothing_closed_says_nothing(account, now):
    assert likely(account, account.calendar, {ANSWER: Promised(HOUR)}, now) == {ANSWER: Likely()}
    assert Likely().percent is None


def test_nine_of_ten_were_done_within_the_ninetieth_percentile(account, closed, now):
    for hours in range(1, 11):
        closed(hours)

    [found] = likely(account, account.calendar, {ANSWER: Promised(HOUR)}, now).values()

    assert (found.mostly, found.is_enough) == (9 * HOUR, True)


def test_only_the_own_last_twelve_months_count(account, closed, now):
    a_year_ago = now - timedelta(days=365)
    closed(1, on=AccountFactory(calendar=account.calendar))
    closed(1, at=a_year_ago - HOUR)
    closed(1, at=a_year_ago - HOUR + timedelta(seconds=1))

    [found] = likely(account, account.calendar, {ANSWER: Promised(HOUR)}, now).values()

    assert found.of == 1


def test_a_case_for_which_nothing_is_promised_counts_for_nothing(account, closed, now):
    closed(1, key=("p3", "", "first_response"))

    assert likely(account, account.calendar, {ANSWER: Promised(HOUR)}, now) == {ANSWER: Likely()}


def test_what_is_open_cancelled_or_excluded_does_not_count(account, closed, now):
    closed(1)
    Clock.objects.filter(pk=closed(1).pk).update(state="running", stopped_at=None, used=None)
    Clock.objects.filter(pk=closed(1).pk).update(state="cancelled")
    Clock.objects.filter(pk=closed(3).pk).update(
        state="missed", breached_at=MONDAY, excluded_as="client_delay", excluded_because="Away"
    )

    [found] = likely(account, account.calendar, {ANSWER: Promised(HOUR)}, now).values()

    assert found == Likely(met=1, of=1, mostly=HOUR)


def test_a_category_takes_its_cases_from_the_target_for_all(account, closed, now):
    safety = ("p2", "safety", "first_response")
    closed(1, key=safety)
    closed(3)
    closed(3, key=("p2", "billing", "first_response"))
    targets = {ANSWER: Promised(3 * HOUR), safety: Promised(2 * HOUR)}

    found = likely(account, account.calendar, targets, now)

    assert {key: (each.met, each.of) for key, each in found.items()} == {
        ANSWER: (2, 2),
        safety: (1, 1),
    }


def test_a_day_and_night_target_counts_the_night_of_a_business_clock(account, closed, now):
    closed(2, stopped_at=MONDAY + timedelta(days=1))

    day_and_night = {ANSWER: Promised(12 * HOUR, around_the_clock=True)}
    [found] = likely(account, account.calendar, day_and_night, now).values()

    assert found == Likely(met=0, of=1, mostly=24 * HOUR)


def test_a_business_target_counts_an_all_day_clock_by_the_calendar(account, closed, now):
    calendar = CalendarFactory(special={date(2026, 2, 3): ("Closed", [])})
    closed(48, around_the_clock=True)

    [found] = likely(account, calendar, {ANSWER: Promised(9 * HOUR)}, now).values()

    assert found == Likely(met=1, of=1, mostly=9 * HOUR)


def test_working_days_are_as_long_as_the_calendar_is_open_on_the_day(account, closed, now):
    closed(9)
    closed(10)

    [found] = likely(account, account.calendar, {ANSWER: Promised(days=1)}, now).values()

    assert (found.met, found.of) == (1, 2)


def test_a_reopened_case_counts_in_proportion_to_its_share(account, closed, now):
    closed(2, key=SOLUTION, share=50)

    [found] = likely(account, account.calendar, {SOLUTION: Promised(3 * HOUR)}, now).values()

    assert found == Likely(met=0, of=1, mostly=4 * HOUR)


def test_history_costs_two_queries_and_looks_at_the_newest_500(
    account, closed, now, django_assert_num_queries
):
    first = closed(9)
    Clock.objects.bulk_create(
        Clock(
            account=account, subject_type=first.subject_type, subject_id=uuid4(),
            metric="first_response", priority="p2", target=HOUR, state="met", used=HOUR,
            calendar_version=first.calendar_version, started_at=MONDAY, due_at=now - HOUR,
            stopped_at=now - HOUR,
        )
        for _each in range(500)
    )  # fmt: skip
    targets = {ANSWER: Promised(HOUR), SOLUTION: Promised(8 * HOUR, around_the_clock=True)}
    closed(2, key=SOLUTION)
    likely(account, account.calendar, targets, now)

    with django_assert_num_queries(2):
        found = likely(account, account.calendar, targets, now)

    assert (found[ANSWER].met, found[ANSWER].of) == (500, 500)


def test_without_history_the_house_standard_is_proposed(account, now):
    assert suggested_targets(account, now) == {
        (priority, "", metric): promised for (priority, metric), promised in HOUSE_STANDARD.items()
    }


@pytest.mark.parametrize(
    ("hours", "cases", "suggested"),
    [
        (1, 10, Promised(HOUR)),
        (1, 9, Promised(2 * HOUR)),
        (3, 10, Promised(2 * HOUR)),
        (0, 10, Promised(HOUR / 6)),
        (0.75, 10, Promised(HOUR * 5 / 6)),
        (1.1, 10, Promised(HOUR * 1.5)),
    ],
)
def test_what_we_achieve_is_proposed_where_it_is_better(
    account, closed, now, hours, cases, suggested
):
    for _each in range(cases):
        closed(hours)

    assert suggested_targets(account, now)[ANSWER] == suggested


def test_long_times_are_rounded_up_to_hours(account, closed, now):
    for _each in range(10):
        closed(4.1, key=SOLUTION)
        closed(29, key=("p4", "", "resolution"))
        closed(3, key=("p4", "", "update"))

    proposal = suggested_targets(account, now)

    assert proposal[SOLUTION] == Promised(5 * HOUR)
    assert proposal["p4", "", "resolution"] == Promised(32 * HOUR)
    assert proposal["p4", "", "update"] == Promised(3 * HOUR)


def test_a_proposed_solution_is_never_earlier_than_the_answer(account, closed, now):
    for _each in range(10):
        closed(1, key=SOLUTION)

    proposal = suggested_targets(account, now)

    assert (proposal[ANSWER], proposal[SOLUTION]) == (Promised(2 * HOUR), Promised(2 * HOUR))
