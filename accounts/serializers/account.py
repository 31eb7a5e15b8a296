"""Shapes of accounts over REST."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django_countries import countries
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account
from accounts.queries import reads_cost
from accounts.serializers.fields import LONGEST_TEXT, colleague
from core.models import Calendar, User
from core.rest.inputs import Input, VisibleRow
from core.rest.money import MoneyField
from core.rest.outputs import Output
from core.user_forms import ZONES


class AccountOutput(Output[Account]):
    id = serializers.UUIDField()
    no = serializers.CharField()
    kind = serializers.ChoiceField(Account.Kind.choices)
    name = serializers.CharField()
    stage = serializers.ChoiceField(Account.Stage.choices)
    tier = serializers.ChoiceField(Account.Tier.choices)
    owner = serializers.UUIDField(source="owner_id")
    deputy = serializers.UUIDField(source="deputy_id", allow_null=True)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]  # a column
    parent_relation = serializers.CharField()
    country = serializers.CharField(source="country.code")
    city = serializers.CharField()
    language = serializers.ChoiceField(settings.LANGUAGES)
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    client_since = serializers.DateField(allow_null=True)
    last_touch_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class AccountDetailOutput(AccountOutput):
    legal_name = serializers.CharField()
    registration_no = serializers.CharField()
    vat_id = serializers.CharField()
    website = serializers.CharField()
    calendar = serializers.UUIDField(source="calendar_id")
    payment_term_days = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # our column, not DRF's word
    notes = serializers.CharField()
    team = serializers.SerializerMethodField()

    def get_team(self, account: Account) -> list[UUID]:
        return [person.pk for person in account.team.all()]


class CostAccountOutput(AccountDetailOutput):
    """An account with what it earns us; rows outside the caller's COST set come without."""

    annual_margin = MoneyField(
        "annual_margin", required=False, allow_null=True,
        help_text="Null while nobody knows. Only in your COST.",
    )  # fmt: skip

    def to_representation(self, instance: Account) -> dict[str, Any]:
        if reads_cost(self.context["request"].user, instance):
            return super().to_representation(instance)
        return AccountDetailOutput(context=self.context).to_representation(instance)


class SignContractInput(Input):
    number = serializers.CharField(max_length=60, help_text="As it stands on the paper.")
    signed_on = serializers.DateField(help_text="Not in the future.")


class MarginInput(Input):
    annual_margin = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True,
        help_text="In the account's currency; null where nobody knows.",
    )  # fmt: skip


class AccountInput(Input):
    """What a person edits of an account."""

    name = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(Account.Kind.choices, default=Account.Kind.COMPANY)
    stage = serializers.ChoiceField(Account.Stage.choices, default=Account.Stage.LEAD)
    client_since = serializers.DateField(allow_null=True, default=None)
    tier = serializers.ChoiceField(Account.Tier.choices, default=Account.Tier.SMALL)
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")
    time_zone = serializers.ChoiceField(ZONES, default=settings.TIME_ZONE)
    calendar = serializers.PrimaryKeyRelatedField(
        queryset=Calendar.objects.exclude(current=None), pk_field=serializers.UUIDField()
    )
    country = serializers.ChoiceField(list(countries), default="", allow_blank=True)
    city = serializers.CharField(max_length=80, default="", allow_blank=True)
    parent = VisibleRow(Account, allow_null=True, default=None)  # type: ignore[assignment]  # a column
    parent_relation = serializers.ChoiceField(
        Account.ParentRelation.choices, default="", allow_blank=True
    )
    legal_name = serializers.CharField(max_length=200, default="", allow_blank=True)
    registration_no = serializers.CharField(max_length=40, default="", allow_blank=True)
    vat_id = serializers.CharField(max_length=20, default="", allow_blank=True)
    website = serializers.URLField(max_length=200, default="", allow_blank=True)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="EUR")
    payment_term_days = serializers.IntegerField(min_value=0, max_value=365, default=30)
    source = serializers.CharField(max_length=160, default="", allow_blank=True)  # type: ignore[assignment]  # a column
    notes = serializers.CharField(max_length=LONGEST_TEXT, default="", allow_blank=True)


class CreateAccountInput(AccountInput):
    owner = colleague(default=serializers.CurrentUserDefault(), help_text="Absent for yourself.")


class ReassignInput(Input):
    owner = colleague()
    deputy = colleague(allow_null=True, default=None)
    team = serializers.ListField(child=colleague(), max_length=50, default=list)


class AccountFilters(FilterSet):
    stage = filters.MultipleChoiceFilter(choices=Account.Stage.choices)
    tier = filters.MultipleChoiceFilter(choices=Account.Tier.choices)
    owner = filters.UUIDFilter(field_name="owner_id")
    parent = filters.UUIDFilter(field_name="parent_id")
    country = filters.ChoiceFilter(choices=list(countries))
    mine = filters.BooleanFilter(method="of_caller", help_text="Those you answer for.")
    q = filters.CharFilter(method="matching", max_length=100, help_text="Part of a name.")

    def of_caller(self, rows: Any, name: str, value: bool) -> QuerySet[Account]:  # noqa: FBT001 -- django-filter's call
        mine = Account.objects.own_of(cast(User, self.request.user)).values("pk")  # type: ignore[union-attr]  # set by the backend
        found: QuerySet[Account] = rows.filter(pk__in=mine) if value else rows.exclude(pk__in=mine)
        return found

    def matching(self, rows: Any, name: str, value: str) -> QuerySet[Account]:
        found: QuerySet[Account] = rows.matching(value)
        return found
