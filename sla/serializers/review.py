"""Shapes of reviews and of the figures they look at, over REST."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django_filters.rest_framework import FilterSet, filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.rest.inputs import Input
from core.rest.money import MoneyField
from core.rest.outputs import Output
from sla.models import Credit, Exclusion, Metric, Priority, Review
from sla.review_figures import Cell, Line, Miss, ReviewPack, Volume
from sla.review_words import proposals
from sla.serializers.credit import MONTH

FOUR_PLACES = Decimal("0.0001")


class ReviewOutput(Output[Review]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    contract = serializers.UUIDField(source="contract_id")
    first_month = serializers.DateField(help_text=MONTH)
    last_month = serializers.DateField(help_text=MONTH)
    held_on = serializers.DateField()
    attendees = serializers.CharField()
    minutes = serializers.CharField()
    recorded_by = serializers.UUIDField(source="recorded_by_id")


class ReviewFilters(FilterSet):
    contract = filters.UUIDFilter(field_name="contract_id")
    account = filters.UUIDFilter(field_name="contract__account_id")


class HoldReviewInput(Input):
    first_month = serializers.DateField(help_text="Any day of the first month it looked at.")
    last_month = serializers.DateField(help_text="Any day of the last one.")
    held_on = serializers.DateField()
    attendees = serializers.CharField(max_length=500, default="", allow_blank=True)
    minutes = serializers.CharField(max_length=20_000)


class PackMonths(Input):
    """Which months to look at; absent are those since the last review."""

    first_month = serializers.DateField(required=False)
    last_month = serializers.DateField(required=False)


class CellOutput(Output[Cell]):
    met = serializers.IntegerField()
    counted = serializers.IntegerField(source="of")
    excluded = serializers.IntegerField()
    percent = serializers.SerializerMethodField()
    target_percent = serializers.SerializerMethodField(
        help_text="What was promised, weighted by the cases of each priority."
    )

    def get_percent(self, cell: Cell) -> str | None:
        return _rounded(cell.percent)

    def get_target_percent(self, cell: Cell) -> str | None:
        return _rounded(cell.goal)


def _rounded(percent: Decimal | None) -> str | None:
    return None if percent is None else str(percent.quantize(FOUR_PLACES))


class MonthCellOutput(CellOutput):
    month = serializers.DateField(help_text=MONTH)


class LineOutput(Output[Line]):
    metric = serializers.ChoiceField(Metric.choices)
    too_few = serializers.BooleanField(source="is_few", help_text="Too few cases to judge by.")
    months = serializers.SerializerMethodField()
    total = CellOutput()

    @extend_schema_field(MonthCellOutput(many=True))
    def get_months(self, line: Line) -> list[dict[str, Any]]:
        return [
            {"month": month.first.isoformat(), **CellOutput(cell).data}
            for month, cell in line.cells.items()
        ]


class MissOutput(Output[Miss]):
    clock = serializers.UUIDField(source="clock.id")
    label = serializers.CharField(source="case.label")  # type: ignore[assignment]
    metric = serializers.ChoiceField(Metric.choices, source="clock.metric")
    priority = serializers.ChoiceField(Priority.choices, source="clock.priority")
    due_at = serializers.DateTimeField(source="due")
    stopped_at = serializers.DateTimeField(source="clock.stopped_at", allow_null=True)
    cause = serializers.CharField(source="case.cause")
    excluded_as = serializers.ChoiceField(
        Exclusion.Kind.choices, source="clock.excluded_as", allow_blank=True
    )


class CauseOutput(serializers.Serializer[Any]):
    cause = serializers.CharField()
    count = serializers.IntegerField()


class VolumeOutput(Output[Volume]):
    priority = serializers.ChoiceField(Priority.choices)
    total = serializers.IntegerField()


class PackCreditOutput(Output[Credit]):
    id = serializers.UUIDField()
    month = serializers.DateField(help_text=MONTH)
    amount = MoneyField("amount")
    state = serializers.ChoiceField(Credit.State.choices)


class ReviewPackOutput(Output[ReviewPack]):
    contract = serializers.UUIDField(source="contract.id")
    months = serializers.SerializerMethodField(help_text="The closed months it looks at.")
    lines = LineOutput(many=True)
    misses = MissOutput(many=True)
    causes = serializers.SerializerMethodField()
    credits = PackCreditOutput(many=True)
    volumes = VolumeOutput(many=True)
    proposals = serializers.SerializerMethodField(help_text="In the caller’s language.")

    def get_months(self, pack: ReviewPack) -> list[date]:
        return [month.first for month in pack.months]

    @extend_schema_field(CauseOutput(many=True))
    def get_causes(self, pack: ReviewPack) -> list[dict[str, Any]]:
        return [{"cause": cause, "count": count} for cause, count in pack.causes]

    def get_proposals(self, pack: ReviewPack) -> list[str]:
        return proposals(pack)
