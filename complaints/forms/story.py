"""How it was put right, told for others, with a letter to the client if that is wanted (C-13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from complaints.forms.actions import ActionForm, Case
from complaints.forms.checked import CheckedForm
from complaints.forms.fields import text_field
from complaints.models import MakeGood, Prevention, Story
from complaints.queries import people_of
from complaints.texts import client_text


class StoryForm(CheckedForm, ActionForm):
    verb, letter = "tell_story", "closing_note"
    check_looks_at = ("send_note",)

    title = forms.CharField(label=_("Headline"), max_length=160)
    what_happened = text_field(_("What happened"), rows=3)
    what_we_did = text_field(_("What we did"), rows=3)
    what_changed = text_field(_("What has changed since"), rows=3)
    scope = forms.ChoiceField(
        label=_("Who may hear it"),
        choices=Story.Scope.choices,
        initial=Story.Scope.INTERNAL,
        widget=forms.RadioSelect,
    )
    consent_by = forms.ModelChoiceField(
        label=_("Who at the client agreed to be named"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_("Only for a story with the client's name."),
    )
    consent_date = forms.DateField(
        label=_("Agreed on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    consent_how = forms.CharField(
        label=_("How they agreed"),
        required=False,
        max_length=250,
        help_text=_("Such as: in a mail, at a meeting, and in which words."),
    )
    send_note = forms.BooleanField(
        label=_("Tell this client too how we put it right"), required=False
    )
    closing_note = forms.CharField(
        label=_("Letter to the client"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        consent: Any = self.fields["consent_by"]
        consent.queryset = people_of(case.complaint.account)

    def offered(self, case: Case) -> dict[str, Any]:
        """Suggest the story as it was told before, else what the case knows."""
        complaint = case.complaint
        told = Story.objects.filter(complaint=complaint).first()
        if told is not None:
            names = ("title", "what_happened", "what_we_did", "what_changed", "scope")
            consent = ("consent_by", "consent_date", "consent_how")
            return {name: getattr(told, name) for name in (*names, *consent)}
        changed = _prevention(case)
        story = "\n\n".join(filter(None, [complaint.resolution, changed]))
        return {
            "title": complaint.title,
            "what_happened": complaint.client_words,
            "what_we_did": "\n".join(filter(None, [complaint.resolution, _plus(case)])),
            "what_changed": changed,
            "closing_note": client_text(
                "closing_note", complaint.client_language, no=complaint.no, story=story
            ),
        }

    def goes_to_client(self) -> bool:
        return bool(self._typed("send_note"))

    def clean(self) -> dict[str, Any]:
        """Send no letter that nobody has asked for."""
        if not self.cleaned_data.pop("send_note", False):
            self.cleaned_data["closing_note"] = ""
        return self.cleaned_data


def _plus(case: Case) -> str:
    good = MakeGood.objects.filter(complaint=case.complaint).exclude(plus="").first()
    return good.plus if good else ""


def _prevention(case: Case) -> str:
    planned = Prevention.objects.filter(complaint=case.complaint).first()
    return planned.text if planned else ""
