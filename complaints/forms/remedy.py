"""What would put it right in the client's eyes, and something more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.actions import ActionForm, Case, LetterForm
from complaints.forms.fields import amount_field, channel_field, moment_field, text_field
from complaints.models import Remedy
from complaints.outbox import question
from complaints.permissions.recovery import ANSWERS, DECISIONS
from complaints.recovery import reads_cost, suggestion_for
from core.pages import VersionedForm

LONGEST_ITEM = 250
AMOUNTS = ("base_cost", "plus_cost", "credit")
FREE = Decimal(0)


class AskForm(ActionForm, VersionedForm):
    """The question is the same for all, in the client's language."""

    verb = "ask_client"
    channel = channel_field()
    note = forms.CharField(
        label=_("How it went"), required=False, max_length=2_000, help_text=_("Internal.")
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.question = question(case.complaint)
        self.fields["channel"].help_text = self.question


class FailedAskForm(ActionForm, VersionedForm):
    verb = "note_failed_ask"
    note = forms.CharField(
        label=_("What was tried, when, with whom"),
        max_length=2_000,
        help_text=_("Internal. After two attempts in vain we may go on without an answer."),
    )


class RemedyForm(ActionForm, VersionedForm):
    verb = "record_remedy"
    client_text = text_field(_("What the client wants"), _("In the client's words."), rows=3)
    estimated_cost = amount_field(_("What it costs us"))
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3, min_length=3, help_text=_("EUR, USD …")
    )
    rate = forms.DecimalField(
        label=_("Rate"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=8,
        help_text=_("How much of the account's currency one of it is; only for another currency."),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        remedy = case.recovery.remedy
        return {
            "client_text": remedy.client_text,
            "estimated_cost": remedy.original_cost or remedy.estimated_cost,
            "currency": remedy.original_currency or case.complaint.account.currency,
            "rate": remedy.original_rate,
        }

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class JudgeForm(ActionForm, VersionedForm):
    verb = "judge_remedy"
    feasible = forms.ChoiceField(
        label=_("Can we do it?"),
        choices=[each for each in Remedy.Feasible.choices if each[0] != Remedy.Feasible.UNKNOWN],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    how = forms.CharField(label=_("How, or why not"), max_length=500)
    lawful = forms.BooleanField(label=_("It is lawful"), required=False)
    estimated_cost = amount_field(_("What it costs us"))

    def offered(self, case: Case) -> dict[str, Any]:
        remedy = case.recovery.remedy
        return {"lawful": remedy.lawful, "estimated_cost": remedy.estimated_cost}


class DecideForm(LetterForm):
    verb, letter = "decide_remedy", "reason"
    check_looks_at = ("decision", "counter_text")
    decision = forms.ChoiceField(
        label=_("Our answer"),
        choices=list(DECISIONS.items()),
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        help_text=_("Yes is the default for whatever can be done."),
    )
    reason = forms.CharField(
        label=_("Reason, as the client is told"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A no, or something else, needs one. Goes to the client."),
    )
    counter_text = forms.CharField(
        label=_("What we offer instead"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Goes to the client."),
    )
    due_at = moment_field(_("By when"), _("A yes becomes a promise; empty is five business days."))

    def offered(self, case: Case) -> dict[str, Any]:
        return {"decision": "accept"}

    def goes_to_client(self) -> bool:
        return bool(self._typed("reason") or self._typed("counter_text"))


class AnswerRemedyForm(ActionForm, VersionedForm):
    verb = "answer_remedy"
    answer = forms.ChoiceField(
        label=_("The client's answer"), choices=list(ANSWERS.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In the client's words"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeliverRemedyForm(ActionForm, VersionedForm):
    verb = "deliver_remedy"


class ConfirmRemedyForm(ActionForm, VersionedForm):
    verb = "confirm_remedy"


class MakeGoodForm(ActionForm, VersionedForm):
    verb = "offer_make_good"
    base = forms.CharField(
        label=_("What we owe (X)"),
        max_length=LONGEST_ITEM,
        help_text=_("Nothing is asked in return."),
    )
    base_cost = amount_field(_("What X costs us"))
    plus = forms.CharField(
        label=_("Plus something"),
        required=False,
        max_length=LONGEST_ITEM,
        help_text=_("Something nobody asked for: make it a rule, and always follow it."),
    )
    plus_cost = amount_field(_("What the plus costs us"))
    credit = amount_field(_("Credited to the client"))
    voluntary = forms.BooleanField(
        label=_("Nobody asked for the plus"),
        required=False,
        help_text=_("What the client had demanded before does not count as a gift."),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        good = case.recovery.make_good
        if good is None:
            return self._first(case)
        names = ("base", "base_cost", "plus", "plus_cost", "credit", "voluntary")
        return {name: getattr(good, name) for name in names}

    @staticmethod
    def _first(case: Case) -> dict[str, Any]:
        """Suggest what the client asked for; the amount only to who knows what we earn there."""
        remedy, knows = case.recovery.remedy, reads_cost(case.user, case.complaint)
        return {
            "base": remedy.client_text[:LONGEST_ITEM],
            "base_cost": remedy.estimated_cost,
            "plus_cost": suggestion_for(case.complaint) if knows else None,
            "voluntary": True,
        }

    def clean(self) -> dict[str, Any]:
        amounts = {name: self.cleaned_data.get(name) or FREE for name in AMOUNTS}
        return self.cleaned_data | amounts


class AgreeMakeGoodForm(ActionForm, VersionedForm):
    verb = "agree_make_good"


class DeliverMakeGoodForm(ActionForm, VersionedForm):
    verb = "deliver_make_good"
