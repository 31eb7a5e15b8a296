"""Reference numbers for people: gapless, unique under concurrency."""

from django.db import connection

from core.models import ReferenceCounter

_NEXT = (
    f'INSERT INTO "{ReferenceCounter._meta.db_table}" AS counter (series, last) '  # noqa: S608 -- our own table's name
    "VALUES (%(series)s, %(count)s) ON CONFLICT (series) "
    "DO UPDATE SET last = counter.last + %(count)s RETURNING last"
)


def next_reference(prefix: str, year: int | None = None) -> str:
    """Return the next number of the series: "ACC-00001", or with a year "CMP-2026-00001".

    Takes the counter's row lock until the transaction ends: call it last, in a transaction.
    """
    (number,) = next_references(prefix, year, 1)
    return number


def next_references(prefix: str, year: int | None, count: int) -> list[str]:
    """Return the next numbers of the series in one query; the lock is that of `next_reference`."""
    series = prefix if year is None else f"{prefix}-{year}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"series": series, "count": count})
        (last,) = cursor.fetchone()
    return [f"{series}-{number:05d}" for number in range(last - count + 1, last + 1)]
