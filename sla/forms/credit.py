"""Forms of credits, and of missed deadlines that do not count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import ANY
from accounts.models import Contact
from core.models import User
from core.pages import VersionedForm
from sla.credit_facts import month_text
from sla.models import Clock, Contract, Credit, Exclusion


class CreditFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), choices=[ANY, *Credit.State.choices], required=False
    )
    month = forms.ChoiceField(label=_("Month"), required=False)
    mine = forms.BooleanField(label=_("Waiting for me"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = Credit.objects.visible_to(user).values_list("month", flat=True)
        latest = months.distinct().order_by("-month")
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            ANY,
            *((month.isoformat(), month_text(month)) for month in latest),
        ]

    @property
    def is_in_use(self) -> bool:
        return any(self.cleaned_data.values())


class IssueForm(VersionedForm):
    """contact -- who gets the letter, None if nobody can."""

    change = forms.CharField(
        label=_("What we changed since"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, contact: Contact | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contact:
            language = get_language_info(contact.language)["name_translated"]
            self.fields["change"].help_text = _(
                "Completes the sentence “here is what we changed: …”. Language of the letter: "
                "%(language)s."
            ) % {"language": language}


class WaiveForm(VersionedForm):
    waived_by_client = forms.CharField(label=_("Who of the client waived it"), max_length=160)
    waived_in = forms.CharField(
        label=_("Where it is written"),
        max_length=250,
        help_text=_("Such as “mail to Anton of 12 March”. A word on the phone is not enough."),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExcludeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What happened"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The client may ask: say what shows that the reason holds."),
    )

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _listed(clock.contract)  # type: ignore[attr-defined]


def _listed(contract: Contract | None) -> list[tuple[str, str]]:
    """Return the reasons that the contract names, with what it says about each."""
    rows = contract.exclusions.all() if contract else []
    return [
        (
            row.kind,
            f"{Exclusion.Kind(row.kind).label}: {row.text}" if row.text else row.get_kind_display(),
        )
        for row in rows
    ]
