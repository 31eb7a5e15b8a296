"""One line of a file of old complaints: which columns, which values."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from complaints.models import Complaint
from complaints.models.complaint import TITLE_LENGTH

MOMENTS: Final = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%d.%m.%Y %H:%M", "%d.%m.%Y"]
MIDDLE: Final = 3
YES_WORDS: Final = {"yes", "да", "так", "true", "1"}


def _moment(*, required: bool = True) -> forms.Field:
    return NaiveMoment(required=required)


class NaiveMoment(forms.Field):
    """A moment as the file tells it, in nobody's time zone yet; a day alone is its noon."""

    def to_python(self, value: Any) -> Any:
        from_text = forms.DateTimeField(input_formats=MOMENTS, required=self.required)
        told = from_text.to_python(value)
        if told is None:
            return None
        naive = told.replace(tzinfo=None)
        is_day = ":" not in str(value)
        return naive.replace(hour=12) if is_day else naive


class OldComplaintForm(forms.Form):
    number = forms.CharField(max_length=80)
    account = forms.CharField(max_length=160)
    received = _moment()
    words = forms.CharField(max_length=20_000)
    title = forms.CharField(max_length=TITLE_LENGTH, required=False)
    channel = forms.ChoiceField(choices=Complaint.Channel.choices, required=False)
    category = forms.ChoiceField(choices=Complaint.Category.choices, required=False)
    impact = forms.IntegerField(min_value=1, max_value=4, required=False)
    urgency = forms.IntegerField(min_value=1, max_value=4, required=False)
    root_cause = forms.ChoiceField(choices=Complaint.RootCause.choices, required=False)
    resolution_type = forms.ChoiceField(choices=Complaint.ResolutionType.choices, required=False)
    resolution = forms.CharField(max_length=20_000)
    resolved = _moment()
    closed = _moment(required=False)
    confirmed = forms.CharField(max_length=8, required=False)
    contact_email = forms.EmailField(required=False)

    def clean(self) -> dict[str, Any]:
        """Fill in what is usual where the file says nothing."""
        told = self.cleaned_data
        usual = {
            "channel": Complaint.Channel.LETTER,
            "category": Complaint.Category.OTHER,
            "impact": MIDDLE,
            "urgency": MIDDLE,
            "resolution_type": Complaint.ResolutionType.FIXED,
        }
        filled = told | {name: told.get(name) or value for name, value in usual.items()}
        filled["confirmed"] = str(told.get("confirmed", "")).strip().lower() in YES_WORDS
        return filled


COLUMNS: Final = tuple(OldComplaintForm.base_fields)
NEEDED: Final = tuple(name for name, each in OldComplaintForm.base_fields.items() if each.required)
