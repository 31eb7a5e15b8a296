"""Shapes of reviews, lessons, stories, problems, and of help with an upset client."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Contact
from complaints.lessons import Lesson
from complaints.models import CaseReview, Complaint, Problem, Story
from complaints.serializers.fields import LONGEST_TEXT, colleague
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output

LONGEST_ANSWER = 5_000


class Matching(FilterSet):
    """Filters of what belongs to a complaint and has words of its own."""

    root_cause = filters.ChoiceFilter(
        field_name="complaint__root_cause", choices=Complaint.RootCause.choices
    )
    category = filters.ChoiceFilter(
        field_name="complaint__category", choices=Complaint.Category.choices
    )
    q = filters.CharFilter(method="matching", max_length=100, help_text="Number or words.")

    def matching(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.matching(value)
        return found


class ReviewFilters(FilterSet):
    state = filters.ChoiceFilter(choices=CaseReview.State.choices)
    complaint = filters.UUIDFilter(field_name="complaint_id")


class ProblemFilters(FilterSet):
    state = filters.MultipleChoiceFilter(choices=Problem.State.choices)
    root_cause = filters.ChoiceFilter(choices=Complaint.RootCause.choices)
    is_safety = filters.BooleanFilter()


class CaseReviewOutput(Output[CaseReview]):
    id = serializers.UUIDField()
    complaint = serializers.UUIDField(source="complaint_id")
    author = serializers.UUIDField(source="author_id")
    state = serializers.ChoiceField(CaseReview.State.choices)
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    lesson = serializers.CharField()
    process_change = serializers.CharField()
    version = serializers.IntegerField()


class CaseReviewDetailOutput(CaseReviewOutput):
    main_complaint = serializers.CharField()
    how_presented = serializers.CharField()
    whose_fault = serializers.CharField()
    what_angered = serializers.CharField()
    why_disappointed = serializers.CharField()
    own_view = serializers.CharField()
    shared_fault = serializers.CharField()
    what_helped = serializers.CharField()
    what_made_worse = serializers.CharField()
    how_cared = serializers.CharField()
    do_differently = serializers.CharField()


class AnswersInput(Input):
    """The answers by question; what is left out is empty."""

    def get_fields(self) -> dict[str, Any]:
        asked = {
            name: serializers.CharField(
                max_length=LONGEST_ANSWER,
                default="",
                allow_blank=True,
                help_text=CaseReview.question(name),
            )
            for name in CaseReview.QUESTIONS
        }
        return super().get_fields() | asked


class ReviewInput(Input):
    answers = AnswersInput()
    lesson = serializers.CharField(
        max_length=300, default="", allow_blank=True, help_text="One sentence; everybody reads it."
    )
    process_change = serializers.CharField(
        max_length=300, default="", allow_blank=True, help_text="Becomes a task."
    )
    change_by = colleague(default=None, allow_null=True)
    is_done = serializers.BooleanField(default=True, help_text="False keeps a draft.")


class LessonOutput(Output[Lesson]):
    id = serializers.UUIDField()
    lesson = serializers.CharField()
    change = serializers.CharField()
    no = serializers.CharField(help_text="Number of the complaint.")
    complaint = serializers.UUIDField(source="complaint_id", allow_null=True)
    root_cause = serializers.CharField()
    category = serializers.CharField()
    at = serializers.DateTimeField()


class StoryOutput(Output[Story]):
    id = serializers.UUIDField()
    complaint = serializers.UUIDField(source="complaint_id")
    author = serializers.UUIDField(source="author_id")
    told_at = serializers.DateTimeField()
    title = serializers.CharField()
    what_happened = serializers.CharField()
    what_we_did = serializers.CharField()
    what_changed = serializers.CharField()
    scope = serializers.ChoiceField(Story.Scope.choices)
    consent_by = serializers.UUIDField(source="consent_by_id", allow_null=True)
    consent_date = serializers.DateField(allow_null=True)
    consent_how = serializers.CharField()
    version = serializers.IntegerField()


class StoryInput(Input):
    complaint = VisibleRow(Complaint, help_text="Closed, and confirmed by the client.")
    title = serializers.CharField(max_length=160)
    what_happened = serializers.CharField(max_length=LONGEST_TEXT)
    what_we_did = serializers.CharField(max_length=LONGEST_TEXT)
    what_changed = serializers.CharField(max_length=LONGEST_TEXT)
    scope = serializers.ChoiceField(Story.Scope.choices)
    consent_by = VisibleRow(Contact, default=None, allow_null=True)
    consent_date = serializers.DateField(default=None, allow_null=True)
    consent_how = serializers.CharField(max_length=250, default="", allow_blank=True)
    closing_note = serializers.CharField(
        max_length=LONGEST_TEXT,
        default="",
        allow_blank=True,
        help_text="A letter to the client: how we put it right.",
    )
    override_reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class CaseProblemOutput(Output[Problem]):
    id = serializers.UUIDField()
    no = serializers.CharField()
    root_cause = serializers.ChoiceField(Complaint.RootCause.choices)
    item = serializers.CharField()
    batch = serializers.CharField()
    is_safety = serializers.BooleanField()
    state = serializers.ChoiceField(Problem.State.choices)
    owner = serializers.UUIDField(source="owner_id")
    opened_at = serializers.DateTimeField()
    seen_in = serializers.IntegerField(help_text="Complaints in 90 days when it was opened.")
    solved_at = serializers.DateTimeField(allow_null=True)
    notice_decided_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ProblemDetailOutput(CaseProblemOutput):
    description = serializers.CharField()
    change = serializers.CharField()
    no_notice_reason = serializers.CharField()


class OpenProblemInput(Input):
    root_cause = serializers.ChoiceField(Complaint.RootCause.choices)
    item = serializers.CharField(max_length=120, default="", allow_blank=True)
    batch = serializers.CharField(max_length=60, default="", allow_blank=True)
    is_safety = serializers.BooleanField(default=False)
    description = serializers.CharField(max_length=10_000, default="", allow_blank=True)
    owner = colleague(default=None, allow_null=True)


class EditProblemInput(Input):
    owner = colleague()
    item = serializers.CharField(max_length=120, allow_blank=True)
    description = serializers.CharField(max_length=10_000, allow_blank=True)
    is_known = serializers.BooleanField(help_text="The cause has been found.")


class SolveProblemInput(Input):
    change = serializers.CharField(max_length=5_000, help_text="What stops it from recurring.")


class NoNoticeInput(Input):
    reason = serializers.CharField(max_length=500)


class OpinionInput(Input):
    colleague = colleague()
    body = serializers.CharField(max_length=LONGEST_TEXT)


class LogCallInput(Input):
    body = serializers.CharField(max_length=LONGEST_TEXT, help_text="What was said.")
    sentiment = serializers.IntegerField(
        default=None,
        allow_null=True,
        min_value=-2,
        max_value=2,
        help_text="−2 angry … +2 delighted.",
    )
    next_contact_at = serializers.DateTimeField(default=None, allow_null=True)
