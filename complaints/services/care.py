"""What helps whoever speaks with an upset client: a second opinion, the phone, a deputy (C-8)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.models import Promise
from complaints.calling import stand_in_for
from complaints.closing import require_open_thread
from complaints.models import Complaint, Message
from complaints.services.conversation import EmptyMessage, write_answer
from complaints.transitions import require
from core.errors import DomainError, InvalidTransition
from core.models import User
from core.operations import SYSTEM, operation


class CannotAskThem(DomainError):
    code = "cannot_ask_them"


class NobodyStandsIn(DomainError):
    code = "nobody_stands_in"


def ask_opinion(
    *, actor: User, complaint: Complaint, colleague: User, body: str, now: datetime
) -> Message:
    """Ask a colleague how he would handle it, or answer him: only the two and the heads read it."""
    with operation("complaints.ask_opinion", actor=actor, on=complaint, at=now) as op:
        require_open_thread(complaint)
        if not body.strip():
            raise EmptyMessage(_("Write something first."))
        _check_colleague(complaint, actor, colleague)
        op.details["colleague"] = str(colleague.pk)
        return Message.objects.create(
            complaint=complaint, kind=Message.Kind.OPINION, body=body.strip(), author=actor,
            asked_of=colleague, at=now,
        )  # fmt: skip


def log_call(
    *,
    actor: User,
    complaint: Complaint,
    body: str,
    sentiment: int | None = None,
    next_contact_at: datetime | None = None,
    now: datetime,
) -> Message:
    """Record a phone call with the client: a human answer, and a touch with its mood.

    sentiment -- −2 angry … +2 delighted.
    """
    with operation("complaints.log_call", actor=actor, on=complaint, at=now):
        require_open_thread(complaint)
        require(complaint, "reply")
        message = write_answer(
            complaint, body, actor, now, next_contact_at=next_contact_at,
            channel=Complaint.Channel.PHONE,
        )  # fmt: skip
        contacts = [complaint.contact] if complaint.contact else []
        accounts.log_touch(
            actor=actor, account=complaint.account, summary=message.body, contacts=contacts,
            fields={"kind": "call", "direction": "out", "two_way": True, "sentiment": sentiment},
            now=now,
        )  # fmt: skip
    return message


def hand_over(*, actor: User, complaint: Complaint, now: datetime) -> Complaint:
    """Let a deputy speak with the client for whoever leads: anger is steam, and he cools down.

    What the lead has promised to do himself for this case goes along.
    """
    with operation("complaints.hand_over", actor=actor, on=complaint, at=now):
        if complaint.state in {Complaint.State.MERGED, Complaint.State.CONVERTED}:
            raise InvalidTransition(complaint.get_state_display(), [])
        before = complaint.lead
        deputy = stand_in_for(complaint, before)
        if deputy is None:
            raise NobodyStandsIn(
                _("Nobody stands in: name a deputy of the account, then hand it over.")
            )
        complaint.lead = deputy
        owed = Promise.objects.owed().about(complaint).filter(made_by=before)
        for promise in owed.order_by("due_at", "id"):
            accounts.hand_over_promise(actor=SYSTEM, promise=promise, made_by=deputy, now=now)
    return complaint


def _check_colleague(complaint: Complaint, actor: User, colleague: User) -> None:
    if colleague.pk == actor.pk:
        raise CannotAskThem(_("Choose somebody else: your own opinion you have already."))
    is_colleague = colleague.is_active and not colleague.has_role(User.Role.API_CLIENT)
    if not is_colleague or not _may_read(complaint, colleague):
        raise CannotAskThem(_("This person cannot open the case. Choose another one."))


def _may_read(complaint: Complaint, colleague: User) -> bool:
    """Say whether he reads it, technicians once they are asked."""
    if colleague.has_role(User.Role.TECHNICIAN):
        return True
    return Complaint.objects.visible_to(colleague).filter(pk=complaint.pk).exists()
