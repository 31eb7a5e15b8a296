"""The file of old complaints."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from core.pages import VersionedForm

LARGEST_FILE: Final = 2 * 1024 * 1024


class OldFileForm(forms.Form):
    """A CSV file; cleans to what the service takes."""

    file = forms.FileField(
        label=_("CSV file"),
        validators=[FileExtensionValidator(["csv", "txt"])],
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_("UTF-8, at most 2 MB and 2,000 lines. First it is only looked through."),
    )

    def clean(self) -> dict[str, Any]:
        file = self.cleaned_data.get("file")
        if not file:
            return self.cleaned_data
        if file.size > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 2 MB. Cut it into several."))
            return self.cleaned_data
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not UTF-8. Save it as “CSV UTF-8”."))
            return self.cleaned_data
        return {"name": file.name, "text": text}


class DecideImportForm(VersionedForm):
    """A button: the version is all it says."""
