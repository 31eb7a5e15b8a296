"""Fields that several forms of complaints share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from core.queries import colleagues

IMPACT = [
    (1, _("Business stopped")),
    (2, _("Important process hurt")),
    (3, _("Limited")),
    (4, _("Nuisance")),
]
URGENCY = [(1, _("Now")), (2, _("Today")), (3, _("This week")), (4, _("Can wait"))]
LOCAL = "%Y-%m-%dT%H:%M"


def segments_field(label: Any, choices: list[Any], hint: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        help_text=hint,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )


def impact_field() -> forms.TypedChoiceField:
    hint = _("“Business stopped” also means that safety or the law is at stake.")
    return segments_field(_("Impact on the client"), IMPACT, hint)


def urgency_field() -> forms.TypedChoiceField:
    return segments_field(_("How urgent it is for the client"), URGENCY)


def safety_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("Somebody could get hurt"), required=False, help_text=_("Makes it P1 at once.")
    )


def category_field(initial: Any = None) -> forms.ChoiceField:
    choices = Complaint.Category.choices
    return forms.ChoiceField(label=_("Category"), choices=choices, initial=initial)


def moment_field(label: Any, hint: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    return forms.DateTimeField(label=label, required=False, widget=widget, help_text=hint)


def text_field(label: Any, hint: Any = "", *, rows: int = 5) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=20_000)


def amount_field(label: Any) -> forms.DecimalField:
    """Return a box for money in the account's currency; empty is unknown."""
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=14, decimal_places=2
    )


def channel_field() -> forms.ChoiceField:
    """Return how the client is told; by mail a letter goes out."""
    ours = {Complaint.Channel.API, Complaint.Channel.SELF_REPORTED}
    return forms.ChoiceField(
        label=_("How"),
        choices=[each for each in Complaint.Channel.choices if each[0] not in ours],
        initial=Complaint.Channel.EMAIL,
        help_text=_("By mail it is sent; of any other way it is only recorded what was said."),
    )


def worker_field(label: Any, hint: Any = "", *, keeps: bool = False) -> Any:
    """Return a choice of colleagues; keeps -- empty is allowed and leaves the person as is."""
    return forms.ModelChoiceField(
        label=label,
        queryset=colleagues().filter(roles__overlap=["am", "sa", "hk", "te", "fi", "ex"]),
        help_text=hint,
        required=not keeps,
        empty_label=_("Keep as it is") if keeps else _("Choose…"),
    )


def assignee_field() -> Any:
    return worker_field(_("Who works on it"))


def lead_field() -> Any:
    return worker_field(
        _("Who speaks with the client"), _("One person, so that the client knows whom.")
    )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, as a list."""

    # A browser keeps the chosen files only as long as this very element stays on the page.
    widget = ManyFiles(attrs={"hx-preserve": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given if each]
