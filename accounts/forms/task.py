"""Forms of tasks: given, changed, done, not needed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import moment_field
from accounts.models import Account
from core.pages import VersionedForm
from core.queries import colleagues

LONGEST_OUTCOME = 500


class TaskForm(forms.Form):
    title = forms.CharField(
        label=_("What to do"),
        max_length=250,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("Verb first: call, send, check …")}
        ),
    )
    due_at = moment_field(_("By when"))
    assignee = forms.ModelChoiceField(
        label=_("Who does it"), queryset=colleagues(), empty_label=None
    )


class EditTaskForm(TaskForm, VersionedForm):
    """All that a person may change of his own task."""


class PassOnForm(VersionedForm):
    """All that a person may change of a task that a rule gave."""

    assignee = forms.ModelChoiceField(
        label=_("Who does it"), queryset=colleagues(), empty_label=None
    )


class FinishForm(VersionedForm):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=LONGEST_OUTCOME,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CancelForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why it is no longer needed"),
        max_length=LONGEST_OUTCOME,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TaskFilterForm(forms.Form):
    """Which tasks: whose, and whether ended ones instead."""

    MINE, TEAM = "mine", "team"
    whose = forms.ChoiceField(
        label=_("Whose"), choices=[(MINE, _("Mine")), (TEAM, _("Team"))], required=False
    )
    ended = forms.BooleanField(label=_("Ended"), required=False)
    account = forms.ModelChoiceField(
        label=_("Account"),
        queryset=Account.objects.all(),
        required=False,
        widget=forms.HiddenInput,
    )
