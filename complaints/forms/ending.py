"""Forms for complaints that end without being put right."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clockwork import business_days_later
from complaints.forms.actions import NOON, ActionForm, Case
from complaints.forms.fields import moment_field, text_field, worker_field
from complaints.forms.log import CHANNELS
from complaints.models import Complaint
from complaints.queries import may_be_the_same
from core.pages import VersionedForm


class MergeForm(ActionForm, VersionedForm):
    verb = "merge"
    into = forms.ModelChoiceField(
        label=_("Part of which complaint"),
        queryset=Complaint.objects.none(),
        empty_label=_("Choose…"),
        help_text=_(
            "Open complaints of the same account. Its conversation will show both, "
            "and each contact gets a follow-up call."
        ),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = may_be_the_same(case.user, case.complaint)


class WithdrawForm(ActionForm, VersionedForm):
    verb = "withdraw"
    words = text_field(
        _("What the client said"),
        _("In the client's words. We call all the same: people also give up because of us."),
        rows=3,
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=CHANNELS)


class ConvertForm(ActionForm, VersionedForm):
    verb = "convert"
    reason = forms.CharField(
        label=_("Why it is a request and no complaint"),
        max_length=500,
        help_text=_("The clocks end, and somebody gets a task with a date."),
    )
    assignee = worker_field(_("Who deals with it"))
    due_at = moment_field(_("By when"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["due_at"].required = True

    def offered(self, case: Case) -> dict[str, Any]:
        at = business_days_later(case.complaint.account, case.now, 2, at=NOON)
        return {"assignee": case.complaint.assignee_id, "due_at": timezone.localtime(at)}
