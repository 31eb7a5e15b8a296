"""Laws of business time, and agreement with an oracle that looks at every single minute.

The oracle knows no arithmetic: it asks the wall clock of each UTC minute whether it is open.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.worktime import WorkCalendar

MINUTE = timedelta(minutes=1)
DAY_MINUTES = 24 * 60
WINDOW_DAYS = 3

# Days around which each zone does something unusual; every zone also gets ordinary days.
CLOCK_CHANGES = {
    "Europe/Sofia": [date(2026, 3, 29), date(2026, 10, 25)],
    "Europe/Kyiv": [date(2026, 3, 29), date(2026, 10, 25)],
    "Europe/Moscow": [date(2011, 3, 27), date(2014, 10, 26)],
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "Europe/Dublin": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/St_Johns": [date(2006, 4, 2), date(2006, 10, 29), date(2026, 11, 1)],
    "America/Sao_Paulo": [date(2018, 2, 18), date(2018, 11, 4)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "Asia/Beirut": [date(2026, 3, 29), date(2026, 10, 25)],
    "Asia/Tehran": [date(2022, 3, 22), date(2022, 9, 22)],
    "Asia/Kathmandu": [date(1986, 1, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Pacific/Apia": [date(2011, 12, 30), date(2012, 4, 1)],
    "Pacific/Chatham": [date(2026, 4, 5), date(2026, 9, 27)],
    "Pacific/Kwajalein": [date(1969, 9, 30), date(1993, 8, 21)],
}
every_zone = pytest.mark.parametrize("zone", CLOCK_CHANGES)


class Oracle:
    """Reads hours as they were written, never as the calendar stores them."""

    def __init__(self, zone, week, special):
        self.zone, self.week, self.special = zone, week, special
        self.hours_on = cache(self.read_hours)

    def is_open(self, minute):
        day, second = wall_clock(self.zone, minute)
        return any(opens <= second < closes for opens, closes in self.hours_on(day))

    def read_hours(self, day):
        if self.special.get(day) == ():
            return []
        before = day - timedelta(days=1)
        hours = [*self.special.get(before, ())]
        if day not in self.special:
            hours += self.week.get(before.weekday(), ())
        carried = [(0, closes) for opens, closes in hours if closes <= opens]
        own = self.special.get(day, self.week.get(day.weekday(), ()))
        return carried + [(opens, closes if opens < closes else 86400) for opens, closes in own]


def wall_clock(zone, minute):
    local = (datetime(1970, 1, 1, tzinfo=UTC) + minute * MINUTE).astimezone(ZoneInfo(zone))
    return local.date(), local.hour * 3600 + local.minute * 60 + local.second


def moment(minute):
    return datetime(1970, 1, 1, tzinfo=UTC) + minute * MINUTE


def minute_of(day):
    return (day - date(1970, 1, 1)).days * DAY_MINUTES


minutes_of_day = st.integers(0, DAY_MINUTES - 1).map(lambda minute: minute * 60)
edges = st.sampled_from([0, 3600, 2 * 3600, 3 * 3600, 9 * 3600, 13 * 3600, 22 * 3600, 23 * 3600])
opening = minutes_of_day | edges
closing = minutes_of_day | edges | st.just(86400)
interval = st.tuples(opening, closing)
day_hours = st.lists(interval, max_size=3).map(tuple)
weeks = st.dictionaries(st.integers(0, 6), day_hours, min_size=3).filter(
    lambda week: any(week.values())
)


def special_days(around):
    near = st.integers(-2, WINDOW_DAYS + 2).map(lambda days: around + timedelta(days=days))
    return st.dictionaries(near, day_hours, max_size=3)


@st.composite
def windows(draw, zone):
    """A calendar, its oracle, and the first minute of three days worth watching."""
    ordinary = st.dates(date(1990, 1, 1), date(2040, 12, 31))
    day = draw(st.sampled_from(CLOCK_CHANGES[zone]) | ordinary)
    week, special = draw(weeks), draw(special_days(day))
    calendar = WorkCalendar(zone=ZoneInfo(zone), week=week, special=special)
    first = minute_of(day) - draw(st.integers(0, 2 * DAY_MINUTES))
    return calendar, Oracle(zone, week, special), first


@every_zone
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_every_answer_agrees_with_the_wall_clock_of_every_minute(zone, data):
    calendar, oracle, first = data.draw(windows(zone))
    minutes = range(first, first + WINDOW_DAYS * DAY_MINUTES)
    is_open = [oracle.is_open(minute) for minute in minutes]
    passed = [0, *accumulate(is_open)]
    begin, end = (data.draw(st.integers(0, len(minutes)).map(int)) for _ in "ab")
    begin, end = sorted((begin, end))
    a, b = moment(first + begin), moment(first + end)
    open_minutes = [minute for minute in range(begin, end) if is_open[minute]]

    assert calendar.between(a, b) == (passed[end] - passed[begin]) * MINUTE
    assert sum(
        (close - open_ for open_, close in calendar.spans(a, b)), timedelta()
    ) == calendar.between(a, b)
    assert all(
        calendar.is_open(moment(first + minute)) == is_open[minute]
        for minute in range(begin, end, 17)
    )
    if not open_minutes:
        return
    assert calendar.next_open(a) == moment(first + open_minutes[0])
    amount = data.draw(st.integers(1, len(open_minutes)))
    assert calendar.add(a, amount * MINUTE) == moment(first + open_minutes[amount - 1] + 1)
    assert calendar.subtract(b, amount * MINUTE) == moment(first + open_minutes[-amount])
    assert_explained(oracle, calendar.explain(a, amount * MINUTE), first, open_minutes[:amount])


def assert_explained(oracle, explained, first, open_minutes):
    by_date = Counter(wall_clock(oracle.zone, first + minute)[0] for minute in open_minutes)
    told = {day.day: day.counted // MINUTE for day in explained if day.counted}

    assert told == by_date


TEN_YEARS = timedelta(days=3652)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize("zone", ["Europe/Sofia", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_ten_years_agree_with_the_wall_clock_of_every_quarter_of_an_hour(zone):
    week = dict.fromkeys(range(4), ((9 * 3600, 12 * 3600 + 900), (13 * 3600, 17 * 3600)))
    week |= {4: ((22 * 3600, 3 * 3600),), 5: ((1800, 9000),)}
    special = {date(2020 + year, 1 + year % 12, 7): () for year in range(10)}
    calendar = WorkCalendar(zone=ZoneInfo(zone), week=week, special=special)
    first = minute_of(date(2020, 1, 1))
    oracle, minutes = Oracle(zone, week, special), range(first, first + TEN_YEARS // MINUTE, 15)

    passed = [0, *accumulate(oracle.is_open(minute) for minute in minutes)]

    random = Random(zone)  # noqa: S311 -- a fixed sample, not a secret
    for begin, end in [sorted(random.choices(range(len(passed)), k=2)) for _ in range(300)]:
        a, b = moment(first) + begin * QUARTER, moment(first) + end * QUARTER
        assert calendar.between(a, b) == (passed[end] - passed[begin]) * QUARTER


moments = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds are naive
lengths = st.timedeltas(timedelta(), timedelta(days=9)) | st.timedeltas(timedelta(), TEN_YEARS)
shares = st.fractions(0, 1, max_denominator=997)
seconds_of_day = st.integers(0, 86399)
odd_weeks = st.dictionaries(
    st.integers(0, 6),
    st.lists(st.tuples(seconds_of_day, seconds_of_day), max_size=3).map(tuple),
    min_size=2,
).filter(lambda week: any(week.values()))


@st.composite
def stretches(draw):
    """A calendar, two moments in order, and an amount that is open between them."""
    a = draw(moments)
    b = a + draw(lengths)
    calendar = WorkCalendar(
        zone=ZoneInfo(draw(st.sampled_from(sorted(CLOCK_CHANGES)))),
        week=draw(weeks | odd_weeks),
        special=draw(special_days(a.date())),
    )
    return calendar, a, b, share_of(calendar.between(a, b), draw(shares))


def share_of(amount, share):
    return timedelta(microseconds=int(amount // timedelta(microseconds=1) * share))


laws = settings(max_examples=50, deadline=None)


@given(stretches())
@laws
def test_adding_passes_exactly_the_amount(stretch):
    calendar, a, b, amount = stretch

    assert calendar.between(a, calendar.add(a, amount)) == amount
    assert a <= calendar.add(a, amount) <= b


@given(stretches())
@laws
def test_subtracting_leaves_exactly_the_amount(stretch):
    calendar, a, b, amount = stretch

    assert calendar.between(calendar.subtract(b, amount), b) == amount
    assert a <= calendar.subtract(b, amount) <= b


@given(stretches())
@laws
def test_subtracting_undoes_adding_up_to_closed_time(stretch):
    calendar, a, _, amount = stretch

    again = calendar.subtract(calendar.add(a, amount), amount)

    assert again == (calendar.next_open(a) if amount else a)


@given(stretches(), shares)
@laws
def test_an_amount_may_be_added_in_two_parts(stretch, share):
    calendar, a, _, amount = stretch
    part = share_of(amount, share)

    assert calendar.add(calendar.add(a, part), amount - part) == calendar.add(a, amount)


@given(stretches(), lengths)
@laws
def test_open_time_adds_up(stretch, length):
    calendar, a, b, _ = stretch
    c = b - length

    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(b, a) == -calendar.between(a, b)


@given(stretches(), shares, lengths)
@laws
def test_later_starts_and_greater_amounts_never_end_earlier(stretch, share, length):
    calendar, a, _, amount = stretch

    assert calendar.add(a, share_of(amount, share)) <= calendar.add(a, amount)
    assert calendar.add(a - length, amount) <= calendar.add(a, amount)


@given(stretches())
@laws
def test_an_explanation_adds_up_to_the_amount(stretch):
    calendar, a, _, amount = stretch
    amount = min(amount, timedelta(days=30))

    explained = list(calendar.explain(a, amount))

    assert sum((day.counted for day in explained), timedelta()) == amount
    assert [day.day for day in explained] == sorted({day.day for day in explained})


@given(stretches())
@laws
def test_spans_are_apart_in_order_and_open(stretch):
    calendar, a, b, _ = stretch

    spans = list(calendar.spans(a, b))

    edges = [moment for span in spans for moment in span]
    assert edges == sorted(set(edges))
    assert sum((closed - opened for opened, closed in spans), timedelta()) == calendar.between(a, b)
    assert all(calendar.is_open(opened) for opened, _ in spans)


@given(stretches())
@laws
def test_a_calendar_reads_back_as_itself(stretch):
    calendar = stretch[0]

    again = WorkCalendar(zone=calendar.zone, week=calendar.week, special=calendar.special)

    assert (again, hash(again)) == (calendar, hash(calendar))
