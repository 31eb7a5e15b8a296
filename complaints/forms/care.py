"""Help for whoever speaks with an upset client: a second opinion, the phone, a deputy (C-8)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.clockwork import business_days_later
from complaints.calling import stand_in_for
from complaints.forms.actions import NOON, ActionForm, Case
from complaints.forms.fields import moment_field, text_field, worker_field
from complaints.models import Message
from core.models import User
from core.pages import VersionedForm

MOODS = [("", _("not said")), (-2, "−2"), (-1, "−1"), (0, "0"), (1, "+1"), (2, "+2")]


class OpinionForm(ActionForm):
    verb = "ask_opinion"
    colleague = worker_field(
        _("Whom you ask"), _("Only the two of you and the heads of key accounts read it.")
    )
    body = text_field(
        _("How would you handle it?"),
        _("Say what you have tried and where you are stuck, or answer what you were asked."),
    )

    def offered(self, case: Case) -> dict[str, Any]:
        """Suggest the other one of the last exchange, so that an answer goes back."""
        shared = Q(author=case.user) | Q(asked_of=case.user)
        rows = Message.objects.filter(shared, complaint=case.complaint, kind=Message.Kind.OPINION)
        last = rows.order_by("-at", "-id").first()
        if last is None:
            return {}
        is_own = last.author_id == case.user.pk
        return {"colleague": last.asked_of_id if is_own else last.author_id}


class LogCallForm(ActionForm, VersionedForm):
    """phones -- the numbers under which the client may be rung."""

    verb = "log_call"
    template_name = "complaints/_log_call_form.html"
    body = text_field(_("What was said"), _("Your own notes: the client does not read them."))
    sentiment = forms.TypedChoiceField(
        label=_("The client's mood"),
        required=False,
        help_text=_("−2 angry, 0 calm, +2 delighted."),
        choices=MOODS,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )
    next_contact_at = moment_field(
        _("When the client hears from us next"),
        _("Becomes your promise. Empty it only if nothing is left to say."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        contact = case.complaint.contact
        self.contact = contact
        self.phones = contact.phones if contact and contact.may_be_contacted else []

    def offered(self, case: Case) -> dict[str, Any]:
        """Suggest noon of the next business day, while there is something left to say."""
        if not case.complaint.is_open:
            return {}
        at = business_days_later(case.complaint.account, case.now, 1, at=NOON)
        return {"next_contact_at": timezone.localtime(at)}


class HandOverForm(ActionForm, VersionedForm):
    """deputy -- who will speak with the client; None if nobody stands in."""

    verb = "hand_over"
    template_name = "complaints/_hand_over_form.html"
    deputy: User | None

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.deputy = stand_in_for(case.complaint, case.complaint.lead)
