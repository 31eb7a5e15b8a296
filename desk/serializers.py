"""Shape of a day over REST."""

from __future__ import annotations

from rest_framework import serializers

from core.rest.outputs import Output
from desk.duties import Row


class SubjectOutput(Output[Row]):
    type = serializers.CharField(source="kind")
    id = serializers.UUIDField(source="subject_id")


class DutyOutput(Output[Row]):
    bucket = serializers.SerializerMethodField(
        help_text="0 burning, 1 overdue to a client, 2 due today, 3 risk, 4 internal, 5 ahead."
    )
    due_at = serializers.DateTimeField()
    subject = SubjectOutput(source="*")
    account = serializers.UUIDField(source="account.pk")
    does = serializers.CharField()
    why = serializers.CharField()
    who = serializers.CharField()

    def get_bucket(self, row: Row) -> int:
        return row.bucket(self.context["now"], self.context["day_ends_at"])
