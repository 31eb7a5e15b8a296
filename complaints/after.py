"""What a case page says once the case is over: the review, the story, what followed, the problem."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.closing import is_locked
from complaints.models import CaseReview, Complaint, Problem, Story
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """review -- only for those who may read it. offers_story -- nobody has told it yet.

    followed_by -- what came back too late to be taken up again.
    """

    is_locked: bool
    review: CaseReview | None
    story: Story | None
    offers_story: bool
    problem: Problem | None
    follows: Complaint | None
    followed_by: Complaint | None

    @property
    def owes_review(self) -> bool:
        return self.review is not None and not self.review.is_done


def after_of(complaint: Complaint, user: User) -> After:
    """Return what there is to say after the case; of one that is open only whence it comes."""
    is_closed = complaint.state == Complaint.State.CLOSED
    cases = Complaint.objects.visible_to(user)
    problems = Problem.objects.visible_to(user)
    story = Story.objects.visible_to(user).current().filter(complaint=complaint).first()
    may_tell = bool(complaint.is_confirmed) and user.has_perm("complaints.tell_story", complaint)
    return After(
        is_locked=is_closed and is_locked(complaint),
        review=_review(complaint, user) if is_closed else None,
        story=story,
        offers_story=is_closed and story is None and may_tell,
        problem=problems.filter(pk=complaint.problem_id).first() if complaint.problem_id else None,
        follows=cases.filter(pk=complaint.follows_id).first() if complaint.follows_id else None,
        followed_by=cases.filter(follows=complaint).order_by("-received_at").first(),
    )


def _review(complaint: Complaint, user: User) -> CaseReview | None:
    return CaseReview.objects.visible_to(user).filter(complaint=complaint).first()
