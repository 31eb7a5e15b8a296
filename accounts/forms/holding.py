"""Forms of deliveries: noted one by one or read from a file, corrected, returned."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import NOT_SAID, search_field
from accounts.models import Account
from core.models import User
from core.pages import VersionedForm

LARGEST_QUANTITY: Final = 1_000_000
LARGEST_FILE: Final = 1024 * 1024


def _day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


class DeliveryFields(forms.Form):
    """What is said of a delivery whoever has it."""

    item = forms.CharField(label=_("Product or service component"), max_length=120)
    batch = forms.CharField(label=_("Batch"), max_length=60, required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=LARGEST_QUANTITY, initial=1
    )
    delivered_on = forms.DateField(
        label=_("Delivered on"), widget=_day(), input_formats=["%Y-%m-%d", "%d.%m.%Y"]
    )
    holder_name = forms.CharField(label=_("Name"), max_length=160, required=False)
    holder_email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    holder_phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    holder_language = forms.ChoiceField(
        label=_("Language"), choices=[NOT_SAID, *settings.LANGUAGES], required=False
    )
    passed_on = forms.BooleanField(
        label=_("Second-hand: it was passed on to this holder"), required=False
    )
    note = forms.CharField(label=_("Note"), max_length=250, required=False)


class HoldingForm(DeliveryFields):
    account = forms.ModelChoiceField(
        label=_("Who holds it"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=_("Somebody who is not in our list"),
    )
    reseller = forms.ModelChoiceField(
        label=_("Through whom"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=_("From us"),
        help_text=_("The client who sold it on."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Account.objects.visible_to(user).filter(archived_at=None)
        for name in ("account", "reseller"):
            self.fields[name].queryset = visible.order_by("sort_name", "id")  # type: ignore[attr-defined]

    @property
    def shows_holder(self) -> bool:
        """Whether what the form folds away is filled in, or wrong."""
        names = ("holder_name", "holder_email", "holder_phone", "passed_on", "note")
        return bool(self.errors) or any(self[name].value() for name in names)


class EditHoldingForm(HoldingForm, VersionedForm):
    pass


class ReturnHoldingForm(VersionedForm):
    returned_on = forms.DateField(label=_("Came back on"), widget=_day())


class DeliveryLineForm(DeliveryFields):
    """One line of a file; accounts are named, and the file may leave out what is usual."""

    quantity = forms.IntegerField(min_value=1, max_value=LARGEST_QUANTITY, required=False)
    account = forms.CharField(max_length=160, required=False)
    reseller = forms.CharField(max_length=160, required=False)

    def clean_quantity(self) -> int:
        return self.cleaned_data["quantity"] or 1


class ImportForm(forms.Form):
    """A file, or the text of one that has been checked."""

    file = forms.FileField(
        label=_("CSV file"),
        validators=[FileExtensionValidator(["csv", "txt"])],
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.data.get("text")

    def clean(self) -> dict[str, Any]:
        if file := self.cleaned_data.pop("file", None):
            self.cleaned_data["text"] = self._decoded(file)
        return self.cleaned_data

    def _decoded(self, file: Any) -> str:
        if file.size > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 1 MB. Cut it into several."))
            return ""
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not UTF-8. Save it as “CSV UTF-8”."))
            return ""


class HoldingFilterForm(forms.Form):
    q = search_field(_("Product or batch"))
    account = forms.ModelChoiceField(
        queryset=Account.objects.none(), required=False, widget=forms.HiddenInput
    )
    returned = forms.BooleanField(label=pgettext_lazy("deliveries", "Came back"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = Account.objects.visible_to(user)  # type: ignore[attr-defined]
