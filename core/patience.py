"""Deadlocks and serialization failures are nobody's fault: the loser tries again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

T = TypeVar("T")
TRIES = 3
PASSING = {"40P01", "40001"}
"""PostgreSQL's codes of deadlock_detected and serialization_failure."""


def with_patience(work: Callable[[], T]) -> T:
    """Return what the work returns; it is repeated when the database picked it as the victim.

    The work must open its own transaction. Inside another one there is nothing to repeat.
    """
    for _attempt in range(TRIES - 1):
        try:
            return work()
        except OperationalError as error:
            code = getattr(error.__cause__, "pgcode", None)
            if connection.in_atomic_block or code not in PASSING:
                raise
    return work()
