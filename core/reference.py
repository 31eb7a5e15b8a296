"""Reference numbers for people: gapless, unique under concurrency."""

from django.db import connection

from core.models import ReferenceCounter

_NEXT = (
    f'INSERT INTO "{ReferenceCounter._meta.db_table}" AS counter (series, last) VALUES (%s, 1) '  # noqa: S608 -- our own table's name
    "ON CONFLICT (series) DO UPDATE SET last = counter.last + 1 RETURNING last"
)


def next_reference(prefix: str, year: int | None = None) -> str:
    """Return the next number of the series: "ACC-00001", or with a year "CMP-2026-00001".

    Takes the counter's row lock until the transaction ends: call it last, in a transaction.
    """
    series = prefix if year is None else f"{prefix}-{year}"
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series])
        (number,) = cursor.fetchone()
    return f"{series}-{number:05d}"
