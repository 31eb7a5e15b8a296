"""Shape of equal attention over REST. Shares, ratios and differences have four decimals."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.rest.outputs import Output
from sla.attention import Attention, Served
from sla.credits import Kept
from sla.fairness import AMBER, LARGE, RED, SMALL, Component, Difference, RankTest
from sla.models import Priority

SIDES = [(LARGE, LARGE), (SMALL, SMALL), ("", "")]
FLAGS = [(RED, RED), (AMBER, AMBER), ("", "")]


def figure(places: int = 4, **options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=places, **options)


class ComponentOutput(Output[Component]):
    large = figure(allow_null=True)
    small = figure(allow_null=True)
    ratio = figure(allow_null=True)
    favours = serializers.ChoiceField(SIDES, help_text="Empty: nobody.")
    flag = serializers.ChoiceField(FLAGS, help_text="Empty: even, or too few to judge.")


class DifferenceOutput(Output[Difference]):
    value = figure(help_text="Promises kept to small clients minus those to large ones.")
    low = serializers.SerializerMethodField(help_text="Of the 95 % confidence interval.")
    high = serializers.SerializerMethodField()
    is_significant = serializers.BooleanField()

    @extend_schema_field(figure())
    def get_low(self, difference: Difference) -> str:
        return f"{difference.ci[0]:.4f}"

    @extend_schema_field(figure())
    def get_high(self, difference: Difference) -> str:
        return f"{difference.ci[1]:.4f}"


class RankTestOutput(Output[RankTest]):
    p = figure(help_text="Mann–Whitney, two-sided.")
    is_significant = serializers.BooleanField()


class KeptOutput(Output[Kept]):
    met = serializers.IntegerField()
    counted = serializers.IntegerField()


class PriorityMixOutput(serializers.Serializer[Any]):
    priority = serializers.ChoiceField(Priority.choices)
    weight = figure(allow_null=True, help_text="In the common mix; null where a group has none.")
    large = KeptOutput()
    small = KeptOutput()


class ComparedClocksOutput(Output[Attention]):
    large = serializers.IntegerField(source="compared.large.counted")
    small = serializers.IntegerField(source="compared.small.counted")
    on_bought_targets = serializers.IntegerField(source="bought")


class ServedOutput(Output[Served]):
    account = serializers.UUIDField(source="account.pk")
    name = serializers.CharField(source="account.name")
    share = figure(help_text="Median share of the time for the first answer that was used.")
    answers = serializers.IntegerField(source="count")


class AttentionOutput(Output[Attention]):
    since = serializers.DateTimeField(help_text="90 days ago.")
    enough = serializers.BooleanField(source="compared.enough")
    index = figure(2, source="compared.index", allow_null=True, help_text="100 is equal.")
    favours = serializers.ChoiceField(SIDES, source="compared.favours")
    clocks = ComparedClocksOutput(source="*")
    sla = ComponentOutput(source="compared.sla")
    response = ComponentOutput(source="compared.response", help_text="Less is better.")
    touch = ComponentOutput(source="compared.touch")
    difference = DifferenceOutput(source="compared.difference", allow_null=True)
    rank_test = RankTestOutput(source="compared.rank_test", allow_null=True)
    priorities = serializers.SerializerMethodField()
    worst = ServedOutput(many=True)

    @extend_schema_field(PriorityMixOutput(many=True))
    def get_priorities(self, told: Attention) -> Any:
        compared = told.compared
        large, small = compared.large.kept, compared.small.kept
        rows = [
            {
                "priority": priority,
                "weight": compared.weights.get(priority),
                "large": large.get(priority, Kept(0, 0)),
                "small": small.get(priority, Kept(0, 0)),
            }
            for priority in Priority.values
            if priority in large or priority in small
        ]
        return PriorityMixOutput(rows, many=True).data
