"""Months and contract years, without a database."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.chains import Version, chains_of
from sla.spans import ContractYear, Month, Span

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))
FEBRUARY = Month(date(2026, 2, 1))


def version(first, last=None, fee=100):
    return Version(uuid4(), Span(first, last), Decimal(fee), "EUR")


def test_a_month_knows_its_days():
    assert (FEBRUARY.last, FEBRUARY.days) == (date(2026, 2, 28), 28)
    assert Month.of(date(2028, 2, 11)).days == 29


def test_months_run_up_to_the_last_one():
    december = Month(date(2025, 12, 1))

    assert [each.first.month for each in december.until(FEBRUARY)] == [12, 1, 2]
    assert FEBRUARY.until(december) == []


def test_a_month_begins_at_midnight_of_its_zone():
    march = Month(date(2026, 3, 1))

    assert march.begins_at(ZoneInfo("Europe/Sofia")) == datetime(2026, 2, 28, 22, tzinfo=UTC)
    assert march.ends_at(ZoneInfo("Europe/Sofia")) == datetime(2026, 3, 31, 21, tzinfo=UTC)
    assert march.begins_at(ZoneInfo("America/New_York")) == datetime(2026, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("anchor", "day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1), date(2026, 12, 31)),
        (date(2024, 3, 15), date(2026, 3, 14), date(2025, 3, 15), date(2026, 3, 14)),
        (date(2024, 3, 15), date(2026, 3, 15), date(2026, 3, 15), date(2027, 3, 14)),
        (date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28), date(2026, 2, 27)),
        (date(2024, 2, 29), date(2027, 12, 1), date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_contract_year_begins_on_the_day_of_the_contract(anchor, day, first, last):
    year = ContractYear.holding(day, anchor)

    assert (year.first, year.last) == (first, last)


@given(anchor=days, length=st.integers(min_value=0, max_value=20_000))
def test_every_day_lies_in_its_year_and_a_whole_year_has_twelve_months(anchor, length):
    day = date.fromordinal(anchor.toordinal() + length)

    year = ContractYear.holding(day, anchor)

    assert year.first <= day <= year.last
    assert year.months_of(Span(year.first, year.last)) == 12
    assert year.months_of(Span(anchor, None)) == 12


@given(anchor=days, cut=st.integers(min_value=0, max_value=363))
def test_parts_of_a_year_add_up_to_it(anchor, cut):
    year = ContractYear.holding(anchor, anchor)
    day = date.fromordinal(anchor.toordinal() + cut)
    after = date.fromordinal(day.toordinal() + 1)

    parts = year.months_of(Span(anchor, day)) + year.months_of(Span(after, None))

    assert parts == 12


def test_half_a_year_has_six_months_and_a_part_of_a_month_goes_by_days():
    year = ContractYear(date(2026, 1, 1), 0)

    assert year.months_of(Span(date(2026, 1, 1), date(2026, 6, 30))) == 6
    assert year.months_of(Span(date(2026, 2, 15), date(2026, 2, 28))) == Fraction(1, 2)
    assert year.months_of(Span(date(2027, 1, 1), None)) == 0


def test_versions_without_a_gap_are_one_chain():
    first = version(date(2025, 1, 1), date(2025, 12, 31))
    second = version(date(2026, 1, 1), date(2026, 6, 30))
    third = version(date(2026, 8, 1))

    chains = [chain.versions for chain in chains_of([first, second, third])]

    assert chains == [(first, second), (third,)]
    assert list(chains_of([])) == []


def test_versions_of_a_chain_share_its_years_and_their_fees_add_up():
    first = version(date(2025, 7, 1), date(2026, 2, 14), fee=100)
    second = version(date(2026, 2, 15), fee=200)
    [chain] = chains_of([first, second])

    year = chain.year_of(second, FEBRUARY)

    assert (year.first, year.last) == (date(2025, 7, 1), date(2026, 6, 30))
    assert chain.fee_of(year, "EUR") == 750 + 900
    assert chain.fee_of(year, "USD") == 0


def test_clocks_of_an_ended_version_count_for_the_first_of_the_month():
    ended = version(date(2025, 1, 1), date(2025, 12, 31))
    first = version(date(2026, 1, 1), date(2026, 2, 14))
    second = version(date(2026, 2, 15))
    [chain] = chains_of([ended, first, second])

    assert chain.in_force(FEBRUARY) == [first, second]
    assert chain.counting_for(first, FEBRUARY) == [first.id, ended.id]
    assert chain.counting_for(second, FEBRUARY) == [second.id]
