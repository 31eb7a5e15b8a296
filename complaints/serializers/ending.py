"""Shapes of what ends a complaint without putting anything right."""

from __future__ import annotations

from rest_framework import serializers

from complaints.models import Complaint
from complaints.serializers.fields import LONGEST_TEXT, colleague
from core.rest.inputs import Input, VisibleRow


class MergeInput(Input):
    into = VisibleRow(Complaint, help_text="An open complaint of the same account.")


class WithdrawComplaintInput(Input):
    words = serializers.CharField(max_length=LONGEST_TEXT, help_text="What the client said.")
    channel = serializers.ChoiceField(Complaint.Channel.choices)


class ConvertInput(Input):
    reason = serializers.CharField(max_length=500)
    assignee = colleague()
    due_at = serializers.DateTimeField()
