"""CSV files from people: read into records by column, written so that no cell is a live formula."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from io import StringIO
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError

SEPARATORS: Final = ",;\t"
LIVE: Final = ("=", "+", "-", "@", "\t", "\r")
Record = Mapping[str, str]


class FileUnreadable(DomainError):
    code = "file_unreadable"


def read_csv(
    text: str, *, columns: Collection[str], needed: Iterable[str], most: int
) -> list[tuple[int, Record]]:
    """Return (number of the line, values by column) for every line that is not empty.

    The first line names the columns, in any order; comma, semicolon or tab separates them.
    Raises FileUnreadable if it is no such file, has an unknown column, no line or too many.
    """
    heading = text.partition("\n")[0]
    separator = max(SEPARATORS, key=heading.count)
    try:
        reader = csv.reader(StringIO(text), delimiter=separator, strict=True)
        rows = [(reader.line_num, row) for row in reader if any(row)]
    except csv.Error as error:
        raise FileUnreadable(_("The file is not CSV: a quotation mark is missing.")) from error
    names = [name.strip().lower() for name in rows[0][1]] if rows else []
    _check_columns(names, columns, set(needed))
    if not 1 < len(rows) <= most + 1:
        raise FileUnreadable(_how_many(most))
    return [(number, dict(zip(names, row, strict=False))) for number, row in rows[1:]]


def write_csv(columns: Sequence[str], records: Iterable[Record]) -> str:
    """Return the file with a byte order mark, so that spreadsheets read Cyrillic."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for record in records:
        writer.writerow([_dead(record.get(name, "")) for name in columns])
    return f"\N{ZERO WIDTH NO-BREAK SPACE}{file.getvalue()}"


def _check_columns(names: list[str], known: Collection[str], needed: set[str]) -> None:
    if needed - set(names) or set(names) - set(known) or len(names) > len(set(names)):
        raise FileUnreadable(
            _("The first line must name the columns: %(needed)s at least. Known: %(known)s.")
            % {"needed": ", ".join(sorted(needed)), "known": ", ".join(known)}
        )


def _how_many(most: int) -> str:
    return ngettext(
        "A file has %(most)d line beside the heading.",
        "A file has one line beside the heading at least, and %(most)d at most.",
        most,
    ) % {"most": most}


def _dead(cell: str) -> str:
    return f"'{cell}" if cell.startswith(LIVE) else cell
