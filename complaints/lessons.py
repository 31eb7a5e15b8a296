"""What the house has learned: lessons, stories, reviews and problems, ready to read (C-13…C-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise as LazyText

from complaints.models import CaseReview, Complaint, Problem, Story
from complaints.models.complaint import ComplaintQuerySet
from complaints.models.review import CaseReviewQuerySet, ProblemQuerySet, StoryQuerySet
from complaints.permissions import works_here
from core.models import User

Wanted = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a review leaves to everybody: nothing of its answers, and not who wrote it.

    complaint_id -- None for those who may not open the case.
    """

    id: UUID
    lesson: str
    change: str
    no: str
    complaint_id: UUID | None
    root_cause: str | LazyText
    category: str | LazyText
    at: datetime


def lesson_list(user: User, wanted: Wanted) -> CaseReviewQuerySet:
    """Return the written reviews, newest first, without their answers: for `lessons_of` only."""
    rows = CaseReview.objects.matching(wanted.get("q", ""))
    if not works_here(user):
        return rows.none()
    rows = rows.filter(_narrowing(wanted), state=CaseReview.State.DONE)
    return rows.defer(*CaseReview.QUESTIONS).select_related("complaint")


def lessons_of(reviews: Iterable[CaseReview], user: User) -> list[Lesson]:
    """Return what everybody may read of the reviews; one query for which cases open."""
    rows = list(reviews)
    ids = [row.complaint_id for row in rows]
    readable = Complaint.objects.visible_to(user).filter(pk__in=ids)
    open_to_me = set(readable.values_list("pk", flat=True))
    return [_lesson(row, open_to_me) for row in rows]


def story_list(user: User, wanted: Wanted) -> StoryQuerySet:
    """Return the stories of the library, newest first."""
    rows = Story.objects.visible_to(user).current().matching(wanted.get("q", ""))
    return rows.filter(_narrowing(wanted)).select_related("complaint__account", "author")


def review_list(user: User) -> CaseReviewQuerySet:
    """Return the person's own reviews, of a head all; order by "is_last", "due_at", "id"."""
    rows = CaseReview.objects.visible_to(user).select_related("complaint__account", "author")
    written = When(state=CaseReview.State.DONE, then=Value(1))
    return rows.annotate(is_last=Case(written, default=Value(0)))


def problem_list(user: User) -> ProblemQuerySet:
    """Return the problems; order by "is_last", "-opened_at", "-id": what is open comes first.

    cases -- how many complaints name it.
    """
    rows = Problem.objects.visible_to(user).select_related("owner")
    solved = When(state=Problem.State.SOLVED, then=Value(1))
    return rows.annotate(
        is_last=Case(solved, default=Value(0)), cases=Count("complaints", distinct=True)
    )


def cases_of(problem: Problem, user: User) -> ComplaintQuerySet:
    """Return the complaints of the problem that the person may read, newest first."""
    rows = Complaint.objects.visible_to(user).filter(problem=problem)
    return rows.select_related("account", "lead")


def untold_stories(user: User, since: datetime) -> QuerySet[Complaint]:
    """Return what was put right lately to the client's content, and nobody has told of yet."""
    told = Story.objects.filter(complaint=OuterRef("pk"))
    rows = Complaint.objects.visible_to(user).filter(
        ~Exists(told), state=Complaint.State.CLOSED, is_confirmed=True, closed_at__gte=since
    )
    return rows.select_related("account", "lead").order_by("-closed_at", "-id")


def _narrowing(wanted: Wanted) -> Q:
    """Return the condition that it is of the wanted cause and category."""
    asked = Q()
    if wanted.get("cause"):
        asked &= Q(complaint__root_cause=wanted["cause"])
    if wanted.get("category"):
        asked &= Q(complaint__category=wanted["category"])
    return asked


def _lesson(row: CaseReview, open_to_me: set[UUID]) -> Lesson:
    complaint = row.complaint
    assert row.done_at is not None  # noqa: S101 -- only written reviews have lessons
    return Lesson(
        id=row.pk,
        lesson=row.lesson,
        change=row.process_change,
        no=complaint.no,
        complaint_id=complaint.pk if complaint.pk in open_to_me else None,
        root_cause=complaint.get_root_cause_display() if complaint.root_cause else "",
        category=complaint.get_category_display(),
        at=row.done_at,
    )
