"""What the queue is asked for, and what is done with several of its rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.fields import assignee_field, worker_field
from complaints.models import Complaint
from complaints.queue import ME, NOBODY, OVERDUE, UNKNOWN, WITHIN_HOUR
from core.models import User
from sla.models import Priority


class QueueFilter(forms.Form):
    """What stands in the address of the queue; a value that is no choice is left out."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number or words")}),
    )
    account = forms.CharField(
        label=_("Account"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All open")), *Complaint.State.choices]
    )
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("Any")), *Priority.choices]
    )
    assigned = forms.ChoiceField(
        label=_("With whom"),
        required=False,
        choices=[
            ("", _("Anybody")),
            (ME, _("With me")),
            (NOBODY, _("Unassigned")),
            (UNKNOWN, _("Nobody’s yet: client not known")),
        ],
    )
    due = forms.ChoiceField(
        label=_("Deadline"),
        required=False,
        choices=[("", _("Any")), (OVERDUE, _("Overdue")), (WITHIN_HOUR, _("Within 1 hour"))],
    )

    def wanted(self) -> dict[str, str]:
        """Return what is asked for, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PickForm(forms.Form):
    """The ticked complaints, which the person may see; others are no choice."""

    pick = forms.ModelMultipleChoiceField(queryset=Complaint.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick: Any = self.fields["pick"]
        rows = Complaint.objects.visible_to(user).order_by("id")
        pick.queryset = rows.select_related("account", "lead")


class AssignManyForm(forms.Form):
    assignee = assignee_field()
    lead = worker_field(_("Who speaks with the client"), keeps=True)
