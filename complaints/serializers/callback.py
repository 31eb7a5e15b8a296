"""Shapes of follow-up calls."""

from __future__ import annotations

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Promise
from complaints.services import OUTCOMES
from core.rest.inputs import Input
from core.rest.outputs import Output


class OutcomeInput(Input):
    outcome = serializers.ChoiceField(list(OUTCOMES.items()))
    note = serializers.CharField(
        max_length=2_000, default="", allow_blank=True, help_text="Internal."
    )


class CallbackOutput(Output[Promise]):
    id = serializers.UUIDField()
    complaint = serializers.UUIDField(source="subject_id")
    account = serializers.UUIDField(source="account_id")
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    caller = serializers.UUIDField(source="made_by_id")
    due_at = serializers.DateTimeField()
    tries = serializers.IntegerField(help_text="Calls that nobody answered.")
    version = serializers.IntegerField()


class CallbackFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    caller = filters.UUIDFilter(field_name="made_by_id")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
