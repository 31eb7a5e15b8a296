"""What a client proposes is decided within one business day, or the heads hear of it (10.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from accounts.clockwork import business_days_later
from complaints.models import Complaint, Remedy
from complaints.rules import DECIDE_WITHIN_DAYS
from core.models import Timer
from core.operations import record, system_entry
from core.timers import clear_timers, set_timers

KIND: Final = "complaints.remedy"


def await_decision(complaint: Complaint, at: datetime) -> None:
    """Let the heads hear of it if nobody has decided a business day later."""
    until = business_days_later(complaint.account, at, DECIDE_WITHIN_DAYS)
    set_timers(KIND, complaint.pk, {f"{at:%Y%m%d%H%M%S}": until})


def decided(complaint: Complaint) -> None:
    clear_timers(KIND, [complaint.pk])


def fire_remedies(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Tell the heads, in bulk, what is still undecided; proposals that somebody holds wait."""
    due = {timer.subject_id: timer.due_at for timer in timers}
    wanted = Remedy.objects.filter(complaint__in=due).order_by("pk")
    free = wanted.select_for_update(no_key=True, skip_locked=True, of=("self",))
    remedies = {row.complaint_id: row for row in free.select_related("complaint")}
    record(
        [
            system_entry(
                "complaints.remind_remedy",
                target=remedy.complaint,
                at=now,
                details={"lag_seconds": int((now - due[pk]).total_seconds())},
            )
            for pk, remedy in remedies.items()
            if remedy.state == Remedy.State.PROPOSED
        ]
    )
    return [timer.pk for timer in timers if timer.subject_id in remedies]
