"""Reviews, lessons, stories, problems, and help with an upset client, over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer

from complaints import services
from complaints.lessons import lesson_list, lessons_of, problem_list, review_list, story_list
from complaints.models import CaseReview, Problem, Story
from complaints.serializers.learning import (
    CaseProblemOutput,
    CaseReviewDetailOutput,
    CaseReviewOutput,
    EditProblemInput,
    LessonOutput,
    LogCallInput,
    Matching,
    NoNoticeInput,
    OpenProblemInput,
    OpinionInput,
    ProblemDetailOutput,
    ProblemFilters,
    ReviewFilters,
    ReviewInput,
    SolveProblemInput,
    StoryInput,
    StoryOutput,
)
from complaints.serializers.message import MessageOutput
from core.rest.views import ApiViewSet, ReadViewSet, actor_of, service_action, service_call


class CareActions:
    @service_action(
        services.ask_opinion,
        on="complaint",
        takes=OpinionInput,
        shows=MessageOutput,
        creates=True,
    )
    def ask_opinion(self) -> None:
        """Ask a colleague, or answer him: only the two and the heads read it, no program ever."""

    @service_action(
        services.log_call, on="complaint", takes=LogCallInput, shows=MessageOutput, creates=True
    )
    def log_call(self) -> None:
        """Record a phone call with the client: it counts as our answer."""

    @service_action(services.hand_over, on="complaint")
    def hand_over(self) -> None:
        """Let a deputy speak with the client instead of the lead."""


class CaseReviewViewSet(ReadViewSet[CaseReview]):
    """One's own reviews of closed cases, of a head all; what is to be written comes first."""

    scope = "complaints"
    queryset = CaseReview.objects.all()
    serializer_class = CaseReviewOutput
    detail_class = CaseReviewDetailOutput
    filterset_class = ReviewFilters
    ordering = ("is_last", "due_at", "id")

    def get_queryset(self) -> QuerySet[CaseReview]:
        return review_list(actor_of(self.request))

    @service_action(services.write_review, on="review", takes=ReviewInput)
    def write(self) -> None:
        """Write the answers and the lesson; done, the talk about the case ends."""


class LessonViewSet(ApiViewSet[CaseReview]):
    """What reviews leave to everybody, newest first."""

    scope = "complaints"
    queryset = CaseReview.objects.all()
    serializer_class: type[BaseSerializer[Any]] = LessonOutput
    filterset_class = Matching
    ordering = ("-done_at", "-id")

    def get_queryset(self) -> QuerySet[CaseReview]:
        return lesson_list(actor_of(self.request), {})

    def list(self, request: Request) -> Response:
        """List the lessons; nothing else of a review is told here."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        told: Any = lessons_of(page, actor_of(self.request))
        return self.get_paginated_response(self.get_serializer(told, many=True).data)


class StoryViewSet(ReadViewSet[Story]):
    """How failures were put right, newest first, for colleagues."""

    scope = "complaints"
    queryset = Story.objects.all()
    serializer_class = StoryOutput
    filterset_class = Matching
    ordering = ("-told_at", "-id")

    def get_queryset(self) -> QuerySet[Story]:
        return story_list(actor_of(self.request), {})

    @service_call(services.tell_story, takes=StoryInput, creates=True)
    def create(self) -> None:
        """Tell how a complaint was put right; told again it replaces the first story."""

    @service_action(services.archive_story, on="story")
    def archive(self) -> None:
        """Take it out of the library."""


class ProblemViewSet(ReadViewSet[Problem]):
    """Causes behind several complaints, the open ones first."""

    scope = "complaints"
    queryset = Problem.objects.all()
    serializer_class = CaseProblemOutput
    detail_class = ProblemDetailOutput
    filterset_class = ProblemFilters
    ordering = ("is_last", "-opened_at", "-id")

    def get_queryset(self) -> QuerySet[Problem]:
        return problem_list(actor_of(self.request))

    @service_call(services.open_problem, takes=OpenProblemInput, creates=True)
    def create(self) -> None:
        """Open a problem by hand; complaints of the cause are linked to it."""

    @service_action(services.edit_problem, on="problem", takes=EditProblemInput)
    def edit(self) -> None:
        """Write down what is known by now."""

    @service_action(services.solve_problem, on="problem", takes=SolveProblemInput)
    def solve(self) -> None:
        """Record what was changed; whether to warn others is decided before."""

    @service_action(services.decide_no_notice, on="problem", takes=NoNoticeInput)
    def decide_no_notice(self) -> None:
        """Decide that nobody else need be warned, and say why."""


def register(router: SimpleRouter) -> None:
    """Add the resources."""
    router.register("case-reviews", CaseReviewViewSet, basename="case-review")
    router.register("lessons", LessonViewSet, basename="lesson")
    router.register("stories", StoryViewSet, basename="story")
    router.register("problems", ProblemViewSet, basename="problem")
