"""Writing many rows with one statement, each with values of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg2 import sql
from psycopg2.extras import execute_values

PAGE = 5_000


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Set the columns of the rows whose primary keys stand first in each row.

    Far cheaper than `bulk_update`, whose statement grows with rows × columns of CASE WHEN.
    columns -- attribute names such as "contract_id".
    """
    if not rows:
        return
    fields = [model._meta.pk, *(_field(model, name) for name in columns)]
    kinds = [field.db_type(connection) for field in fields if field]
    template = "(" + ", ".join(f"%s::{kind}" for kind in kinds) + ")"
    changed = sql.SQL(", ").join(
        sql.SQL("{} = given.{}").format(sql.Identifier(name), sql.Identifier(name))
        for name in columns
    )
    statement = sql.SQL(
        "UPDATE {} AS kept SET {} FROM (VALUES %s) AS given (id, {}) WHERE kept.id = given.id"
    ).format(
        sql.Identifier(model._meta.db_table),
        changed,
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    with connection.cursor() as cursor:
        raw = cursor.cursor.cursor if hasattr(cursor.cursor, "cursor") else cursor.cursor
        execute_values(raw, statement, [_plain(row) for row in rows], template, page_size=PAGE)


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(row)
