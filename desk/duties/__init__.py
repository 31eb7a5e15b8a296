"""Where the rows of a day come from: what is due in the apps below, a query or two for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from desk.duties.aftercare import review_rows, story_rows
from desk.duties.clients import complaint_rows, planned_rows, promise_rows
from desk.duties.house import (
    alert_rows,
    bad_news_rows,
    contract_rows,
    credit_rows,
    hospitality_rows,
    task_rows,
)
from desk.duties.row import Asked, Row

Source = Callable[[Asked], list[Row]]
SOURCES: Final[Mapping[Source, str]] = {
    complaint_rows: "complaints",
    promise_rows: "accounts",
    planned_rows: "accounts",
    bad_news_rows: "accounts",
    alert_rows: "accounts",
    task_rows: "accounts",
    review_rows: "complaints",
    story_rows: "complaints",
    hospitality_rows: "accounts",
    contract_rows: "sla",
    credit_rows: "sla",
}
"""Each source of rows, and the app whose rows a token must be allowed to read."""


def day_rows(asked: Asked, apps: Iterable[str] = ("accounts", "complaints", "sla")) -> list[Row]:
    """Return all rows of these apps, in no order yet."""
    readable = set(apps)
    return [row for source, app in SOURCES.items() if app in readable for row in source(asked)]


__all__ = ["Asked", "Row", "day_rows"]
