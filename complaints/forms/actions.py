"""One form for each action on a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clockwork import business_days_later
from complaints.forms.checked import CheckedForm
from complaints.forms.fields import (
    assignee_field,
    category_field,
    impact_field,
    lead_field,
    moment_field,
    safety_field,
    text_field,
    urgency_field,
)
from complaints.models import Apology, Complaint
from complaints.outbox import address_of
from complaints.recovery import Recovery, recovery_of
from core.models import User
from core.pages import VersionedForm
from sla.models import Metric
from sla.queries import is_timed

NOON = time(12)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the form of an action must know: about what, for whom, when."""

    complaint: Complaint
    user: User
    now: datetime

    @cached_property
    def recovery(self) -> Recovery:
        return recovery_of(self.complaint)


class ActionForm(forms.Form):
    """One action on a complaint. Several may stand on one page, so the ids tell them apart."""

    verb: ClassVar[str]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": case.complaint.version, **self.offered(case)}
        super().__init__(*args, **kwargs | {"auto_id": f"{self.verb}-{case.complaint.no}-%s"})

    def offered(self, case: Case) -> dict[str, Any]:
        """Return what the form suggests."""
        return {}

    def focus(self) -> None:
        """Let the first box to type or choose in take the focus when the form is drawn."""
        for field in self.fields.values():
            if isinstance(field.widget, (forms.Textarea, forms.Select, forms.TextInput)):
                field.widget.attrs["autofocus"] = True
                return


class AssignForm(ActionForm, VersionedForm):
    verb = "assign"
    assignee, lead = assignee_field(), lead_field()

    def offered(self, case: Case) -> dict[str, Any]:
        return {"assignee": case.complaint.assignee_id, "lead": case.complaint.lead_id}


class TriageForm(AssignForm):
    verb = "triage"
    impact, urgency, safety, category = (
        impact_field(),
        urgency_field(),
        safety_field(),
        category_field(),
    )
    root_cause = forms.ChoiceField(
        label=_("Root cause"),
        required=False,
        choices=[("", _("Not known yet")), *Complaint.RootCause.choices],
        help_text=_("The same cause twice within 90 days raises the priority by one step."),
    )
    trivial_reason = forms.CharField(
        label=_("Why it is a trifle"),
        required=False,
        max_length=250,
        help_text=_(
            "Internal; empty if it is none. It changes neither the priority nor how fast we act."
        ),
    )
    field_order = ("impact", "urgency", "safety", "category", "root_cause", "assignee", "lead")

    def offered(self, case: Case) -> dict[str, Any]:
        judged = ("impact", "urgency", "safety", "category", "root_cause", "trivial_reason")
        people = super().offered(case)
        if case.complaint.assignee_id is None and case.user.has_role("sa"):
            people["assignee"] = case.user.pk
        return people | {name: getattr(case.complaint, name) for name in judged}


class LetterForm(CheckedForm, ActionForm, VersionedForm):
    """A form with a letter to the client; says so if there is no way to send it."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        if not address_of(case.complaint):
            self.fields[self.letter].help_text = _(
                "No mail address is known: tell the client by phone, and write here what you said."
            )


class ReplyForm(LetterForm):
    verb, letter = "reply", "body"
    body = text_field(
        _("Answer to the client"), _("Goes to the client by mail, exactly as written.")
    )
    next_contact_at = moment_field(
        _("When the client hears from us next"),
        _("Becomes your promise. Empty it only if nothing is left to say."),
    )
    is_workaround = forms.BooleanField(
        label=_("With this the client can work again, though it is not solved yet"),
        required=False,
    )
    apology = forms.ChoiceField(
        label=_("Does it say that we are sorry?"),
        required=False,
        choices=[("", _("No apology in it")), *Apology.Form.choices],
        help_text=_("An apology is regret that the experience was bad, not an admission of guilt."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        if not is_timed(case.complaint, Metric.WORKAROUND):
            del self.fields["is_workaround"]

    def offered(self, case: Case) -> dict[str, Any]:
        """Suggest noon of the next business day, while there is something left to say."""
        if not case.complaint.is_open:
            return {}
        at = business_days_later(case.complaint.account, case.now, 1, at=NOON)
        return {"next_contact_at": timezone.localtime(at)}


class NoteForm(ActionForm):
    verb = "add_note"
    body = text_field(_("Note for colleagues"), _("Internal: the client never sees this."))


class CommentForm(ActionForm):
    verb = "comment"
    body = text_field(
        _("What the client wrote or said"),
        _("In the client's words. If we were waiting for the client, work goes on."),
    )


class AttachForm(ActionForm):
    verb = "attach"
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, picture, office document or plain text.")
    )
    is_restricted = forms.BooleanField(
        label=_("Only for those who work on the case"),
        required=False,
        help_text=_("For what tells of health, religion or the like."),
    )


class WaitForm(CheckedForm, ActionForm, VersionedForm):
    verb, letter = "wait", "body"
    check_looks_at = ("waiting_for",)
    waiting_for = forms.ChoiceField(
        label=_("Whom we wait for"),
        choices=[
            ("client", _("The client")),
            ("appointment", _("An appointment")),
            ("supplier", _("A supplier")),
        ],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        help_text=_(
            "Waiting for the client, or for an appointment the client asked for, stops the clocks. "
            "Waiting for a supplier stops nothing: toward the client a supplier's delay is ours."
        ),
    )
    appointment_at = moment_field(
        _("The appointment"), _("Only for an appointment: from then on the clocks run again.")
    )
    body = text_field(
        _("The question to the client, or the supplier's case"),
        _(
            "A question, or the confirmation of an appointment, is sent to the client. "
            "A supplier's case stays internal."
        ),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        return {"waiting_for": "client"}

    def goes_to_client(self) -> bool:
        return self._typed("waiting_for") != "supplier"


class ResumeForm(ActionForm, VersionedForm):
    verb = "resume"


class ResolveForm(LetterForm):
    verb, letter, resolves = "resolve", "resolution", True
    resolution_type = forms.ChoiceField(
        label=_("How it was put right"),
        choices=[("", _("Choose…")), *Complaint.ResolutionType.choices],
    )
    resolution = text_field(
        _("What we tell the client"),
        _("Goes to the client. After it we owe a call: is it really fixed?"),
    )


class ReopenForm(ActionForm, VersionedForm):
    verb = "reopen"
    reason = forms.CharField(
        label=_("Why it is taken up again"),
        max_length=500,
        help_text=_(
            "Before the follow-up call the clock goes on where it stopped; "
            "after it a new one starts with half of the time."
        ),
    )
