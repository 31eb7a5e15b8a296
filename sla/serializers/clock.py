"""Shapes of clocks over REST."""

from __future__ import annotations

from typing import Any

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from core.opening_hours import span_text
from core.rest.outputs import Output
from sla.explain import Explanation, Pause, Span
from sla.explanations import DayLine
from sla.models import Clock, Exclusion, Metric, Priority


class ClockSubjectOutput(Output[Clock]):
    type = serializers.SerializerMethodField()
    id = serializers.UUIDField(source="subject_id")

    def get_type(self, clock: Clock) -> str:
        return str(clock.subject_type.model)


class ClockOutput(Output[Clock]):
    id = serializers.UUIDField()
    account = serializers.UUIDField(source="account_id")
    subject = ClockSubjectOutput(source="*")
    metric = serializers.ChoiceField(Metric.choices)
    cycle = serializers.IntegerField()
    priority = serializers.ChoiceField(Priority.choices)
    state = serializers.ChoiceField(Clock.State.choices)
    target_seconds = serializers.SerializerMethodField()
    around_the_clock = serializers.BooleanField()
    contract = serializers.UUIDField(
        source="contract_id", allow_null=True, help_text="null is the house standard."
    )
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="null while it is paused.")
    remaining_seconds = serializers.SerializerMethodField(help_text="While it is paused.")
    stopped_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    excluded_as = serializers.ChoiceField(
        Exclusion.Kind.choices, allow_blank=True, help_text="Why a missed one does not count."
    )
    excluded_because = serializers.CharField()

    def get_target_seconds(self, clock: Clock) -> int:
        return int(clock.target.total_seconds())

    def get_remaining_seconds(self, clock: Clock) -> int | None:
        return None if clock.remaining is None else int(clock.remaining.total_seconds())


class ClockFilters(FilterSet):
    state = filters.ChoiceFilter(choices=Clock.State.choices)
    metric = filters.ChoiceFilter(choices=Metric.choices)
    account = filters.UUIDFilter(field_name="account_id")
    subject = filters.UUIDFilter(field_name="subject_id")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")


class SpanOutput(Output[Span]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class PauseOutput(Output[Pause]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class DayOutput(Output[DayLine]):
    day = serializers.DateField()
    until = serializers.DateField(help_text="Closed dates in a row are told as one.")
    note = serializers.CharField(help_text="Name of the holiday, or why the date is closed.")
    hours = serializers.SerializerMethodField(help_text="Opening hours of the date.")
    spans = SpanOutput(many=True, help_text="What was counted.")
    counted_seconds = serializers.SerializerMethodField()

    def get_hours(self, line: DayLine) -> list[str]:
        return [span_text(interval).replace("–", "-") for interval in line.hours]

    def get_counted_seconds(self, line: DayLine) -> float:
        return line.counted.total_seconds()


class ExplanationOutput(Output[Explanation]):
    """Adds up: the counted seconds of the days are the target, or what a paused clock has used."""

    target_seconds = serializers.SerializerMethodField()
    used_seconds = serializers.SerializerMethodField()
    due_at = serializers.DateTimeField(allow_null=True)
    time_zone = serializers.CharField(source="calendar.zone.key")
    pauses = PauseOutput(many=True)
    days = serializers.SerializerMethodField()
    days_left_out = serializers.SerializerMethodField(help_text="Dates after the first 366.")

    def get_target_seconds(self, told: Explanation) -> float:
        return told.target.total_seconds()

    def get_used_seconds(self, told: Explanation) -> float:
        return told.used.total_seconds()

    def get_days(self, told: Explanation) -> list[dict[str, Any]]:
        return list(DayOutput(self.context["lines"], many=True).data)

    def get_days_left_out(self, told: Explanation) -> int:
        return max(len(told.days) - int(self.context["most"]), 0)
