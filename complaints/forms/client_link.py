"""Forms for the client's secret link."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.actions import ActionForm
from core.pages import VersionedForm


class RenewLinkForm(ActionForm, VersionedForm):
    verb = "renew_client_link"


class RevokeLinkForm(ActionForm, VersionedForm):
    verb = "revoke_client_link"
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        help_text=_("Every link opens nothing from now on; the next letter brings a new one."),
    )
