"""Forms of webhooks. They check shape only."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import WebhookDelivery
from core.pages import VersionedForm
from core.webhook_queries import programs
from core.webhooks import event_types


def _event_choices() -> list[tuple[str, str]]:
    """Return the events by the names that programs use; they are the same in every language."""
    return [(name, name) for name in event_types()]


class WebhookForm(forms.Form):
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Begins with https:// and can be reached from the internet."),
    )
    description = forms.CharField(
        label=_("What it is for"),
        max_length=120,
        required=False,
        help_text=_("Which program listens there, and whom to call when it does not."),
    )
    owner = forms.ModelChoiceField(
        label=_("Program of a client"),
        queryset=programs(),
        required=False,
        empty_label=_("None: a webhook of the house"),
        help_text=_(
            "A client’s program hears only of the accounts it may see, and of nothing internal."
        ),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=_event_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
        help_text=_("Choose none to hear of all, those of later releases included."),
    )


class EditWebhookForm(WebhookForm, VersionedForm):
    pass


class DeliveryFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), *WebhookDelivery.State.choices],
        required=False,
    )
