"""How a case ends: closed, looked at again when everybody is calm, then left in peace (C-14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.clockwork import business_days_later
from accounts.kinds import CHURN_RISK
from accounts.queries import standing
from complaints.calling import CALL_TIME
from complaints.models import CaseReview, Complaint, Message
from core.errors import DomainError
from core.models import Timer
from core.operations import Outcome, record, system_entry
from core.timers import clear_timers, set_timers
from sla.models import Priority

REVIEW: Final = "complaints.review"
REVIEW_DAYS: Final = 3
"""Business days from closing to the review, and from its due moment until the heads hear of it."""
REVIEWED: Final = frozenset({Priority.P1, Priority.P2})
DUE, LATE = "due", "late"


class ThreadLocked(DomainError):
    code = "thread_locked"


def close(op: Outcome, complaint: Complaint, at: datetime, *, is_confirmed: bool) -> None:
    """Close it inside an operation; whoever led it owes a review if it was grave."""
    complaint.state, complaint.closed_at = Complaint.State.CLOSED, at
    complaint.is_confirmed = is_confirmed
    if needs_review(complaint):
        _owe_review(op, complaint, at)


def needs_review(complaint: Complaint) -> bool:
    """Say whether it was grave, came back, or the client may leave (C-14)."""
    if complaint.priority in REVIEWED or complaint.reopen_count:
        return True
    return standing(complaint.account, CHURN_RISK).exists()


def _owe_review(op: Outcome, complaint: Complaint, at: datetime) -> None:
    """Ask the lead for the one review that a complaint has; a written one stays as it is."""
    stored = CaseReview.objects.filter(complaint=complaint).first()
    review = op.also(stored or CaseReview(complaint=complaint))
    if review.state == CaseReview.State.DONE:
        return
    review.author = complaint.lead
    review.due_at = business_days_later(complaint.account, at, REVIEW_DAYS, at=CALL_TIME)
    late = business_days_later(complaint.account, review.due_at, REVIEW_DAYS)
    mark = f"{at:%Y%m%d%H%M%S}"
    set_timers(REVIEW, review.pk, {f"{mark}:{DUE}": review.due_at, f"{mark}:{LATE}": late})


def drop_reminders(review: CaseReview) -> None:
    clear_timers(REVIEW, [review.pk])


def fire_reviews(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Remind the author of a review that is due; held ones wait, reopened cases have none."""
    ids = {timer.subject_id for timer in timers}
    rows = CaseReview.objects.filter(pk__in=ids).select_related("complaint").order_by("pk")
    free = {row.pk: row for row in rows.select_for_update(of=("self",), skip_locked=True)}
    latest = {timer.subject_id: timer for timer in sorted(timers, key=lambda each: each.due_at)}
    record(
        [
            system_entry(
                "complaints.remind_review", target=review, at=now,
                details={"step": latest[pk].step.partition(":")[2]},
            )
            for pk, review in free.items()
            if is_due(review)
        ]
    )  # fmt: skip
    return [timer.pk for timer in timers if timer.subject_id in free]


def is_due(review: CaseReview) -> bool:
    """Say whether it can be written: one waits until its complaint is closed again."""
    is_owed = review.state == CaseReview.State.OWED
    return is_owed and review.complaint.state == Complaint.State.CLOSED


def require_open_thread(complaint: Complaint) -> None:
    """Raise ThreadLocked once the review is written: nobody replays it, except the client."""
    if is_locked(complaint):
        raise ThreadLocked(
            _(
                "This case has been reviewed, and is not replayed. Its lesson is in the library; "
                "if the client writes again, the talk is open again."
            )
        )


def is_locked(complaint: Complaint) -> bool:
    """Say whether the talk has ended for good: closed, reviewed, and no word of the client since."""
    if complaint.state != Complaint.State.CLOSED:
        return False
    done = CaseReview.objects.filter(complaint=complaint, state=CaseReview.State.DONE).first()
    if done is None:
        return False
    later = Message.objects.filter(complaint=complaint, kind=Message.Kind.CLIENT)
    return not later.filter(at__gt=done.done_at).exists()
