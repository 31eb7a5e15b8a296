"""The review when everybody is calm: eleven questions to oneself, and a lesson for all (C-14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.clockwork import business_days_later
from complaints.calling import CALL_TIME
from complaints.closing import drop_reminders
from complaints.kinds import PROCESS_CHANGE
from complaints.models import CaseReview, Complaint
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation

CHANGE_DAYS = 10
"""Business days in which a change of how we work is carried out."""


class CaseIsOpen(DomainError):
    code = "case_is_open"


class LessonMissing(DomainError):
    code = "lesson_missing"


def write_review(  # noqa: PLR0913 -- what a person enters on one form
    *,
    actor: User,
    review: CaseReview,
    answers: Mapping[str, str],
    lesson: str = "",
    process_change: str = "",
    change_by: User | None = None,
    is_done: bool = True,
    now: datetime,
) -> CaseReview:
    """Write down the answers; done, the lesson is shared and nobody replays the case any more.

    answers   -- by the names in CaseReview.QUESTIONS; one that is left out is empty.
    change_by -- who carries out the process change, which becomes a task; the author by default.
    is_done   -- false keeps a draft, in which anything may still be missing.
    """
    with operation("complaints.write_review", actor=actor, on=review, at=now):
        if review.is_done:
            raise InvalidTransition(review.get_state_display(), [])
        if review.complaint.state != Complaint.State.CLOSED:
            raise CaseIsOpen(_("The case is open again. Review it when it is over."))
        for question in CaseReview.QUESTIONS:
            setattr(review, question, answers.get(question, "").strip())
        review.lesson, review.process_change = lesson.strip(), process_change.strip()
        if is_done:
            _finish(review, change_by, now)
    return review


def _finish(review: CaseReview, change_by: User | None, at: datetime) -> None:
    if not (review.main_complaint and review.lesson):
        raise LessonMissing(
            _("Say what the main complaint was, and in one sentence what we learn from it.")
        )
    review.state, review.done_at = CaseReview.State.DONE, at
    review.refresh_texts()
    drop_reminders(review)
    if review.process_change:
        account = review.complaint.account
        accounts.open_task(
            actor=SYSTEM, account=account, kind=PROCESS_CHANGE, subject=review.complaint,
            assignee=change_by or review.author,
            due_at=business_days_later(account, at, CHANGE_DAYS, at=CALL_TIME),
            facts={"no": review.complaint.no, "change": review.process_change}, now=at,
        )  # fmt: skip
