"""How a call went: one form for each call that is owed."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clockwork import business_days_later
from accounts.models import Promise
from complaints.forms.actions import ActionForm, Case
from complaints.forms.fields import moment_field
from complaints.services import OUTCOMES

MORNING = time(10)


class CallbackForm(ActionForm):
    """Checks the version of the call, not of the complaint: whoever is on the phone is not held up.

    call -- the one that is owed; None when the client spoke by himself.
    """

    verb = "record_callback"
    outcome = forms.ChoiceField(label=_("How the call went"), choices=list(OUTCOMES.items()))
    note = forms.CharField(
        label=_("What the client said"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Internal: the client never sees this."),
    )
    csat = forms.TypedChoiceField(
        label=_("How well did we do, 1 to 5?"),
        required=False,
        choices=[("", _("not asked")), *((number, str(number)) for number in range(1, 6))],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    call_at = moment_field(_("Call later: when the client asked us to"))
    callback = forms.ModelChoiceField(
        queryset=Promise.objects.none(), required=False, widget=forms.HiddenInput
    )
    callback_version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, call: Promise | None = None, **kwargs: Any) -> None:
        self.call = call
        super().__init__(*args, case=case, **kwargs)
        self.auto_id = f"call-{call.pk if call else case.complaint.pk}-%s"
        mine: Any = self.fields["callback"]
        mine.queryset = Promise.objects.about(case.complaint)

    def offered(self, case: Case) -> dict[str, Any]:
        """Suggest the next morning for a call that the client puts off."""
        at = business_days_later(case.complaint.account, case.now, 1, at=MORNING)
        call_at = {"call_at": timezone.localtime(at)}
        if self.call is None:
            return call_at
        return call_at | {"callback": self.call.pk, "callback_version": self.call.version}

    def renew(self) -> None:
        """Let the form, when it is sent again, be about the call as it is now."""
        if self.is_bound and self.call is not None:
            data: Any = self.data
            self.data = renewed = data.copy()
            renewed["callback_version"] = str(self.call.version)

    def clean(self) -> dict[str, Any]:
        """Let the call refuse if somebody else has recorded it since the form was drawn."""
        version = self.cleaned_data.pop("callback_version", None)
        if (call := self.cleaned_data.get("callback")) is not None:
            call.expect(version)
        if self.cleaned_data.get("outcome") != "call_later":
            self.cleaned_data["call_at"] = None
        return self.cleaned_data
