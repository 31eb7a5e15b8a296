"""What a client can send from his own page. Shape only; the rules are in the services."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST_WORDS, LONGEST_RATING = 5_000, 1_000
STARS = [(number, str(number)) for number in range(1, 6)]


def words_field(
    label: Any, *, required: bool = True, longest: int = LONGEST_WORDS
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=longest, widget=widget)


class ClientForm(forms.Form):
    """One form of the page; the ids of its fields begin with its name."""

    verb: ClassVar[str]

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"{self.verb}-%s")


class WriteForm(ClientForm):
    verb = "comment"
    body = words_field(_("What would you like to tell us?"))


class SendFileForm(ClientForm):
    verb = "attach"
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, picture, office document or plain text.")
    )


class WishForm(ClientForm):
    verb = "record_remedy"
    client_text = words_field(_("Your answer"))


class OfferForm(ClientForm):
    """The two buttons of the page carry the answer."""

    verb = "answer_remedy"
    answer = forms.ChoiceField(choices=[("accept", "accept"), ("ask_again", "ask_again")])
    words = words_field(_("What would be better? What else should we know?"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("answer") == "ask_again" and not told.get("words"):
            raise ValidationError({"words": _("Tell us what would put it right instead.")})
        return told


class RemedyReceivedForm(ClientForm):
    verb = "confirm_remedy"


class HeardForm(ClientForm):
    verb = "confirm_heard"


class FixedForm(ClientForm):
    verb = "confirm_fixed"
    words = words_field(_("Anything you would like to add"), required=False)


class NotFixedForm(ClientForm):
    verb = "deny_fixed"
    words = words_field(_("What is still wrong?"))


class RateForm(ClientForm):
    verb = "rate"
    csat = forms.TypedChoiceField(
        label=_("Your rating"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        help_text=_("1 is badly, 5 is very well."),
    )
    words = words_field(_("What should we know?"), required=False, longest=LONGEST_RATING)
