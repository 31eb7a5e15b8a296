"""Our own mistake: until when the client must be told, and what happens if he is not (C-5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.clockwork import calendar_of
from accounts.models import Alert
from accounts.queries import standing
from complaints.kinds import OWN_MISTAKE
from complaints.models import Complaint, Finding
from complaints.rules import DISCLOSE_WITHIN
from core.models import Timer
from core.operations import SYSTEM
from core.timers import clear_timers, set_timers

KIND: Final = "complaints.disclosure"


def disclose_by(complaint: Complaint, confirmed_at: datetime) -> datetime:
    """Return the moment by which the client must have been told, in business time."""
    return calendar_of(complaint.account).add(confirmed_at, DISCLOSE_WITHIN[complaint.priority])


def watch(complaint: Complaint, finding: Finding) -> None:
    """Set by when the client must be told, from the moment we knew; with the priority it moves."""
    if finding.confirmed_at is None or finding.disclosed_at is not None:
        return
    finding.disclose_by = disclose_by(complaint, finding.confirmed_at)
    moment = finding.disclose_by
    set_timers(KIND, complaint.pk, {f"{moment:%Y%m%d%H%M%S}": moment})


def forget(complaint: Complaint, at: datetime) -> None:
    """Stop the timer: it is not our mistake after all."""
    clear_timers(KIND, [complaint.pk])
    for alert in standing(complaint.account, OWN_MISTAKE).filter(subject_id=complaint.pk):
        accounts.expire_alert(actor=SYSTEM, alert=alert, now=at)


def told(complaint: Complaint, at: datetime) -> None:
    """Stop the timer and the alarm: the client knows."""
    clear_timers(KIND, [complaint.pk])
    reason = _("The client was told.")
    for alert in standing(complaint.account, OWN_MISTAKE).filter(subject_id=complaint.pk):
        accounts.resolve_alert(actor=SYSTEM, alert=alert, reason=reason, now=at)


def fire_disclosures(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Let the heads know where the client was not told in time; held cases wait."""
    held_free = _held_free(timers)
    late = Finding.objects.filter(
        complaint__in=held_free, disclosed_at=None, disclose_by__lte=now
    ).order_by("pk")
    for finding in late:
        complaint = held_free[finding.complaint_id]
        accounts.raise_alert(
            actor=SYSTEM, account=complaint.account, kind=OWN_MISTAKE, level=Alert.Level.RED,
            facts={"no": complaint.no, "due": finding.disclose_by}, assignee=complaint.lead,
            subject=complaint, now=now,
        )  # fmt: skip
    return [timer.pk for timer in timers if timer.subject_id in held_free]


def _held_free(timers: Sequence[Timer]) -> dict[UUID, Complaint]:
    """Lock the timers' complaints that nobody else holds."""
    wanted = Complaint.objects.filter(pk__in={timer.subject_id for timer in timers}).order_by("pk")
    free = wanted.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return {row.pk: row for row in free.select_related("account", "lead")}
