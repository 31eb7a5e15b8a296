"""What we found out, and what stops it from happening again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.actions import ActionForm, Case, LetterForm
from complaints.forms.fields import (
    amount_field,
    channel_field,
    impact_field,
    text_field,
    urgency_field,
    worker_field,
)
from complaints.models import Complaint, Finding, Supplier
from complaints.models.finding import MOST_WHYS
from complaints.permissions import decides_fault
from complaints.services.findings import DECIDED
from complaints.texts import client_text
from core.pages import VersionedForm


class FindingsForm(ActionForm, VersionedForm):
    """Technicians and support have no boxes for what they may only propose."""

    verb = "record_findings"
    root_cause = forms.ChoiceField(
        label=_("Root cause"),
        required=False,
        choices=[("", _("Not known yet")), *Complaint.RootCause.choices],
    )
    cause_text = forms.CharField(
        label=_("What caused it"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Internal: no client ever reads a finding."),
    )
    whys = forms.CharField(
        label=_("Why? Five times"),
        required=False,
        widget=forms.Textarea(attrs={"rows": MOST_WHYS}),
        help_text=_("One answer on a line; each asks about the one before."),
    )
    fault = forms.ChoiceField(
        label=_("Whose fault (internal)"),
        choices=Finding.Fault.choices,
        help_text=_(
            "If it is ours, the client must be told within hours. So it is for a supplier."
        ),
    )
    our_share = forms.DecimalField(
        label=_("Our share, %"),
        required=False,
        min_value=0.01,
        max_value=99.99,
        decimal_places=2,
        help_text=_("Only of a shared fault."),
    )
    justified = forms.ChoiceField(
        label=_("Is the client right?"), choices=Finding.Justified.choices
    )
    named = worker_field(
        _("Colleague named in the cause"),
        _("Makes no follow-up call about it. Never shown to the client."),
        keeps=True,
    )
    supplier = forms.ModelChoiceField(
        label=_("Supplier"),
        queryset=Supplier.objects.current(),
        required=False,
        empty_label=_("None"),
    )
    supplier_case = forms.CharField(label=_("The supplier's case"), required=False, max_length=120)
    recourse = amount_field(_("What the supplier pays us"))
    staff_hours = forms.DecimalField(
        label=_("Hours of our people"),
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=2,
    )
    item = forms.CharField(label=_("Item or service component"), required=False, max_length=120)
    batch = forms.CharField(label=_("Batch"), required=False, max_length=60)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.kept = {name: getattr(case.recovery.finding, name) for name in DECIDED}
        self.fields["named"].empty_label = _("Nobody")  # type: ignore[attr-defined]  # a choice of rows
        if not decides_fault.test(case.user, case.complaint):
            for name in DECIDED:
                del self.fields[name]

    def offered(self, case: Case) -> dict[str, Any]:
        finding, complaint = case.recovery.finding, case.complaint
        told = {name: getattr(finding, name) for name in ("fault", "our_share", "justified")}
        told |= {name: getattr(complaint, name) for name in ("root_cause", "item", "batch")}
        return told | {
            "cause_text": finding.cause_text,
            "whys": "\n".join(finding.whys),
            "named": finding.named_id,
            "supplier": finding.supplier_id,
            "supplier_case": finding.supplier_case,
            "recourse": finding.recourse,
            "staff_hours": finding.staff_hours,
        }

    def clean_whys(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["whys"].splitlines() if line.strip()]
        if len(lines) > MOST_WHYS:
            raise forms.ValidationError(_("Five answers are enough."))
        if any(len(line) > 500 for line in lines):  # noqa: PLR2004 -- the column's length
            raise forms.ValidationError(_("Keep each answer under 500 characters."))
        return lines

    def clean(self) -> dict[str, Any]:
        return self.kept | self.cleaned_data


class LetStandForm(ActionForm, VersionedForm):
    verb = "let_stand"
    reason = forms.CharField(
        label=_("Why it cannot be found out"),
        max_length=500,
        help_text=_("Internal. Toward the client it is then ours."),
    )


class DiscloseForm(LetterForm):
    verb, letter = "disclose", "body"
    body = text_field(
        _("What we tell the client"),
        _("What happened, what it means for them, what we do, and who calls by when."),
    )
    channel = channel_field()

    def offered(self, case: Case) -> dict[str, Any]:
        dots = dict.fromkeys(("what", "effect", "action", "time"), "…")
        language, lead = case.complaint.client_language, case.complaint.lead.name
        return {"body": client_text("disclose_own_mistake", language, lead=lead, **dots)}


class PreventionForm(ActionForm, VersionedForm):
    verb = "plan_prevention"
    text = text_field(
        _("What stops it from happening again"),
        _("A measure, not a person: no one is named or punished before a client."),
        rows=3,
    )
    owner = worker_field(_("Who does it"))
    due_date = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}))

    def offered(self, case: Case) -> dict[str, Any]:
        planned = case.recovery.prevention
        if planned is None:
            return {"owner": case.complaint.assignee_id or case.complaint.lead_id}
        return {"text": planned.text, "owner": planned.owner_id, "due_date": planned.due_date}


class TellPreventionForm(LetterForm):
    verb, letter = "tell_prevention", "body"
    body = text_field(
        _("What we tell the client"), _("What we change, so that it does not happen again.")
    )
    channel = channel_field()

    def offered(self, case: Case) -> dict[str, Any]:
        planned = case.recovery.prevention
        return {"body": planned.text if planned else ""}


class FinishPreventionForm(ActionForm, VersionedForm):
    verb = "finish_prevention"


class LowerForm(ActionForm, VersionedForm):
    verb = "lower_priority"
    impact, urgency = impact_field(), urgency_field()
    reason = forms.CharField(
        label=_("Why it is less grave"),
        max_length=500,
        help_text=_("Stays in the history. What raised it before no longer counts."),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        return {"impact": case.complaint.impact, "urgency": case.complaint.urgency}
