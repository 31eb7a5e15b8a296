from datetime import date

import pytest

from core.public_holidays import UnknownCountry, public_holidays


def days_off(country, year):
    found = public_holidays(country, [year], "en")
    return {day.day for day in found.days if not day.is_working}


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("BG", date(2026, 3, 3)),
        ("BG", date(2026, 4, 10)),  # Orthodox Good Friday
        ("BG", date(2026, 9, 7)),  # for 6 September, a Sunday
        ("RU", date(2026, 1, 9)),  # for Saturday 3 January
        ("DE", date(2026, 10, 3)),
        ("DE-BY", date(2026, 1, 6)),
        ("GB", date(2026, 4, 3)),
        ("GB-ENG", date(2026, 8, 31)),
        ("US", date(2026, 11, 26)),
        ("UA", date(2021, 8, 24)),
    ],
)
def test_a_country_has_its_days_off(country, day):
    assert day in days_off(country, day.year)


def test_a_part_of_a_country_has_days_of_its_own():
    assert date(2026, 4, 6) in days_off("GB-ENG", 2026)
    assert date(2026, 4, 6) not in days_off("GB-SCT", 2026)


def test_a_moved_saturday_is_a_working_day_and_pays_for_a_day_off():
    found = {day.day: day for day in public_holidays("RU", [2025], "ru").days}

    assert found[date(2025, 11, 1)].is_working
    assert found[date(2025, 11, 1)].name == "Рабочий день (перенос)"
    assert not found[date(2025, 11, 3)].is_working
    assert found[date(2025, 11, 3)].name == "Выходной (перенесено с 01.11.2025)"


def test_a_moved_day_is_named_in_english_for_other_languages():
    names = {day.name for day in public_holidays("CN", [2025], "zh").days if day.is_working}

    assert names == {"Working day (moved)"}


@pytest.mark.parametrize(
    ("country", "language", "named", "name"),
    [
        ("BG", "bg", "bg", "Нова година"),
        ("BG", "uk", "uk", "Новий рік"),
        ("BG", "en", "en", "New Year's Day"),
        ("BG", "ru", "en", "New Year's Day"),  # nobody has translated it
        ("RU", "ru", "ru", "Новогодние каникулы"),
        ("UA", "uk", "uk", "Новий рік"),
        ("GB", "en", "en", "New Year's Day"),
        ("US", "bg", "en", "New Year's Day"),
        ("NZ", "ru", "en", "New Year's Day"),  # knows one language and does not name it
    ],
)
def test_names_come_in_the_language_asked_for_or_say_that_they_do_not(
    country, language, named, name
):
    found = public_holidays(country, [2021], language)

    assert found.language == named
    assert found.days[0].name == name


def test_a_country_without_days_off_says_so():
    found = public_holidays("UA", range(2021, 2027), "uk")

    assert found.silent_years == (2023, 2024, 2025, 2026)
    assert {day.day.year for day in found.days} == {2021, 2022}


def test_a_country_with_days_off_is_never_silent():
    for country in ("BG", "RU", "DE", "GB", "US"):
        assert public_holidays(country, range(2020, 2031), "en").silent_years == ()


@pytest.mark.parametrize("country", ["BG", "UA", "RU", "DE", "GB", "US", "CN"])
def test_days_come_once_in_order_and_of_the_years_asked_for(country):
    days = [day.day for day in public_holidays(country, [2025, 2021, 2025], "en").days]

    assert days == sorted(set(days))
    assert {day.year for day in days} <= {2021, 2025}


def test_no_years_have_no_days():
    found = public_holidays("BG", [], "en")

    assert (found.days, found.silent_years) == ((), ())


def test_years_beyond_the_lists_are_silent():
    assert public_holidays("BG", [1800, 3000], "en").silent_years == (1800, 3000)


@pytest.mark.parametrize("country", ["", "XX", "GB-XX", "Bulgaria"])
def test_an_unknown_country_is_refused(country):
    with pytest.raises(UnknownCountry):
        public_holidays(country, [2026], "en")


def test_letters_of_a_country_may_be_small():
    assert public_holidays("gb-eng", [2026], "en") == public_holidays("GB-ENG", [2026], "en")
