"""Shapes of promises over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account, Contact, Promise
from accounts.serializers.fields import colleague
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output


class PromiseOutput(Output[Promise]):
    id = serializers.UUIDField()
    no = serializers.CharField()
    account = serializers.UUIDField(source="account_id")
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    kind = serializers.ChoiceField(Promise.Kind.choices)
    text = serializers.CharField()
    state = serializers.ChoiceField(Promise.State.choices)
    made_by = serializers.UUIDField(source="made_by_id")
    made_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    source = serializers.ChoiceField(Promise.Source.choices)  # type: ignore[assignment]  # a column
    renegotiations = serializers.IntegerField()
    consent = serializers.CharField()
    tries = serializers.IntegerField()
    subject = serializers.UUIDField(source="subject_id", allow_null=True)
    version = serializers.IntegerField()


class PromiseInput(Input):
    account = VisibleRow(Account)
    kind = serializers.ChoiceField(Promise.Kind.choices)
    text = serializers.CharField(max_length=500)
    due_at = serializers.DateTimeField()
    made_by = colleague(default=serializers.CurrentUserDefault())
    contact = VisibleRow(Contact, allow_null=True, default=None)
    source = serializers.ChoiceField(Promise.Source.choices, default=Promise.Source.CALL)  # type: ignore[assignment]  # a column


class KeepInput(Input):
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class RenegotiateInput(Input):
    due_at = serializers.DateTimeField()
    consent = serializers.CharField(
        max_length=250, default="", allow_blank=True, help_text="How the client agreed; needed."
    )


class WithdrawInput(Input):
    reason = serializers.CharField(max_length=500)


class PromiseFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    made_by = filters.UUIDFilter(field_name="made_by_id")
    state = filters.MultipleChoiceFilter(choices=Promise.State.choices)
    kind = filters.ChoiceFilter(choices=Promise.Kind.choices)
    subject = filters.UUIDFilter(field_name="subject_id")
    owed = filters.BooleanFilter(method="still_owed", help_text="Not yet done, be it broken.")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    def still_owed(self, rows: Any, name: str, value: bool) -> QuerySet[Promise]:  # noqa: FBT001 -- django-filter's call
        found: QuerySet[Promise] = rows.owed() if value else rows.settled()
        return found
