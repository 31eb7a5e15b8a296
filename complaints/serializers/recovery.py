"""What is told of how trust is won back; see `recovery_output` for what is shown of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers

from complaints.models import (
    Apology,
    Complaint,
    Finding,
    Remedy,
    Supplier,
    Want,
)
from complaints.models.finding import MOST_WHYS
from complaints.permissions.recovery import ANSWERS, DECISIONS
from complaints.serializers.fields import LONGEST_TEXT, colleague, level, override_reason
from complaints.services import WantInput
from core.rest.inputs import Input, VisibleRow
from core.rest.money import MoneyField

OWN_MONEY: Final = "In the account's currency."
CHANNELS: Final = [
    each
    for each in Complaint.Channel.choices
    if each[0] not in {Complaint.Channel.API, Complaint.Channel.SELF_REPORTED}
]


def amount(**options: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=Decimal(0), help_text=OWN_MONEY, **options
    )


def short(longest: int, **options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=longest, default="", allow_blank=True, **options)


def letter(**options: Any) -> serializers.CharField:
    return serializers.CharField(max_length=LONGEST_TEXT, **options)


class Sent(Input):
    """What goes to the client: by mail as a letter, else it is only recorded what was said."""

    channel = serializers.ChoiceField(CHANNELS, default=Complaint.Channel.EMAIL)
    override_reason = override_reason()


class LowerInput(Input):
    impact, urgency = level(), level()
    reason = serializers.CharField(max_length=500)


class FindingsInput(Input):
    root_cause = serializers.ChoiceField(Complaint.RootCause.choices, default="", allow_blank=True)
    cause_text = short(5_000)
    whys = serializers.ListField(
        child=serializers.CharField(max_length=500), max_length=MOST_WHYS, default=list
    )
    fault = serializers.ChoiceField(Finding.Fault.choices)
    our_share = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=Decimal("99.99"),
        default=None, allow_null=True, help_text="Percent, of a shared fault only.",
    )  # fmt: skip
    justified = serializers.ChoiceField(Finding.Justified.choices)
    named = colleague(default=None, allow_null=True, help_text="Makes no follow-up call about it.")
    supplier = VisibleRow(Supplier, default=None, allow_null=True)
    supplier_case = short(120)
    recourse = amount(default=None, allow_null=True)
    staff_hours = serializers.DecimalField(
        max_digits=7, decimal_places=2, min_value=Decimal(0), default=None, allow_null=True
    )
    item, batch = short(120), short(60)


class LetStandInput(Input):
    reason = serializers.CharField(max_length=500)


class SkipApologyInput(Input):
    reason = serializers.CharField(max_length=250)


class LetterInput(Sent):
    body = letter(help_text="What the client is told.")


class SummaryInput(Input):
    summary = letter(help_text="What was said back to the client, in his words. Internal.")


class OneWantInput(Input):
    number = serializers.ChoiceField(Want.Number.choices)
    wanted = serializers.ChoiceField(Want.Wanted.choices)
    done = serializers.BooleanField()
    evidence = short(500, help_text="How we know that it is given.")


class WantsInput(Input):
    wants = OneWantInput(many=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        told = super().to_internal_value(data)["wants"]
        return {
            "wants": {
                each["number"]: WantInput(each["wanted"], each["done"], each["evidence"])
                for each in told
            }
        }


class ApologyInput(Sent):
    form = serializers.ChoiceField(Apology.Form.choices)
    text = letter()
    admission_of_liability = serializers.BooleanField(
        default=False, help_text="Only if our lawyers agree; regret alone is no admission."
    )


class AskInput(Sent):
    note = short(2_000, help_text="Internal.")


class NoteInput(Input):
    note = serializers.CharField(max_length=2_000, help_text="Internal.")


class RemedyInput(Input):
    client_text = letter(help_text="In the client's words.")
    estimated_cost = MoneyField("estimated_cost", required=False)
    rate = serializers.DecimalField(
        max_digits=16, decimal_places=8, min_value=Decimal(0), default=None, allow_null=True,
        help_text="How much of the account's currency one of it is.",
    )  # fmt: skip


class JudgeInput(Input):
    feasible = serializers.ChoiceField([Remedy.Feasible.YES.value, Remedy.Feasible.NO.value])
    how = serializers.CharField(max_length=500)
    lawful = serializers.BooleanField(default=True)
    estimated_cost = amount(default=None, allow_null=True)


class DecideInput(Input):
    decision = serializers.ChoiceField(list(DECISIONS.items()))
    reason = short(5_000, help_text="Told to the client; a no, or something else, needs it.")
    counter_text = short(5_000, help_text="What we offer instead; told to the client.")
    due_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="By when; in five business days unless said."
    )
    override_reason = override_reason()


class AnswerRemedyInput(Input):
    answer = serializers.ChoiceField(list(ANSWERS.items()))
    words = short(5_000)


class MakeGoodInput(Input):
    base = serializers.CharField(max_length=250, help_text="What we owe (X).")
    base_cost = amount(default=Decimal(0))
    plus = short(250, help_text="Something more that nobody asked for.")
    plus_cost = amount(default=Decimal(0))
    credit = amount(default=Decimal(0))
    voluntary = serializers.BooleanField(default=True)


class PreventionInput(Input):
    text = serializers.CharField(max_length=5_000)
    owner = colleague()
    due_date = serializers.DateField()
