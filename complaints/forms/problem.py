"""Problems: opened by hand, described, solved, or not worth a warning (C-15)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import worker_field
from complaints.models import Complaint
from core.pages import VersionedForm


class OpenProblemForm(forms.Form):
    root_cause = forms.ChoiceField(
        label=_("Root cause"), choices=[("", _("Choose…")), *Complaint.RootCause.choices]
    )
    item = forms.CharField(label=_("Item or service component"), required=False, max_length=120)
    batch = forms.CharField(
        label=_("Batch"),
        required=False,
        max_length=60,
        help_text=_("Only if it is about one batch; empty stands for the whole cause."),
    )
    is_safety = forms.BooleanField(label=_("Somebody could get hurt"), required=False)
    description = forms.CharField(
        label=_("What we know"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    owner = worker_field(_("Who looks after it"))


class EditProblemForm(VersionedForm):
    owner = worker_field(_("Who looks after it"))
    item = forms.CharField(label=_("Item or service component"), required=False, max_length=120)
    description = forms.CharField(
        label=_("What we know"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    is_known = forms.BooleanField(label=_("The cause has been found"), required=False)


class SolveProblemForm(VersionedForm):
    change = forms.CharField(
        label=_("What was changed, so that it cannot happen again"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoNoticeForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why nobody else need be warned"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
