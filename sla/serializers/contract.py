"""Shapes of contracts over REST."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django_filters.rest_framework import FilterSet, filters
from rest_framework import serializers

from accounts.models import Account
from accounts.serializers.fields import colleague
from core.models import Calendar
from core.rest.inputs import Input, VisibleRow
from core.rest.money import MoneyField
from core.rest.outputs import Output
from sla.approvals import approvals_needed
from sla.diff import Change, Line, Part
from sla.models import (
    Approval,
    Contract,
    CreditBand,
    EscalationStep,
    Exclusion,
    Metric,
    Priority,
    ScopeItem,
    Target,
)
from sla.services import BandRow, ExclusionRow, ScopeRow, StepRow, TargetRow
from sla.transitions import allowed_now

LONGEST_MINUTES = 600_000
LONGEST_DAYS = 3_650
LONGEST_MONTHS = 120


def _percent(**options: Any) -> serializers.DecimalField:
    """Return a share in percent points: 12.5 is 12.5 %."""
    return serializers.DecimalField(
        max_digits=7, decimal_places=4, min_value=0, max_value=100, **options
    )


class FeeField(MoneyField):
    """Money, or null for a contract that costs nothing by itself."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, {self.amount: None}) if data is None else super().validate_empty_values(data)


class SlaTargetOutput(Output[Target]):
    priority = serializers.ChoiceField(Priority.choices)
    category = serializers.CharField(help_text="Empty for all.")
    metric = serializers.ChoiceField(Metric.choices)
    minutes = serializers.IntegerField()
    around_the_clock = serializers.BooleanField()
    attainment_percent = _percent()


class ScopeItemOutput(Output[ScopeItem]):
    service = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=14, decimal_places=4, allow_null=True)
    unit = serializers.CharField()
    per = serializers.ChoiceField(ScopeItem.Per.choices, allow_blank=True)
    excluded = serializers.CharField()


class ExclusionOutput(Output[Exclusion]):
    kind = serializers.ChoiceField(Exclusion.Kind.choices)
    text = serializers.CharField()


class CreditBandOutput(Output[CreditBand]):
    metric = serializers.ChoiceField(Metric.choices)
    from_percent = _percent()
    to_percent = _percent()
    credit_percent = _percent()


class EscalationStepOutput(Output[EscalationStep]):
    action = serializers.ChoiceField(EscalationStep.Action.choices)
    percent = serializers.IntegerField(allow_null=True)
    minutes_from_due = serializers.IntegerField(allow_null=True)
    hearer = serializers.ChoiceField(EscalationStep.Hearer.choices, allow_blank=True)
    person = serializers.UUIDField(source="person_id", allow_null=True)
    priority = serializers.ChoiceField(Priority.choices, allow_blank=True)
    metric = serializers.ChoiceField(Metric.choices, allow_blank=True)
    any_hour = serializers.BooleanField()
    repeat_minutes = serializers.IntegerField(allow_null=True)
    repeat_limit = serializers.IntegerField()


class ApprovalOutput(Output[Approval]):
    kind = serializers.ChoiceField(Approval.Kind.choices)
    by = serializers.UUIDField(source="by_id")
    at = serializers.DateTimeField()
    note = serializers.CharField()


class ContractOutput(Output[Contract]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    no = serializers.CharField()
    revision = serializers.IntegerField(help_text="Which version of the contract this is.")
    predecessor = serializers.UUIDField(source="predecessor_id", allow_null=True)
    account = serializers.UUIDField(source="account_id")
    scope = serializers.CharField(help_text="What it is for; empty for all we do.")
    state = serializers.ChoiceField(Contract.State.choices)
    calendar = serializers.UUIDField(source="calendar_id")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True, help_text="When it ended before its time.")
    covers_children = serializers.BooleanField()
    targets = SlaTargetOutput(many=True)


class ContractDetailOutput(ContractOutput):
    auto_renew = serializers.BooleanField()
    notice_days = serializers.IntegerField()
    monthly_fee = MoneyField("monthly_fee", allow_null=True)
    review_every = serializers.IntegerField(help_text="Months.")
    next_review = serializers.DateField(allow_null=True)
    monthly_cap_percent = _percent()
    annual_cap_percent = _percent()
    n_min = serializers.IntegerField()
    per_extra_miss_percent = _percent()
    tolerated_misses = serializers.IntegerField()
    scope_items = ScopeItemOutput(many=True)
    exclusions = ExclusionOutput(many=True)
    bands = CreditBandOutput(many=True, source="credit_bands")
    steps = EscalationStepOutput(
        many=True, source="escalation_steps", help_text="None are the steps of the house."
    )
    approvals = ApprovalOutput(many=True)
    approvals_needed = serializers.SerializerMethodField()
    successor = serializers.SerializerMethodField()
    sent_at = serializers.DateTimeField(allow_null=True)
    signed_by_us = serializers.UUIDField(source="signed_by_us_id", allow_null=True)
    signed_by_us_on = serializers.DateField(allow_null=True)
    signed_by_client = serializers.CharField()
    signed_by_client_on = serializers.DateField(allow_null=True)
    document = serializers.CharField()
    allowed = serializers.SerializerMethodField(help_text="Actions that are legal now.")

    def get_approvals_needed(self, contract: Contract) -> list[str]:
        return [kind.value for kind in approvals_needed(contract)]

    def get_successor(self, contract: Contract) -> UUID | None:
        successor: Contract | None = getattr(contract, "successor", None)
        return successor.pk if successor else None

    def get_allowed(self, contract: Contract) -> list[str]:
        return allowed_now(contract)


class DiffLineOutput(Output[Line]):
    what = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    change = serializers.ChoiceField(
        [change.value for change in Change], help_text="What it means for the client."
    )


class DiffPartOutput(Output[Part]):
    title = serializers.CharField()
    lines = DiffLineOutput(many=True)


class DiffOutput(Output[Any]):
    """Two versions of a contract in plain words, in the language of the caller."""

    before = serializers.UUIDField(source="before.id")
    after = serializers.UUIDField(source="after.id")
    parts = DiffPartOutput(many=True)


class SlaTargetInput(Input):
    priority = serializers.ChoiceField(Priority.choices)
    category = serializers.CharField(max_length=16, default="", allow_blank=True)
    metric = serializers.ChoiceField(Metric.choices)
    minutes = serializers.IntegerField(min_value=1, max_value=LONGEST_MINUTES)
    around_the_clock = serializers.BooleanField(default=False)
    attainment_percent = _percent(default=Decimal(90))

    def to_internal_value(self, data: Any) -> TargetRow:
        return TargetRow(**super().to_internal_value(data))


class ScopeItemInput(Input):
    service = serializers.CharField(max_length=160)
    quantity = serializers.DecimalField(
        max_digits=14, decimal_places=4, min_value=0, allow_null=True, default=None
    )
    unit = serializers.CharField(max_length=40, default="", allow_blank=True)
    per = serializers.ChoiceField(ScopeItem.Per.choices, default="", allow_blank=True)
    excluded = serializers.CharField(max_length=500, default="", allow_blank=True)

    def to_internal_value(self, data: Any) -> ScopeRow:
        return ScopeRow(**super().to_internal_value(data))


class ExclusionInput(Input):
    kind = serializers.ChoiceField(Exclusion.Kind.choices)
    text = serializers.CharField(max_length=500, default="", allow_blank=True)

    def to_internal_value(self, data: Any) -> ExclusionRow:
        return ExclusionRow(**super().to_internal_value(data))


class CreditBandInput(Input):
    metric = serializers.ChoiceField(Metric.choices)
    from_percent = _percent()
    to_percent = _percent()
    credit_percent = _percent()

    def to_internal_value(self, data: Any) -> BandRow:
        return BandRow(**super().to_internal_value(data))


class EscalationStepInput(Input):
    action = serializers.ChoiceField(EscalationStep.Action.choices)
    percent = serializers.IntegerField(min_value=1, max_value=99, allow_null=True, default=None)
    minutes_from_due = serializers.IntegerField(
        min_value=-LONGEST_MINUTES,
        max_value=LONGEST_MINUTES,
        allow_null=True,
        default=None,
        help_text="Counted time before (negative) or after the deadline.",
    )
    hearer = serializers.ChoiceField(EscalationStep.Hearer.choices, default="", allow_blank=True)
    person = colleague(allow_null=True, default=None)
    priority = serializers.ChoiceField(Priority.choices, default="", allow_blank=True)
    metric = serializers.ChoiceField(Metric.choices, default="", allow_blank=True)
    any_hour = serializers.BooleanField(default=False)
    repeat_minutes = serializers.IntegerField(
        min_value=1, max_value=LONGEST_MINUTES, allow_null=True, default=None
    )
    repeat_limit = serializers.IntegerField(min_value=0, max_value=20, default=0)

    def to_internal_value(self, data: Any) -> StepRow:
        return StepRow(**super().to_internal_value(data))


class TermsInput(Input):
    calendar = VisibleRow(Calendar)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, default=None)
    scope = serializers.CharField(max_length=80, allow_blank=True, required=False)
    covers_children = serializers.BooleanField(default=False)
    auto_renew = serializers.BooleanField(default=False)
    notice_days = serializers.IntegerField(min_value=0, max_value=LONGEST_DAYS, required=False)
    monthly_fee = FeeField("monthly_fee", allow_null=True, required=False)
    review_every = serializers.IntegerField(min_value=1, max_value=LONGEST_MONTHS, required=False)
    monthly_cap_percent = _percent(required=False)
    annual_cap_percent = _percent(required=False)
    n_min = serializers.IntegerField(min_value=0, max_value=1_000, required=False)
    per_extra_miss_percent = _percent(required=False)
    tolerated_misses = serializers.IntegerField(min_value=0, max_value=1_000, required=False)
    targets = SlaTargetInput(many=True)
    scope_items = ScopeItemInput(many=True, required=False)
    exclusions = ExclusionInput(many=True, required=False)
    bands = CreditBandInput(many=True, required=False, help_text="Absent are the usual ones.")
    steps = EscalationStepInput(many=True, required=False)


class DraftInput(TermsInput):
    account = VisibleRow(Account)


class ApproveInput(Input):
    kind = serializers.ChoiceField(Approval.Kind.choices)
    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class NegotiateInput(Input):
    note = serializers.CharField(max_length=2_000)


class SignInput(Input):
    signed_on = serializers.DateField()


class RecordSignatureInput(SignInput):
    signed_by = serializers.CharField(max_length=160)
    document = serializers.CharField(
        max_length=250, default="", allow_blank=True, help_text="Where the signed paper is kept."
    )


class ReasonInput(Input):
    reason = serializers.CharField(max_length=500)


class ContractFilters(FilterSet):
    state = filters.ChoiceFilter(choices=Contract.State.choices)
    account = filters.UUIDFilter(field_name="account_id")
