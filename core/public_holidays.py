"""Public holidays and moved working days by country, from the `holidays` package.

Some countries take a tenth of a second a year: never in a request; store the result.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from holidays import HolidayBase, country_holidays

MOVED_WORKING_DAY = {
    "en": "Working day (moved)",
    "ru": "Рабочий день (перенос)",
    "uk": "Робочий день (перенесення)",
    "bg": "Работен ден (отработване)",
}


class UnknownCountry(ValueError):
    """Nobody has collected the holidays of this country, or of this part of it."""


@dataclass(frozen=True, kw_only=True)
class PublicHoliday:
    """A day off, or a weekend day on which people work because a day off was moved."""

    day: date
    name: str
    is_working: bool


@dataclass(frozen=True, kw_only=True)
class PublicHolidays:
    """What is known of some years.

    language -- of the names: English where the country has none in the language asked for.
    days -- in order, one entry a date.
    silent_years -- years without a single day off. Tell the person: the law gives none
        (Ukraine under martial law: all of 2023 and after), or the year is out of the lists' reach.
    """

    country: str
    language: str
    days: tuple[PublicHoliday, ...]
    silent_years: tuple[int, ...]


def public_holidays(country: str, years: Iterable[int], language: str) -> PublicHolidays:
    """Return the days off of a country and its working weekend days.

    country -- ISO 3166-1 (`BG`), or ISO 3166-2 for a part with its own days (`GB-ENG`, `DE-BY`).
    language -- two letters.
    A government announces which days it moves a year or two ahead: ask again later.
    Raises UnknownCountry.
    """
    wanted = sorted(set(years))
    locale = _locale(_known(country), language)
    known = _known(country, wanted, locale)
    days = [day for day in _days(known, (locale or "en")[:2]) if day.day.year in wanted]
    years_with_days_off = {day.day.year for day in days if not day.is_working}
    return PublicHolidays(
        country=country.upper(),
        language=(locale or "en")[:2],
        days=tuple(sorted(days, key=attrgetter("day"))),
        silent_years=tuple(year for year in wanted if year not in years_with_days_off),
    )


def _days(known: HolidayBase, language: str) -> Iterator[PublicHoliday]:
    # The package lists working weekend days of all years, and the days off of those asked for.
    for day, name in known.items():
        yield PublicHoliday(day=day, name=name, is_working=False)
    name = MOVED_WORKING_DAY.get(language, MOVED_WORKING_DAY["en"])
    for day in known.weekend_workdays - known.keys():
        yield PublicHoliday(day=day, name=name, is_working=True)


def _known(country: str, years: Iterable[int] = (), locale: str | None = None) -> HolidayBase:
    code, _, part = country.upper().partition("-")
    try:
        return country_holidays(
            code, subdiv=part or None, years=years, expand=False, language=locale
        )
    except NotImplementedError as error:
        raise UnknownCountry(f"No public holidays are known for {country!r}.") from error


def _locale(known: HolidayBase, language: str) -> str | None:
    """Return the package's name of the language, or else of English; some countries name none."""
    for wanted in (language, "en"):
        for locale in known.supported_languages:
            if locale[:2] == wanted:
                return locale
    return None
