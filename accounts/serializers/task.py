"""Shapes of tasks over REST."""

from __future__ import annotations

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.kinds import task_kind, task_says
from accounts.models import Account, Task
from accounts.serializers.fields import colleague
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output


class TaskOutput(Output[Task]):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="“own”, or the rule that asks for it.")
    account = serializers.UUIDField(source="account_id")
    subject = serializers.UUIDField(source="subject_id", allow_null=True)
    title = serializers.CharField(help_text="Only of an own task.")
    says = serializers.SerializerMethodField(help_text="What to do, in your language.")
    form_url = serializers.SerializerMethodField(help_text="The page that does it, or empty.")
    facts = serializers.DictField()
    assignee = serializers.UUIDField(source="assignee_id")
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    state = serializers.ChoiceField(Task.State.choices)
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField()
    version = serializers.IntegerField()

    def get_says(self, task: Task) -> str:
        return task_says(task)

    def get_form_url(self, task: Task) -> str:
        return task_kind(task.kind).url(task)


class TaskInput(Input):
    title = serializers.CharField(max_length=250)
    due_at = serializers.DateTimeField()
    assignee = colleague(default=serializers.CurrentUserDefault(), help_text="Absent for yourself.")


class OpenTaskInput(TaskInput):
    account = VisibleRow(Account)


class FinishInput(Input):
    outcome = serializers.CharField(max_length=500, default="", allow_blank=True)


class CancelInput(Input):
    reason = serializers.CharField(max_length=500, default="", allow_blank=True)


class TaskFilters(FilterSet):
    state = filters.MultipleChoiceFilter(choices=Task.State.choices)
    kind = filters.CharFilter(max_length=24)
    account = filters.UUIDFilter(field_name="account_id")
    assignee = filters.UUIDFilter(field_name="assignee_id")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
