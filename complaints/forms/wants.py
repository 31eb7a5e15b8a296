"""What the upset client wants, and saying that we are sorry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.actions import ActionForm, Case, LetterForm
from complaints.forms.fields import channel_field, text_field
from complaints.models import Apology, Want
from complaints.recovery import WantLine
from complaints.services import WantInput
from complaints.texts import client_text
from core.pages import VersionedForm

LONGEST_EVIDENCE = 500


class WantsForm(ActionForm, VersionedForm):
    """Three boxes for each want: wanted_1, done_1, evidence_1. What is given anyway has only one."""

    verb = "set_wants"
    template_name = "complaints/_wants_form.html"

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.lines = case.recovery.wants
        for line in self.lines:
            self._add(line)

    def offered(self, case: Case) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for line in case.recovery.wants:
            told[f"wanted_{line.number}"] = line.wanted
            told[f"done_{line.number}"] = line.done
            told[f"evidence_{line.number}"] = line.evidence
        return told

    def rows(self) -> list[dict[str, Any]]:
        """Return each want with its boxes, as the page draws them."""
        return [
            {
                "line": line,
                "wanted": self[f"wanted_{line.number}"],
                "done": None if line.is_automatic else self[f"done_{line.number}"],
                "evidence": None if line.is_automatic else self[f"evidence_{line.number}"],
            }
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        wants = {line.number: self._told(line) for line in self.lines}
        return {"version": self.cleaned_data["version"], "wants": wants}

    def _add(self, line: WantLine) -> None:
        self.fields[f"wanted_{line.number}"] = forms.ChoiceField(
            label=_("Do they want it?"), choices=Want.Wanted.choices
        )
        if line.is_automatic:
            return
        self.fields[f"done_{line.number}"] = forms.BooleanField(label=_("Given"), required=False)
        self.fields[f"evidence_{line.number}"] = forms.CharField(
            label=_("How we know"), required=False, max_length=LONGEST_EVIDENCE
        )

    def _told(self, line: WantLine) -> WantInput:
        told, stored = self.cleaned_data, line.stored
        wanted = told[f"wanted_{line.number}"]
        if line.is_automatic:
            return WantInput(
                wanted, bool(stored and stored.done), stored.evidence if stored else ""
            )
        return WantInput(wanted, told[f"done_{line.number}"], told[f"evidence_{line.number}"])


class UnderstandingForm(ActionForm, VersionedForm):
    verb = "confirm_understanding"
    summary = text_field(
        _("What you said back to the client"),
        _("In their words, and they agreed that this is it. Internal."),
        rows=3,
    )


class ApologyForm(LetterForm):
    verb, letter = "apologise", "text"
    form = forms.ChoiceField(
        label=_("Form"),
        choices=Apology.Form.choices,
        widget=forms.RadioSelect,
        help_text=_("An apology is regret that the experience was bad, not an admission of guilt."),
    )
    text = text_field(_("In which words"))
    channel = channel_field()
    admission_of_liability = forms.BooleanField(
        label=_("It admits liability"),
        required=False,
        help_text=_("Only if our lawyers agree; regret alone never does."),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        words = client_text("apology_regret", case.complaint.client_language, what_happened="…")
        return {"form": Apology.Form.REGRET, "text": words}


class SkipApologyForm(ActionForm, VersionedForm):
    verb = "skip_apology"
    reason = forms.CharField(
        label=_("Why nobody apologises"), max_length=250, help_text=_("Internal.")
    )
