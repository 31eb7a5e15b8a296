"""Shapes of pressure, for those who may read how a client stands to us."""

from __future__ import annotations

from rest_framework import serializers

from accounts.models import Contact, Touch
from complaints.models import Pressure
from complaints.services.pressure import Talk
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output


class PressureOutput(Output[Pressure]):
    complaint = serializers.UUIDField(source="complaint_id")
    tactics = serializers.ListField(child=serializers.ChoiceField(Pressure.Tactic.choices))
    words = serializers.CharField()
    noted_by = serializers.UUIDField(source="noted_by_id")
    version = serializers.IntegerField()


class TacticsInput(Input):
    tactics = serializers.ListField(
        child=serializers.ChoiceField(Pressure.Tactic.choices), max_length=7
    )
    words = serializers.CharField(max_length=2_000, default="", allow_blank=True)


class MeetingInput(Input):
    """One part of the urgent meeting; the informal one needs `client_said`."""

    part = serializers.ChoiceField(["formal", "informal"])
    summary = serializers.CharField(max_length=20_000)
    at = serializers.DateTimeField(default=None, allow_null=True)
    contacts = serializers.ListField(child=VisibleRow(Contact), default=list, max_length=50)
    client_said = serializers.CharField(max_length=20_000, default="", allow_blank=True)
    informal_kind = serializers.ChoiceField(Touch.Informal.choices, default="", allow_blank=True)
    hospitality_value = serializers.DecimalField(14, 2, default=None, allow_null=True, min_value=0)

    def to_internal_value(self, data: object) -> dict[str, object]:
        told = super().to_internal_value(data)
        return {"part": told.pop("part"), "talk": Talk(**told)}
