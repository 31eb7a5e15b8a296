"""How far a notice has come: how many of its recipients have heard, and have acted (3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.shares import Share

ACKNOWLEDGED: Final = "acknowledged"
ACTION_DONE: Final = "action_done"
UNREACHABLE: Final = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Figures of one notice. acknowledged -- all who have heard, those who acted included."""

    recipients: int
    acknowledged: int
    acted: int
    unreachable: int = 0

    @property
    def heard(self) -> Share:
        """The coverage: those who have acknowledged among all recipients."""
        return Share(self.acknowledged, self.recipients)

    @property
    def done(self) -> Share:
        """Those who have done what was asked among all recipients."""
        return Share(self.acted, self.recipients)

    @property
    def open(self) -> int:
        """How many are in no end state yet."""
        return self.recipients - self.acknowledged - self.unreachable


def coverage_of(states: Mapping[str, int]) -> Coverage:
    """Return the figures of so many recipients in each state."""
    acted = states.get(ACTION_DONE, 0)
    return Coverage(
        recipients=sum(states.values()),
        acknowledged=states.get(ACKNOWLEDGED, 0) + acted,
        acted=acted,
        unreachable=states.get(UNREACHABLE, 0),
    )
