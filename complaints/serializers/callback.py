"""Shapes of follow-up calls."""

from __future__ import annotations

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Promise
from complaints.services import OUTCOMES
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output

KINDS = [(kind.value, kind.label) for kind in Promise.CALLS]


OUTCOME_CHOICES = list(OUTCOMES.items())


class OutcomeInput(Input):
    outcome = serializers.ChoiceField(OUTCOME_CHOICES)
    note = serializers.CharField(
        max_length=2_000,
        default="",
        allow_blank=True,
        help_text="Internal; of a pulse call past 30 days it becomes the new complaint's words.",
    )
    call_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="When to call again; for `call_later` only."
    )
    csat = serializers.IntegerField(
        default=None,
        allow_null=True,
        min_value=1,
        max_value=5,
        help_text="How well we did, if the client says so.",
    )


class RecordCallInput(OutcomeInput):
    callback = VisibleRow(
        Promise,
        default=None,
        allow_null=True,
        help_text="Which of several calls; absent is the first one owed.",
    )


class CallbackOutput(Output[Promise]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(KINDS)
    complaint = serializers.UUIDField(source="subject_id")
    account = serializers.UUIDField(source="account_id")
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    caller = serializers.UUIDField(source="made_by_id")
    due_at = serializers.DateTimeField()
    tries = serializers.IntegerField(help_text="Calls that nobody answered.")
    put_off = serializers.IntegerField(
        source="renegotiations", help_text="How often the client asked for another time."
    )
    version = serializers.IntegerField()


class CallbackFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    caller = filters.UUIDFilter(field_name="made_by_id")
    kind = filters.ChoiceFilter(choices=KINDS)
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
