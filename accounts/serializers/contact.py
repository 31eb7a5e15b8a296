"""Shapes of the client's people over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account, Contact
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output


class ContactOutput(Output[Contact]):
    id = serializers.UUIDField()
    account = serializers.UUIDField(source="account_id")
    also_at = serializers.SerializerMethodField()
    name = serializers.CharField()
    how_to_address = serializers.CharField()
    title = serializers.CharField()
    department = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(Contact.Role.choices))
    emails = serializers.ListField(child=serializers.EmailField())
    phones = serializers.ListField(child=serializers.CharField())
    language = serializers.ChoiceField(settings.LANGUAGES)
    preferred_channel = serializers.ChoiceField(Contact.Channel.choices)
    state = serializers.ChoiceField(Contact.State.choices)
    version = serializers.IntegerField()

    def get_also_at(self, contact: Contact) -> list[UUID]:
        return [account.pk for account in contact.also_at.all()]


class ContactInput(Input):
    name = serializers.CharField(max_length=120)
    how_to_address = serializers.CharField(max_length=80, default="", allow_blank=True)
    title = serializers.CharField(max_length=120, default="", allow_blank=True)
    department = serializers.CharField(max_length=120, default="", allow_blank=True)
    roles = serializers.ListField(
        child=serializers.ChoiceField(Contact.Role.choices), max_length=8, default=list,
        help_text="Part in decisions; the account's manager and the heads say it.",
    )  # fmt: skip
    emails = serializers.ListField(
        child=serializers.EmailField(max_length=254), max_length=10, default=list
    )
    phones = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=10, default=list
    )
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")
    preferred_channel = serializers.ChoiceField(
        Contact.Channel.choices, default=Contact.Channel.PHONE
    )
    state = serializers.ChoiceField(Contact.State.choices, default=Contact.State.ACTIVE)
    also_at = serializers.ListField(
        child=VisibleRow(Account), max_length=50, default=list,
        help_text="Other companies of the same group.",
    )  # fmt: skip


class AddContactInput(ContactInput):
    account = VisibleRow(Account)


class ContactFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    state = filters.ChoiceFilter(choices=Contact.State.choices)
    q = filters.CharFilter(method="matching", max_length=100, help_text="Part of a name.")

    def matching(self, rows: Any, name: str, value: str) -> QuerySet[Contact]:
        found: QuerySet[Contact] = rows.matching(value)
        return found
