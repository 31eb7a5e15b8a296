"""Forms of alerts: seen, put off, dealt with."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import moment_field
from core.pages import VersionedForm

LONGEST_REASON = 500


class SnoozeForm(VersionedForm):
    until = moment_field(_("Put off until"), help_text=_("14 days at most."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why it may wait. It stays true all the while."),
    )


class ResolveAlertForm(VersionedForm):
    reason = forms.CharField(
        label=_("How it was dealt with"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What was done, or why it does not hold. If it is still true, it comes back."),
    )
