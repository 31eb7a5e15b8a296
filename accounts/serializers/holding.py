"""Shapes of deliveries over REST."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account, Holding
from accounts.models.holding import batch_key, item_key
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output

LARGEST_QUANTITY = 1_000_000


class HoldingOutput(Output[Holding]):
    id = serializers.UUIDField()
    item = serializers.CharField()
    batch = serializers.CharField()
    quantity = serializers.IntegerField()
    delivered_on = serializers.DateField()
    returned_on = serializers.DateField(allow_null=True)
    account = serializers.UUIDField(source="account_id", allow_null=True)
    reseller = serializers.UUIDField(source="reseller_id", allow_null=True)
    holder_name = serializers.CharField()
    holder_email = serializers.CharField()
    holder_phone = serializers.CharField()
    holder_language = serializers.CharField()
    passed_on = serializers.BooleanField()
    note = serializers.CharField()
    version = serializers.IntegerField()


class HoldingInput(Input):
    """The holder is an account or a name."""

    item = serializers.CharField(max_length=120)
    batch = serializers.CharField(max_length=60, default="", allow_blank=True)
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, default=1)
    delivered_on = serializers.DateField()
    account = VisibleRow(Account, allow_null=True, default=None)
    reseller = VisibleRow(
        Account, allow_null=True, default=None, help_text="The account that sold it on."
    )
    holder_name = serializers.CharField(max_length=160, default="", allow_blank=True)
    holder_email = serializers.EmailField(max_length=254, default="", allow_blank=True)
    holder_phone = serializers.CharField(max_length=40, default="", allow_blank=True)
    holder_language = serializers.ChoiceField(settings.LANGUAGES, default="", allow_blank=True)
    passed_on = serializers.BooleanField(default=False, help_text="Second-hand.")
    note = serializers.CharField(max_length=250, default="", allow_blank=True)


class ReturnHoldingInput(Input):
    returned_on = serializers.DateField()


class HoldingFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    reseller = filters.UUIDFilter(field_name="reseller_id")
    item = filters.CharFilter(
        method="of_item", max_length=120, help_text="In any case and spacing."
    )
    batch = filters.CharFilter(
        method="of_batch", max_length=60, help_text="In any case and spacing."
    )
    returned = filters.BooleanFilter(field_name="returned_on", lookup_expr="isnull", exclude=True)

    def of_item(self, rows: Any, name: str, value: str) -> QuerySet[Holding]:
        found: QuerySet[Holding] = rows.filter(item_key=item_key(value))
        return found

    def of_batch(self, rows: Any, name: str, value: str) -> QuerySet[Holding]:
        found: QuerySet[Holding] = rows.filter(batch_key=batch_key(value))
        return found
