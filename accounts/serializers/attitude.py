"""Shapes of influence, attitudes and whom to call first over REST: only for readers of STAKE."""

from __future__ import annotations

from typing import Any

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.loyal import Insider, WhomToCall
from accounts.models import AttitudeReading, Contact
from accounts.serializers.contact import ContactOutput
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output


class StakeContactOutput(ContactOutput):
    """A person with influence and attitude; rows outside the caller's STAKE set come without."""

    influence = serializers.IntegerField(
        required=False, allow_null=True, help_text="1–5, null while unknown. Only in your STAKE."
    )
    attitude = serializers.IntegerField(
        required=False, allow_null=True, help_text="−2–+2, the latest reading. Only in your STAKE."
    )

    def to_representation(self, instance: Contact) -> dict[str, Any]:
        if instance.in_stake:  # type: ignore[attr-defined]  # annotated by stake_contact_list
            return super().to_representation(instance)
        return ContactOutput(context=self.context).to_representation(instance)


class InfluenceInput(Input):
    influence = serializers.IntegerField(min_value=1, max_value=5, allow_null=True)


class AttitudeReadingOutput(Output[AttitudeReading]):
    id = serializers.UUIDField()
    contact = serializers.UUIDField(source="contact_id")
    value = serializers.IntegerField(help_text="−2 opponent … +2 advocate.")
    reason = serializers.CharField()
    author = serializers.UUIDField(source="author_id")
    at = serializers.DateTimeField()
    version = serializers.IntegerField()


class ReadAttitudeInput(Input):
    contact = VisibleRow(Contact)
    value = serializers.IntegerField(min_value=-2, max_value=2)
    reason = serializers.CharField(max_length=500, help_text="What was seen or heard.")


class AttitudeReadingFilters(FilterSet):
    contact = filters.UUIDFilter(field_name="contact_id")
    account = filters.UUIDFilter(field_name="contact__account_id")


class InsiderOutput(Output[Insider]):
    contact = serializers.UUIDField(source="contact.pk")
    name = serializers.CharField(source="contact.name")
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="0–100."
    )
    attitude = serializers.IntegerField()
    influence = serializers.IntegerField(allow_null=True)
    days_since_touch = serializers.IntegerField(allow_null=True)


class InsidersOutput(Output[WhomToCall]):
    insiders = InsiderOutput(many=True, source="loyal", help_text="The most loyal first.")
    least_negative = InsiderOutput(
        allow_null=True, help_text="With whom to begin when there is no insider."
    )
    loyalty_index = serializers.DecimalField(
        max_digits=5, decimal_places=4, source="loyalty.index", default=None, allow_null=True,
        help_text="−2–+2, null where nobody has been judged.",
    )  # fmt: skip
    loyalty = serializers.DecimalField(
        max_digits=5, decimal_places=2, source="loyalty.score", default=None, allow_null=True,
        help_text="The same as 0–100.",
    )  # fmt: skip
    unread = serializers.IntegerField(help_text="How many people nobody has judged yet.")
