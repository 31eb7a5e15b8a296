"""Lines of a comparison, and how a change is judged: always from the client's side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from core.errors import Sentence

NOTHING: Final = "–"


class Change(StrEnum):
    """What a line means for the client; OTHER is a change that is neither better nor worse."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    before: str
    after: str
    change: Change

    @property
    def is_changed(self) -> bool:
        return self.change != Change.SAME


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one kind, such as the promised times."""

    title: Sentence
    lines: list[Line]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.is_changed]

    @property
    def unchanged(self) -> list[Line]:
        return [line for line in self.lines if not line.is_changed]


Judge = Callable[[Any, Any], Change]


def lower(before: Any, after: Any) -> Change:
    """Judge what is the better for the client the less it is."""
    return by_order(is_better=after < before, is_worse=before < after)


def higher(before: Any, after: Any) -> Change:
    return lower(after, before)


def neither(before: Any, after: Any) -> Change:
    return Change.SAME if before == after else Change.OTHER


def by_order(*, is_better: bool, is_worse: bool) -> Change:
    if is_better == is_worse:
        return Change.OTHER if is_better else Change.SAME
    return Change.BETTER if is_better else Change.WORSE


def together(*changes: Change) -> Change:
    """Return what the changes come to: one that is good and bad at once is neither."""
    found = set(changes) - {Change.SAME}
    if not found:
        return Change.SAME
    return found.pop() if len(found) == 1 else Change.OTHER
