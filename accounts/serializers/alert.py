"""Shapes of alerts over REST."""

from __future__ import annotations

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.kinds import alert_advice, alert_says
from accounts.models import Alert
from core.rest.inputs import Input
from core.rest.outputs import Output

LONGEST_REASON = 500


class AlertOutput(Output[Alert]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    account = serializers.UUIDField(source="account_id")
    subject = serializers.UUIDField(source="subject_id", allow_null=True)
    level = serializers.ChoiceField(Alert.Level.choices)
    says = serializers.SerializerMethodField(help_text="What was seen, in your language.")
    advice = serializers.SerializerMethodField(help_text="What to do now, in your language.")
    facts = serializers.DictField(help_text="The figures of the sentence.")
    state = serializers.ChoiceField(Alert.State.choices)
    raised_at = serializers.DateTimeField()
    renewed_at = serializers.DateTimeField()
    assignee = serializers.UUIDField(source="assignee_id")
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)
    snooze_reason = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_says(self, alert: Alert) -> str:
        return alert_says(alert)

    def get_advice(self, alert: Alert) -> str:
        return alert_advice(alert)


class SnoozeInput(Input):
    until = serializers.DateTimeField(help_text="From a minute to 14 days ahead.")
    reason = serializers.CharField(max_length=LONGEST_REASON, default="", allow_blank=True)


class ResolveAlertInput(Input):
    reason = serializers.CharField(max_length=LONGEST_REASON, default="", allow_blank=True)


class AlertFilters(FilterSet):
    kind = filters.CharFilter(max_length=24)
    level = filters.MultipleChoiceFilter(choices=Alert.Level.choices)
    state = filters.MultipleChoiceFilter(choices=Alert.State.choices)
    account = filters.UUIDFilter(field_name="account_id")
    assignee = filters.UUIDFilter(field_name="assignee_id")
