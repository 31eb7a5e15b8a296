"""Shapes of credits, and of how contracts were kept, over REST."""

from __future__ import annotations

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from core.rest.inputs import Input
from core.rest.money import MoneyField
from core.rest.outputs import Output
from sla.credits import BANDS, MISSES
from sla.models import Attainment, Credit, Exclusion, Metric

MONTH = "Its first day."


class CreditLineOutput(serializers.Serializer[dict[str, object]]):
    metric = serializers.ChoiceField(Metric.choices)
    met = serializers.IntegerField()
    counted = serializers.IntegerField()
    percent = serializers.CharField(allow_null=True, help_text="null if nothing fell due.")
    credit_percent = serializers.CharField()
    rule = serializers.ChoiceField([BANDS, MISSES])


class CreditOutput(Output[Credit]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    contract = serializers.UUIDField(source="contract_id")
    account = serializers.UUIDField(source="account_id")
    month = serializers.DateField(help_text=MONTH)
    state = serializers.ChoiceField(Credit.State.choices)
    lines = serializers.ListField(child=CreditLineOutput())
    uncapped_percent = serializers.DecimalField(max_digits=7, decimal_places=4)
    uncapped = MoneyField("uncapped")
    monthly_cap = MoneyField("monthly_cap")
    annual_room = MoneyField("annual_room")
    amount = MoneyField("amount")
    limited_by = serializers.ChoiceField(
        Credit.Limit.choices, allow_blank=True, help_text="Empty if no cap took anything away."
    )
    approved_by = serializers.UUIDField(source="approved_by_id", allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    change = serializers.CharField()
    letter = serializers.CharField()
    issued_at = serializers.DateTimeField(allow_null=True)
    waived_by_client = serializers.CharField()
    waived_in = serializers.CharField()


class CreditFilters(FilterSet):
    state = filters.ChoiceFilter(choices=Credit.State.choices)
    month = filters.DateFilter()
    account = filters.UUIDFilter(field_name="account_id")
    contract = filters.UUIDFilter(field_name="contract_id")


class IssueInput(Input):
    change = serializers.CharField(
        max_length=500, help_text="What was changed since, in the language of the letter."
    )


class WaiveInput(Input):
    reason = serializers.CharField(max_length=500)
    waived_by_client = serializers.CharField(max_length=160)
    waived_in = serializers.CharField(max_length=250, help_text="Where the client wrote it.")


class ExcludeInput(Input):
    kind = serializers.ChoiceField(
        Exclusion.Kind.choices, help_text="One of those that the contract names."
    )
    reason = serializers.CharField(max_length=500)


class AttainmentOutput(Output[Attainment]):
    id = serializers.UUIDField()
    contract = serializers.UUIDField(source="contract_id")
    month = serializers.DateField(help_text=MONTH)
    metric = serializers.ChoiceField(Metric.choices)
    met = serializers.IntegerField()
    missed = serializers.IntegerField()
    counted = serializers.IntegerField()
    excluded = serializers.IntegerField()
    percent = serializers.DecimalField(
        max_digits=7, decimal_places=4, allow_null=True, help_text="null if nothing fell due."
    )
    closed_at = serializers.DateTimeField()


class AttainmentFilters(FilterSet):
    metric = filters.ChoiceFilter(choices=Metric.choices)
    month = filters.DateFilter()
    contract = filters.UUIDFilter(field_name="contract_id")
    account = filters.UUIDFilter(field_name="contract__account_id")
