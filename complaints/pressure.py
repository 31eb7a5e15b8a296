"""What we know of a client's pressure: for those who look after him only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.models import Account
from complaints.models import Complaint, Finding, Pressure
from complaints.pressure_index import Pressed, PressureIndex, pressure_index
from core.errors import Sentence
from core.models import User

WINDOW: Final = timedelta(days=180)
JUSTIFIED: Final = (Finding.Justified.YES, Finding.Justified.PARTLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressedCase:
    """A complaint of the window and how the client pressed with it, if he did."""

    complaint: Complaint
    pressure: Pressure | None
    finding: Finding | None

    @property
    def justified(self) -> Finding.Justified:
        known = self.finding.justified if self.finding else Finding.Justified.UNDETERMINED
        return Finding.Justified(known)

    @property
    def is_pressed(self) -> bool:
        return bool(self.pressure and self.pressure.tactics)

    @property
    def tactics(self) -> list[Sentence]:
        return tactic_words(self.pressure.tactics) if self.pressure else []


def pressure_of(complaint: Complaint) -> Pressure | None:
    return Pressure.objects.filter(complaint=complaint).first()


def pressure_seen_by(user: User, complaint: Complaint) -> Pressure | None:
    """Return what was noted, to those who may know (STAKE); None for everybody else."""
    return Pressure.objects.visible_to(user).filter(complaint=complaint).first()


def tactic_words(tactics: Iterable[str]) -> list[Sentence]:
    return [Pressure.Tactic(each).label for each in tactics]


def pressed_cases(user: User, account: Account, now: datetime) -> list[PressedCase]:
    """Return the account's complaints of 180 days, newest first, in three queries."""
    rows = Complaint.objects.visible_to(user).filter(account=account, received_at__gt=now - WINDOW)
    complaints = list(rows.order_by("-received_at", "-id"))
    ids = [each.pk for each in complaints]
    pressures = {each.complaint_id: each for each in Pressure.objects.filter(complaint__in=ids)}
    findings = {each.complaint_id: each for each in Finding.objects.filter(complaint__in=ids)}
    return [
        PressedCase(
            complaint=each,
            pressure=pressures.get(each.pk),
            finding=findings.get(each.pk),
        )
        for each in complaints
    ]


def index_of(cases: Iterable[PressedCase]) -> PressureIndex:
    return pressure_index(Pressed(each.is_pressed, each.justified in JUSTIFIED) for each in cases)
