"""The review when everybody is calm: eleven questions, the lesson, what we change (C-14)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import worker_field
from complaints.models import CaseReview
from core.pages import VersionedForm

LONGEST_ANSWER = 5_000


PARTS = (
    (
        _("The client"),
        (
            "main_complaint", "how_presented", "whose_fault", "what_angered", "why_disappointed",
        ),
    ),
    (_("How you see it"), ("own_view", "shared_fault")),
    (
        _("What you did"),
        ("what_helped", "what_made_worse", "how_cared", "do_differently"),
    ),
)  # fmt: skip


def _question(name: str) -> forms.CharField:
    label = CaseReview.question(name)
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=LONGEST_ANSWER, widget=widget)


class ReviewForm(VersionedForm):
    """Cleans to `answers` by question, the lesson and the change; a draft may lack anything."""

    lesson = forms.CharField(
        label=_("Lesson learned, in one sentence"),
        required=False,
        max_length=300,
        help_text=_("All colleagues read it in the library, so name nobody."),
    )
    process_change = forms.CharField(
        label=_("What we change"),
        required=False,
        max_length=300,
        help_text=_("Becomes a task that colleagues see."),
    )
    change_by = worker_field(_("Who changes it"), keeps=True)
    is_done = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {name: _question(name) for name in CaseReview.QUESTIONS}
        who: Any = self.fields["change_by"]
        who.empty_label = _("I myself")

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The questions under their headings, as the page draws them."""
        return [
            {"heading": heading, "fields": [self[name] for name in names]}
            for heading, names in PARTS
        ]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        answers = {name: told.pop(name, "") for name in CaseReview.QUESTIONS}
        return told | {"answers": answers}
