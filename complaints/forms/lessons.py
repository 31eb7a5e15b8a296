"""What the library is asked for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint

LESSONS, STORIES = "lessons", "stories"


class LessonFilter(forms.Form):
    """A value that is no choice is left out."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number or words")}),
    )
    cause = forms.ChoiceField(
        label=_("Root cause"),
        required=False,
        choices=[("", _("Any")), *Complaint.RootCause.choices],
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("Any")), *Complaint.Category.choices]
    )
    kind = forms.ChoiceField(
        required=False,
        choices=[(LESSONS, _("Lessons")), (STORIES, _("Stories"))],
        widget=forms.HiddenInput,
    )

    def wanted(self) -> dict[str, str]:
        """Return what is asked for, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
