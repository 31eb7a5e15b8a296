"""Business time against `businesstimedelta`: ratios of one run, never seconds of one machine."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from timeit import Timer
from zoneinfo import ZoneInfo

import pytest
import pytz
from businesstimedelta import BusinessTimeDelta, WorkDayRule

from core.worktime import WorkCalendar

pytestmark = pytest.mark.benchmark

SOFIA = ZoneInfo("Europe/Sofia")
START = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY, YEAR, FIVE_YEARS = timedelta(days=1), timedelta(days=365), timedelta(days=5 * 365)

CALENDAR = WorkCalendar(zone=SOFIA, week=dict.fromkeys(range(5), ((9 * 3600, 18 * 3600),)))
RULE = WorkDayRule(
    start_time=time(9), end_time=time(18), working_days=list(range(5)), tz=pytz.timezone(SOFIA.key)
)


def seconds(call, *, number):
    """Return the best of several rounds: what disturbs a round only ever adds to it."""
    return min(Timer(call).repeat(repeat=15, number=number)) / number


def cost_of(operation, span):
    if operation == "between":
        return seconds(lambda: CALENDAR.between(START, START + span), number=1000)
    amount = CALENDAR.between(START, START + span)
    return seconds(lambda: CALENDAR.add(START, amount), number=1000)


def rival_cost_of(operation, span):
    if operation == "between":
        return seconds(lambda: RULE.difference(START, START + span), number=1)
    amount = BusinessTimeDelta(RULE, timedelta=CALENDAR.between(START, START + span))
    return seconds(lambda: START + amount, number=1)


def test_both_answer_the_same():
    amount = CALENDAR.between(START, START + YEAR)

    assert RULE.difference(START, START + YEAR).timedelta == amount
    assert START + BusinessTimeDelta(RULE, timedelta=amount) == CALENDAR.add(START, amount)


@pytest.mark.parametrize("operation", ["add", "between"])
@pytest.mark.parametrize(("span", "at_least"), [(DAY, 1), (YEAR, 100), (FIVE_YEARS, 500)])
def test_it_is_faster_by_the_order_of_the_span(operation, span, at_least):
    ratio = rival_cost_of(operation, span) / cost_of(operation, span)

    print(f"{operation} over {span.days} days: {ratio:,.0f} × faster")  # noqa: T201 -- the figure is the point
    assert ratio >= at_least


@pytest.mark.parametrize("operation", ["add", "between"])
def test_five_years_cost_what_a_day_costs(operation):
    ratio = cost_of(operation, FIVE_YEARS) / cost_of(operation, DAY)

    print(f"{operation} over five years: {ratio:.2f} × the cost of a day")  # noqa: T201
    assert ratio <= 2


def test_an_explanation_of_ten_years_costs_what_its_page_costs():
    def read(years):
        def page():
            explained = CALENDAR.explain(START, timedelta(hours=2340 * years))
            return explained[:15], explained[-15:]

        return seconds(page, number=20)

    ratio = read(10) / read(1)

    print(f"a page of a ten-year explanation: {ratio:.2f} × that of a year")  # noqa: T201
    assert ratio <= 2


def test_round_the_clock_needs_no_years():
    """The first answer of a calendar is dear, because years are laid out for it."""

    def first_answer(make):
        return Timer(lambda: make().add(START, 10 * YEAR)).timeit(number=1)

    weekly = first_answer(lambda: replace(CALENDAR, zone=ZoneInfo("Asia/Kathmandu")))
    always = first_answer(lambda: WorkCalendar.always(ZoneInfo("Asia/Kathmandu")))

    print(f"first answer round the clock: {weekly / always:,.0f} × faster than weekly hours")  # noqa: T201
    assert weekly / always >= 10
