"""Shapes of bad news over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.flight import flight
from accounts.models import Account, BadNews
from accounts.permissions import may_name_messenger
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output

LONGEST_NEWS = 4000
LONGEST_REASON = 500
MINUTE = timedelta(minutes=1)


class BadNewsOutput(Output[BadNews]):
    """Without whoever brought it."""

    id = serializers.UUIDField()
    account = serializers.UUIDField(source="account_id")
    what = serializers.CharField()
    may_cause = serializers.CharField()
    first_known_at = serializers.DateTimeField()
    reported_at = serializers.DateTimeField()
    ack_due_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.UUIDField(source="acknowledged_by_id", allow_null=True)
    minutes_to_manager = serializers.SerializerMethodField()
    told_at = serializers.DateTimeField(allow_null=True)
    told_by = serializers.UUIDField(source="told_by_id", allow_null=True)
    told_how = serializers.CharField()
    minutes_to_client = serializers.SerializerMethodField()
    spared_because = serializers.CharField()
    thanked_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()

    def get_minutes_to_manager(self, news: BadNews) -> int | None:
        return _minutes(flight(news.first_known_at, news.acknowledged_at, None).to_manager)

    def get_minutes_to_client(self, news: BadNews) -> int | None:
        return _minutes(flight(news.first_known_at, None, news.told_at).to_client)


def _minutes(span: timedelta | None) -> int | None:
    return None if span is None else span // MINUTE


class BadNewsDetailOutput(BadNewsOutput):
    reported_by = serializers.SerializerMethodField(
        help_text="Null unless you manage the account, head its managers, or said it yourself."
    )

    def get_reported_by(self, news: BadNews) -> UUID | None:
        caller = self.context["request"].user
        return news.reported_by_id if may_name_messenger(caller, news) else None


class ReportInput(Input):
    account = VisibleRow(Account)
    what = serializers.CharField(max_length=LONGEST_NEWS)
    may_cause = serializers.CharField(max_length=LONGEST_NEWS, default="", allow_blank=True)
    first_known_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="When any of you knew first; absent is now."
    )


class TellClientInput(Input):
    how = serializers.CharField(max_length=LONGEST_REASON)
    told_at = serializers.DateTimeField(default=None, allow_null=True, help_text="Absent is now.")


class SpareClientInput(Input):
    reason = serializers.CharField(max_length=LONGEST_REASON)


class BadNewsFilters(FilterSet):
    account = filters.UUIDFilter(field_name="account_id")
    acknowledged = filters.BooleanFilter(
        field_name="acknowledged_at", lookup_expr="isnull", exclude=True
    )
    untold = filters.BooleanFilter(
        method="still_untold", help_text="The client has not been told, and should be."
    )
    since = filters.IsoDateTimeFilter(field_name="reported_at", lookup_expr="gte")
    until = filters.IsoDateTimeFilter(field_name="reported_at", lookup_expr="lt")

    def still_untold(self, rows: Any, name: str, value: bool) -> QuerySet[BadNews]:  # noqa: FBT001 -- django-filter's call
        untold = BadNews.objects.untold().values("pk")
        found: QuerySet[BadNews] = (
            rows.filter(pk__in=untold) if value else rows.exclude(pk__in=untold)
        )
        return found
