"""The form of a talk: one line is enough, the rest can be added."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NOT_SAID, chips, moment_field
from accounts.models import Account, Contact, Touch
from core.pages import VersionedForm
from core.wording import money_text

LONGEST_SUMMARY = 2000
MOODS = [
    ("", _("Not noted")),
    (-2, _("−2 angry")),
    (-1, _("−1 displeased")),
    (0, _("0 neutral")),
    (1, _("+1 pleased")),
    (2, _("+2 delighted")),
]


class TouchForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Touch.Kind.choices,
        initial=Touch.Kind.CALL,
        widget=chips(),
    )
    summary = forms.CharField(
        label=_("What was said"),
        max_length=LONGEST_SUMMARY,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "placeholder": _("One line is enough; Enter saves it"),
                "data-hotkey": "n",
                "data-hotkey-label": _("Log a talk"),
            }
        ),
    )
    at = moment_field(
        _("When"),
        required=False,
        help_text=_("Empty is now. A moment ahead is a plan and no touch yet."),
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=Touch.Direction.choices,
        initial=Touch.Direction.OUT,
        widget=chips(),
    )
    two_way = forms.BooleanField(label=_("We talked, not only wrote"), required=False, initial=True)
    contacts = forms.ModelMultipleChoiceField(
        label=_("With whom"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    client_said = forms.CharField(
        label=_("What is really going on at the client"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Read only by the account's managers, the head of key accounts and executives."
        ),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=250, required=False)
    informal_kind = forms.ChoiceField(
        label=_("Kind of informal meeting"),
        choices=[NOT_SAID, *Touch.Informal.choices],
        required=False,
    )
    hospitality_value = forms.DecimalField(
        label=_("What we spent on each guest"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
    )
    hospitality_currency = forms.ChoiceField(label=_("Currency"), required=False)
    sentiment = forms.TypedChoiceField(
        label=_("Mood"),
        choices=MOODS,
        coerce=int,
        empty_value=None,
        required=False,
        widget=chips(),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.of(account).filter(state=Contact.State.ACTIVE)
        self.fields["contacts"].queryset = people.order_by("name", "id")  # type: ignore[attr-defined]
        self._offer_hospitality(account)

    def _offer_hospitality(self, account: Account) -> None:
        limit, currency = settings.HOSPITALITY_LIMIT
        offered = sorted({currency, account.currency})
        self.fields["hospitality_currency"].choices = [(code, code) for code in offered]  # type: ignore[attr-defined]
        self.fields["hospitality_currency"].initial = account.currency
        self.fields["hospitality_value"].help_text = _(
            "More than %(limit)s a person needs the consent of the head of key accounts."
        ) % {"limit": money_text(limit, currency)}

    def clean(self) -> dict[str, Any]:
        """Forget what the page has hidden because the kind is another one by now."""
        told = self.cleaned_data
        if told.get("kind") != Touch.Kind.INFORMAL:
            told |= {"informal_kind": "", "hospitality_value": None}
        return told

    @property
    def has_hidden_errors(self) -> bool:
        """Whether something is wrong in what the one-line form folds away."""
        return bool(set(self.errors) - {"kind", "summary"})


class RefuseHospitalityForm(VersionedForm):
    reason = forms.CharField(
        label=_("Why it is too much"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
