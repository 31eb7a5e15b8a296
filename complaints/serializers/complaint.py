"""Shapes of complaints and of what is done to them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account, Contact
from complaints.models import Complaint
from complaints.serializers.fields import LONGEST_TEXT, colleague, level, override_reason
from complaints.services import Intake
from core.rest.inputs import Input, VisibleRow
from core.rest.outputs import Output
from sla.models import Priority


class ComplaintOutput(Output[Complaint]):
    id = serializers.UUIDField()
    no = serializers.CharField()
    account = serializers.UUIDField(source="account_id")
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    title = serializers.CharField()
    channel = serializers.ChoiceField(Complaint.Channel.choices)
    category = serializers.ChoiceField(Complaint.Category.choices)
    impact = serializers.IntegerField()
    urgency = serializers.IntegerField()
    safety = serializers.BooleanField()
    priority = serializers.ChoiceField(Priority.choices)
    state = serializers.ChoiceField(Complaint.State.choices)
    assignee = serializers.UUIDField(source="assignee_id", allow_null=True)
    lead = serializers.UUIDField(source="lead_id")
    received_at = serializers.DateTimeField()
    next_due_at = serializers.DateTimeField(
        allow_null=True, help_text="The earliest deadline that runs; null while none does."
    )
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    reopen_count = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class ComplaintDetailOutput(ComplaintOutput):
    client_words = serializers.CharField()
    language = serializers.ChoiceField(settings.LANGUAGES)
    scope = serializers.CharField(help_text="Which of the agreed services; empty is everything.")
    order_ref = serializers.CharField(help_text="Order or invoice.")
    item = serializers.CharField(help_text="Item or service component.")
    batch = serializers.CharField()
    waiting_since = serializers.DateTimeField(allow_null=True)
    appointment_at = serializers.DateTimeField(
        allow_null=True, help_text="The clocks stand still until then, as the client asked."
    )
    resolution_type = serializers.CharField()
    resolution = serializers.CharField()
    is_confirmed = serializers.BooleanField(
        allow_null=True, help_text="Did the client say that it is fixed? Null until it is closed."
    )


class LogInput(Input):
    """A complaint as a client told it. `received_at` absent is now."""

    account = VisibleRow(Account)
    contact = VisibleRow(Contact, allow_null=True, default=None)
    client_words = serializers.CharField(max_length=LONGEST_TEXT)
    impact = level(help_text="1 the business stands still … 4 a nuisance.")
    urgency = level(help_text="1 now … 4 can wait.")
    safety = serializers.BooleanField(default=False, help_text="Somebody could get hurt: P1.")
    channel = serializers.ChoiceField(Complaint.Channel.choices, default=Complaint.Channel.API)
    category = serializers.ChoiceField(Complaint.Category.choices, default=Complaint.Category.OTHER)
    title = serializers.CharField(max_length=100, default="", allow_blank=True)
    scope = serializers.CharField(
        max_length=80, default="", allow_blank=True, help_text="Names one of several contracts."
    )
    received_at = serializers.DateTimeField(default=None, allow_null=True)
    reason = serializers.CharField(
        max_length=250,
        default="",
        allow_blank=True,
        help_text="Why it is logged only now; needed after 15 minutes.",
    )
    order_ref = serializers.CharField(
        max_length=60, default="", allow_blank=True, help_text="Order or invoice."
    )
    item = serializers.CharField(
        max_length=120, default="", allow_blank=True, help_text="Item or service component."
    )
    batch = serializers.CharField(max_length=60, default="", allow_blank=True)
    disputed_value = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal(0), default=None, allow_null=True,
        help_text="In the account's currency.",
    )  # fmt: skip
    about = colleague(
        default=None, allow_null=True, help_text="The colleague complained of, who does not lead."
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        told = super().to_internal_value(data)
        return {"account": told.pop("account"), "intake": Intake(**told)}


class TriageInput(Input):
    impact, urgency = level(), level()
    safety = serializers.BooleanField()
    category = serializers.ChoiceField(Complaint.Category.choices)
    root_cause = serializers.ChoiceField(Complaint.RootCause.choices, default="", allow_blank=True)
    trivial_reason = serializers.CharField(
        max_length=250,
        default=None,
        allow_null=True,
        allow_blank=True,
        help_text="Why it is a trifle; empty if it is none, absent leaves it. Internal.",
    )
    assignee, lead = colleague(), colleague(help_text="Who speaks with the client.")


class AssignInput(Input):
    assignee, lead = colleague(), colleague()


class WaitInput(Input):
    waiting_for = serializers.ChoiceField(["client", "appointment", "supplier"])
    body = serializers.CharField(
        max_length=LONGEST_TEXT, help_text="The question to the client, or the supplier's case."
    )
    appointment_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="The moment the client asked for."
    )
    override_reason = override_reason()


class ResolveInput(Input):
    resolution_type = serializers.ChoiceField(Complaint.ResolutionType.choices)
    resolution = serializers.CharField(
        max_length=LONGEST_TEXT, help_text="What the client is told."
    )
    override_reason = override_reason()


class ReopenInput(Input):
    reason = serializers.CharField(max_length=500)


class ComplaintFilters(FilterSet):
    priority = filters.MultipleChoiceFilter(choices=Priority.choices)
    state = filters.MultipleChoiceFilter(choices=Complaint.State.choices)
    account = filters.UUIDFilter(field_name="account_id")
    assignee = filters.UUIDFilter(field_name="assignee_id")
    lead = filters.UUIDFilter(field_name="lead_id")
    breaching_before = filters.IsoDateTimeFilter(
        field_name="next_due_at", lookup_expr="lt", help_text="A deadline runs out before it."
    )
    q = filters.CharFilter(
        method="matching", max_length=100, help_text="Number, title or words of the client."
    )

    def matching(self, rows: Any, name: str, value: str) -> QuerySet[Complaint]:
        found: QuerySet[Complaint] = rows.matching(value)
        return found
