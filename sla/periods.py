"""Days of contracts: anniversaries, and how long the next one runs."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or its last one: a year after 29 Feb is 28 Feb."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_review_after(day: date, starts_on: date, every: int) -> date:
    """Return the first day later than `day` that is a multiple of so many months from the start."""
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    turn = max(months // every, 1)
    found = months_later(starts_on, every * turn)
    return found if found > day else months_later(starts_on, every * (turn + 1))


def follow_up(starts_on: date, ends_on: date | None, today: date) -> tuple[date, date | None]:
    """Return the first and last day of what follows a contract and is as long as it.

    It starts the day after, or today if that is past or there was no end. Whole months stay
    whole months, so what ran until 29 February runs until 28 February (4.10).
    """
    if ends_on is None:
        return today, None
    after = ends_on + ONE_DAY
    begins = max(after, today)
    if months := _whole_months(starts_on, after):
        return begins, months_later(begins, months) - ONE_DAY
    return begins, begins + (ends_on - starts_on)


def _whole_months(starts_on: date, after: date) -> int:
    """Return how many whole months lie between, 0 if it is no whole number.

    A month from the 31st ends with the shorter month, whether the last day is counted or not.
    """
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    if months_later(starts_on, months) == after:
        return months
    shorter = months_later(starts_on, months - 1)
    is_cut = shorter.day < starts_on.day
    return months - 1 if is_cut and shorter + ONE_DAY == after else 0
