"""Forms of bad news: told in half a minute, passed on to the client, or kept from him."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import chips, moment_field
from accounts.models import Account
from core.pages import VersionedForm

LONGEST_NEWS: Final = 4000
LONGEST_REASON: Final = 500
MORNING: Final = time(9)


def _words(label: Any, longest: int, *, rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=widget, **options)


class BadNewsForm(forms.Form):
    """account -- already chosen, None while it is not. Cleans to what the service takes."""

    NOW, QUARTER, HOUR, SINCE_MORNING = "now", "15", "60", "morning"

    what = _words(_("What happened"), LONGEST_NEWS, rows=4)
    since = forms.ChoiceField(
        label=_("Since when do we know"),
        choices=[
            (NOW, _("Just now")),
            (QUARTER, _("15 minutes ago")),
            (HOUR, _("An hour ago")),
            (SINCE_MORNING, _("This morning")),
        ],
        initial=NOW,
        widget=chips(),
    )
    first_known_at = moment_field(_("or exactly"), required=False)
    may_cause = _words(_("What it may cause for the client"), LONGEST_NEWS, rows=2, required=False)

    def __init__(self, *args: Any, account: Account | None, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.now = account, now

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if self.account is None:
            raise forms.ValidationError(_("Choose the account first."), code="account_missing")
        since = told.pop("since", self.NOW)
        told["first_known_at"] = told.get("first_known_at") or self._moment(since)
        return told

    def _moment(self, since: str) -> datetime:
        local = timezone.localtime(self.now)
        moments = {
            self.QUARTER: self.now - timedelta(minutes=15),
            self.HOUR: self.now - timedelta(hours=1),
            self.SINCE_MORNING: min(datetime.combine(local, MORNING, local.tzinfo), self.now),
        }
        return moments.get(since, self.now)


class TellClientForm(VersionedForm):
    how = _words(
        _("How the client heard it"),
        LONGEST_REASON,
        rows=2,
        help_text=_("Who told whom, by phone or in writing, and what they answered."),
    )
    told_at = moment_field(_("When"), required=False, help_text=_("Empty means just now."))


class SpareClientForm(VersionedForm):
    reason = _words(_("Why the client need not hear of it"), LONGEST_REASON, rows=2)


class BadNewsFilterForm(forms.Form):
    """Which news: all, or those behind one of the figures."""

    UNACKNOWLEDGED, UNTOLD, NOTED, TOLD = "unacknowledged", "untold", "noted", "told"
    show = forms.ChoiceField(
        choices=[
            ("", _("All")),
            (UNACKNOWLEDGED, _("Not acknowledged")),
            (UNTOLD, _("Client not told")),
            (NOTED, _("Acknowledged, 90 days")),
            (TOLD, _("Client told, 90 days")),
        ],
        required=False,
    )
    account = forms.ModelChoiceField(
        queryset=Account.objects.all(), required=False, widget=forms.HiddenInput
    )
