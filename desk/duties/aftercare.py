"""What is due after a complaint: reviews to write, stories to tell."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.lessons import review_list, untold_stories
from complaints.models import CaseReview, Complaint
from desk.day import Concern
from desk.duties.row import MOST, Asked, Row

STORY_WITHIN: Final = timedelta(days=7)
"""A story is suggested as long as it is fresh, and then no more."""
STORIES_AT_ONCE: Final = 3


def review_rows(asked: Asked) -> list[Row]:
    """Return a row for each review that is to be written by one of these people."""
    owed = review_list(asked.user).owed().filter(asked.held_by("author"), due_at__lte=asked.until)
    return [_review_row(review) for review in owed.order_by("due_at", "id")[:MOST]]


def _review_row(review: CaseReview) -> Row:
    page = reverse("complaints:write_review", args=[review.pk])
    complaint = review.complaint
    return Row(
        id=str(review.pk),
        concern=Concern.INTERNAL,
        due_at=review.due_at,
        kind="review",
        subject_id=review.pk,
        does=_("Look back calmly: %(title)s") % {"title": complaint.title},
        why=_("%(no)s is closed; what do we learn from it?") % {"no": complaint.no},
        account=complaint.account,
        who=review.author.name,
        starts_at=complaint.closed_at or review.created_at,
        url=page,
        action=_("Review"),
        action_url=page,
    )


def story_rows(asked: Asked) -> list[Row]:
    """Return a row for the newest successes that nobody has told of; they vanish by themselves."""
    untold = untold_stories(asked.user, asked.now - STORY_WITHIN)
    mine = untold.filter(asked.held_by("lead"))
    return [_story_row(complaint) for complaint in mine[:STORIES_AT_ONCE]]


def _story_row(complaint: Complaint) -> Row:
    assert complaint.closed_at is not None  # noqa: S101 -- only closed ones have a story
    return Row(
        id=complaint.no,
        concern=Concern.AHEAD,
        due_at=complaint.closed_at + STORY_WITHIN,
        kind="story",
        subject_id=complaint.pk,
        does=_("Tell how it was put right: %(title)s") % {"title": complaint.title},
        why=_("The client is content; others can learn from it."),
        account=complaint.account,
        who=complaint.lead.name,
        starts_at=complaint.closed_at,
        has_deadline=False,
        url=reverse("complaints:detail", args=[complaint.pk]),
        action=_("Tell"),
        action_url=reverse("complaints:tell_story", args=[complaint.pk]),
    )
