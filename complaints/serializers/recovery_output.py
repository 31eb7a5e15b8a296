"""What is shown of how trust is won back: to colleagues only, amounts to those who read costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from complaints.guards import missing_for_resolving, warnings_of
from complaints.models import Apology, Complaint, Finding, MakeGood, Prevention, Remedy, Want
from complaints.recovery import (
    Recovery,
    WantLine,
    cost_of,
    reads_cost,
    recovery_of,
    suggestion_for,
)
from complaints.serializers.recovery import amount
from core.rest.outputs import Output


class WantOutput(Output[WantLine]):
    number = serializers.IntegerField()
    wanted = serializers.ChoiceField(Want.Wanted.choices)
    done = serializers.BooleanField()
    evidence = serializers.CharField()
    is_required = serializers.BooleanField()
    is_automatic = serializers.BooleanField(help_text="It follows from what was done.")


class WantsOutput(Output[Complaint]):
    """The eight wants of a complaint, and how many of those that we owe are given."""

    recovery_pct = serializers.DecimalField(max_digits=5, decimal_places=2)
    required = serializers.ListField(child=serializers.IntegerField())  # type: ignore[assignment]
    done = serializers.ListField(child=serializers.IntegerField())
    wants = WantOutput(many=True)

    def to_representation(self, instance: Complaint) -> dict[str, Any]:
        recovery = recovery_of(instance)
        completeness = recovery.completeness
        return {
            "recovery_pct": str(completeness.percent),
            "required": completeness.required,
            "done": completeness.done,
            "wants": _each(WantOutput, recovery.wants),
        }


class MissingOutput(Output[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()
    action = serializers.CharField(help_text="The verb that does it.")


class FindingOutput(Output[Finding]):
    cause_text = serializers.CharField()
    whys = serializers.ListField(child=serializers.CharField())
    fault = serializers.ChoiceField(Finding.Fault.choices)
    our_share = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    justified = serializers.ChoiceField(Finding.Justified.choices)
    named = serializers.UUIDField(source="named_id", allow_null=True)
    supplier = serializers.UUIDField(source="supplier_id", allow_null=True)
    supplier_case = serializers.CharField()
    let_stand_by = serializers.UUIDField(source="let_stand_by_id", allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    disclose_by = serializers.DateTimeField(allow_null=True)
    disclosed_at = serializers.DateTimeField(allow_null=True)


class RemedyOutput(Output[Remedy]):
    state = serializers.ChoiceField(Remedy.State.choices)
    asked_at = serializers.DateTimeField(allow_null=True)
    tries = serializers.IntegerField(help_text="Attempts to ask that failed.")
    client_text = serializers.CharField()
    proposed_at = serializers.DateTimeField(allow_null=True)
    feasible = serializers.ChoiceField(Remedy.Feasible.choices)
    feasible_how = serializers.CharField()
    lawful = serializers.BooleanField()
    decision_reason = serializers.CharField()
    counter_text = serializers.CharField()
    decided_by = serializers.UUIDField(source="decided_by_id", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    client_answer = serializers.CharField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)


class MakeGoodOutput(Output[MakeGood]):
    state = serializers.ChoiceField(MakeGood.State.choices)
    base = serializers.CharField()
    plus = serializers.CharField()
    voluntary = serializers.BooleanField(help_text="Nobody had asked for the plus.")
    agreed_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)


class PreventionOutput(Output[Prevention]):
    text = serializers.CharField()
    owner = serializers.UUIDField(source="owner_id")
    due_date = serializers.DateField()
    told_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class ApologyOutput(Output[Apology]):
    id = serializers.UUIDField()
    form = serializers.ChoiceField(Apology.Form.choices)
    text = serializers.CharField()
    channel = serializers.ChoiceField(Complaint.Channel.choices)
    by = serializers.UUIDField(source="by_id")
    at = serializers.DateTimeField()
    admission_of_liability = serializers.BooleanField()


class CostOutput(serializers.Serializer[Any]):
    """Amounts of the case, in the account's currency; only for those who read costs."""

    currency = serializers.CharField()
    estimated_remedy = amount(allow_null=True)
    suggested_plus = amount()
    base, plus, credit, staff = amount(), amount(), amount(), amount()
    recourse, gross, net = amount(), amount(), amount()
    annual_margin = amount(allow_null=True)


class RecoveryOutput(Output[Complaint]):
    """How far trust is won back; null stands where nothing is stored yet."""

    missing = MissingOutput(many=True, help_text="What must happen before it may be resolved.")
    advice = MissingOutput(many=True, help_text="What should happen, and stops nothing.")
    finding = FindingOutput(allow_null=True)
    remedy = RemedyOutput(allow_null=True)
    make_good = MakeGoodOutput(allow_null=True)
    prevention = PreventionOutput(allow_null=True)
    apologies = ApologyOutput(many=True)
    cost = CostOutput(allow_null=True, help_text="Null for who does not read costs.")

    def to_representation(self, instance: Complaint) -> dict[str, Any]:
        recovery = recovery_of(instance)
        return {
            "missing": _each(MissingOutput, missing_for_resolving(recovery)),
            "advice": _each(MissingOutput, warnings_of(recovery)),
            "finding": _stored(FindingOutput, recovery.finding),
            "remedy": _stored(RemedyOutput, recovery.remedy),
            "make_good": _stored(MakeGoodOutput, recovery.make_good),
            "prevention": _stored(PreventionOutput, recovery.prevention),
            "apologies": _each(ApologyOutput, recovery.apologies),
            "cost": self._cost(recovery),
        }

    def _cost(self, recovery: Recovery) -> Mapping[str, Any] | None:
        complaint = recovery.complaint
        if not reads_cost(self.context["request"].user, complaint):
            return None
        cost = cost_of(complaint)
        told = {
            "currency": complaint.account.currency,
            "estimated_remedy": recovery.remedy.estimated_cost,
            "suggested_plus": suggestion_for(complaint),
            "annual_margin": complaint.account.annual_margin,
        }
        names = ("base", "plus", "credit", "staff", "recourse", "gross", "net")
        told |= {name: getattr(cost, name) for name in names}
        return CostOutput(told).data


def _stored(output: type[Output[Any]], row: Any) -> Any:
    return None if row is None or row._state.adding else output(row).data


def _each(output: type[Output[Any]], rows: Sequence[Any]) -> list[Any]:
    shown = output()
    return [shown.to_representation(row) for row in rows]
