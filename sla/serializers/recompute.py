"""Shapes of recomputations over REST."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.models import Calendar
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output
from sla.models import Contract, Recompute
from sla.replanning import Move, Preview


class RecomputeOutput(Output[Recompute]):
    id = serializers.UUIDField()
    calendar = serializers.UUIDField(source="calendar_id", allow_null=True)
    contract = serializers.UUIDField(source="contract_id", allow_null=True)
    ordered_by = serializers.UUIDField(source="ordered_by_id")
    ordered_at = serializers.DateTimeField()
    total = serializers.IntegerField(help_text="Open deadlines on older terms when it was ordered.")
    done = serializers.IntegerField()
    moved = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)


class RecomputeInput(Input):
    """Names a calendar or a contract, not both."""

    calendar = VisibleRow(Calendar, allow_null=True, default=None)
    contract = VisibleRow(Contract, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        told = super().to_internal_value(data)
        causes = [cause for cause in told.values() if cause is not None]
        if len(causes) != 1:
            raise serializers.ValidationError({"calendar": [_("Name a calendar or a contract.")]})
        return {"cause": causes[0]}


class MoveOutput(Output[Move]):
    clock = serializers.UUIDField(source="clock.pk")
    subject = serializers.CharField(source="label")
    before = serializers.DateTimeField(allow_null=True, help_text="null while it is paused.")
    after = serializers.DateTimeField(allow_null=True)


class PreviewOutput(Output[Preview]):
    total = serializers.IntegerField(help_text="Open deadlines on older terms.")
    looked_at = serializers.IntegerField(help_text="How many were worked out, the next due first.")
    moved = serializers.IntegerField()
    overdue = serializers.IntegerField(help_text="Of the moved: overdue at once.")
    moves = MoveOutput(many=True, help_text="The first twenty.")
