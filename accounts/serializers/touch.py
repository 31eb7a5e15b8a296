"""Shapes of talks over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account, Contact, Touch
from accounts.serializers.fields import LONGEST_TEXT
from core.models import User
from core.rest.inputs import Input, VisibleRow
from core.rest.money import MoneyField
from core.rest.outputs import Output


class TouchOutput(Output[Touch]):
    id = serializers.UUIDField()
    account = serializers.UUIDField(source="account_id")
    kind = serializers.ChoiceField(Touch.Kind.choices)
    at = serializers.DateTimeField()
    direction = serializers.ChoiceField(Touch.Direction.choices)
    two_way = serializers.BooleanField()
    by = serializers.UUIDField(source="by_id")
    contacts = serializers.SerializerMethodField()
    summary = serializers.CharField()
    next_step = serializers.CharField()
    sentiment = serializers.IntegerField(allow_null=True)
    informal_kind = serializers.ChoiceField(Touch.Informal.choices, allow_blank=True)
    version = serializers.IntegerField()

    def get_contacts(self, touch: Touch) -> list[UUID]:
        return [contact.pk for contact in touch.contacts.all()]


class HouseTouchOutput(TouchOutput):
    """A touch with what it cost us, which is nothing for programs."""

    hospitality = MoneyField(
        "hospitality_value", "hospitality_currency", required=False, allow_null=True,
        help_text="What we spent on each guest.",
    )  # fmt: skip
    hospitality_state = serializers.ChoiceField(
        Touch.Hospitality.choices, required=False, allow_blank=True
    )
    hospitality_reason = serializers.CharField(required=False, help_text="Why it was refused.")


class StakeTouchOutput(HouseTouchOutput):
    """A touch with what is really going on; rows outside the caller's STAKE set come without."""

    client_said = serializers.CharField(
        required=False, help_text="Absent unless you may read what the client really thinks."
    )

    def to_representation(self, instance: Touch) -> dict[str, Any]:
        if instance.in_stake:  # type: ignore[attr-defined]  # annotated by touch_list
            return super().to_representation(instance)
        is_program = self.context["request"].user.has_role(User.Role.API_CLIENT)
        output = TouchOutput if is_program else HouseTouchOutput
        return output(context=self.context).to_representation(instance)


class Hospitality(MoneyField):
    """Money, or null where nothing was spent."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, {self.amount: None}) if data is None else super().validate_empty_values(data)


class TouchInput(Input):
    account = VisibleRow(Account)
    summary = serializers.CharField(max_length=LONGEST_TEXT)
    kind = serializers.ChoiceField(Touch.Kind.choices, default=Touch.Kind.CALL)
    at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="Absent is now; a moment ahead is a plan."
    )
    direction = serializers.ChoiceField(Touch.Direction.choices, default=Touch.Direction.OUT)
    two_way = serializers.BooleanField(default=True)
    contacts = serializers.ListField(child=VisibleRow(Contact), max_length=50, default=list)
    client_said = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)
    next_step = serializers.CharField(max_length=250, default="", allow_blank=True)
    sentiment = serializers.IntegerField(min_value=-2, max_value=2, default=None, allow_null=True)
    informal_kind = serializers.ChoiceField(Touch.Informal.choices, default="", allow_blank=True)
    hospitality = Hospitality(
        "hospitality_value", "hospitality_currency", required=False, allow_null=True,
        help_text="What we spent on each guest of an informal meeting.",
    )  # fmt: skip


class RefuseHospitalityInput(Input):
    reason = serializers.CharField(max_length=500)


class TouchFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    contact = filters.UUIDFilter(field_name="contacts")
    kind = filters.ChoiceFilter(choices=Touch.Kind.choices)
    since = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")
