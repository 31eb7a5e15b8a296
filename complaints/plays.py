"""What answers each pressure tactic: a duty for somebody who can act, never a change of priority."""

from __future__ import annotations

from typing import Final

from complaints.kinds import GIVE_AND_GET, HEAD_CALL, OPEN_PRICE, URGENT_MEETING
from complaints.models import Pressure
from sla.alarm_kinds import SLA_TALK

Tactic = Pressure.Tactic

PLAYS: Final = {
    Tactic.ULTIMATUM: URGENT_MEETING,
    Tactic.DISCOUNT_OR_LEAVE: OPEN_PRICE,
    Tactic.FREE_EXTRAS: GIVE_AND_GET,
    Tactic.TRIVIAL_CLAIMS: SLA_TALK,
    Tactic.PUBLICITY_THREAT: HEAD_CALL,
    Tactic.DEADLINE_SQUEEZE: HEAD_CALL,
    Tactic.LATE_RENEGOTIATION: HEAD_CALL,
}
"""Tactic → kind of the task that it opens."""
