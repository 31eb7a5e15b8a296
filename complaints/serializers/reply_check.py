"""Shapes of the reply check, of what was sent despite it, and of suppliers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from complaints.checking import CheckedText, Remark
from complaints.models import Complaint, Message, Supplier
from complaints.replycheck import Verdict
from complaints.serializers.fields import LONGEST_TEXT
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output

VERDICTS = [(verdict.value, verdict.value) for verdict in Verdict]


class ReplyCheckInput(Input):
    text = serializers.CharField(max_length=LONGEST_TEXT, trim_whitespace=False)
    language = serializers.ChoiceField(
        settings.LANGUAGES, default=None, allow_null=True,
        help_text="Else it is found out, with the client's language where the text leaves it open.",
    )  # fmt: skip
    complaint = VisibleRow(
        Complaint, default=None, allow_null=True, help_text="What it answers; decides the hint."
    )
    resolves = serializers.BooleanField(
        default=False, help_text="It tells the client how it was put right."
    )


class RemarkOutput(Output[Remark]):
    phrase = serializers.CharField(help_text="As it was typed.")
    start = serializers.IntegerField(help_text="First character in the text, from 0.")
    end = serializers.IntegerField(help_text="The character after the last one.")
    category = serializers.CharField()
    weight = serializers.IntegerField()
    why = serializers.CharField(help_text="In the caller's language.")
    suggestion = serializers.CharField(help_text="A better sentence, in the text's language.")


class ReplyCheckOutput(Output[CheckedText]):
    """`stop`: it would only be sent with an `override_reason`; `review`: better words exist."""

    language = serializers.CharField()
    score = serializers.FloatField()
    verdict = serializers.ChoiceField(VERDICTS)
    is_held = serializers.BooleanField(help_text="A first answer to a P1 never is.")
    ownership_found = serializers.BooleanField()
    lacks_ownership = serializers.BooleanField(help_text="It should own up to more than it does.")
    has_blanks = serializers.BooleanField(help_text="Dots of a better sentence are left in it.")
    hits = RemarkOutput(source="remarks", many=True)


class OverrideOutput(Output[Message]):
    id = serializers.UUIDField()
    complaint = serializers.UUIDField(source="complaint_id")
    no = serializers.CharField(source="complaint.no")
    author = serializers.UUIDField(source="author_id")
    at = serializers.DateTimeField()
    body = serializers.CharField()
    reason = serializers.CharField(source="override_reason")
    score = serializers.FloatField(source="check_score")
    hits = serializers.ListField(
        source="check_hits", child=serializers.CharField(), help_text="Ids of phrases."
    )


class SupplierOutput(Output[Supplier]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    notes = serializers.CharField()
    archived_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class SupplierInput(Input):
    name = serializers.CharField(max_length=120)
    aliases: Any = serializers.ListField(
        child=serializers.CharField(max_length=120), max_length=20, default=list,
        help_text="Other names that letters may use.",
    )  # fmt: skip
    notes = serializers.CharField(max_length=2_000, default="", allow_blank=True)
