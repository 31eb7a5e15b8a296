"""From nobody known yet to the account that it concerns."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import services as accounts
from accounts.models import Account, Contact, Promise
from complaints import clockwork
from complaints.models import Complaint
from complaints.placing import check_contact, lead_of
from complaints.queries import present_priority
from core.errors import DomainError
from core.models import User
from core.operations import Outcome, operation


class AlreadyPlaced(DomainError):
    code = "already_placed"


class NobodyToAdd(DomainError):
    code = "nobody_to_add"


def move(
    *,
    actor: User,
    complaint: Complaint,
    account: Account,
    contact: Contact | None = None,
    adds_sender: bool = False,
    now: datetime,
) -> Complaint:
    """Give a complaint of somebody unknown to his account, as if it had been known from the start.

    adds_sender -- make a contact of whoever wrote, so that his next letter finds its account.
    """
    with operation("complaints.move", actor=actor, on=complaint, at=now) as op:
        nobody = complaint.account
        if not nobody.is_unknown:
            raise AlreadyPlaced(_("It belongs to an account already; it cannot go to another one."))
        if complaint.merged_into is not None:
            raise AlreadyPlaced(_("It is part of another complaint. Place that one."))
        if adds_sender and contact is None:
            contact = _add_sender(actor, complaint, account, now)
        check_contact(account, contact)
        complaint.account, complaint.contact = account, contact
        if complaint.lead_id == nobody.owner_id:
            complaint.lead = lead_of(account, complaint.about)
        complaint.priority = present_priority(complaint, now)
        clockwork.rehome(complaint, now)
        _take_along(op, complaint)
    return complaint


def _add_sender(actor: User, complaint: Complaint, account: Account, now: datetime) -> Contact:
    address = complaint.client_email
    if not address:
        raise NobodyToAdd(_("No mail address is known. Add the contact at the account first."))
    fields = {
        "name": complaint.client_name or address,
        "emails": [address],
        "language": complaint.language,
        "preferred_channel": Contact.Channel.EMAIL,
    }
    return accounts.add_contact(actor=actor, account=account, fields=fields, now=now)


def _take_along(op: Outcome, complaint: Complaint) -> None:
    """Let what was promised, and what has become part of it, go with the complaint."""
    for promise in Promise.objects.owed().about(complaint).order_by("pk"):
        op.also(promise)
        promise.account, promise.contact = complaint.account, complaint.contact
    for part in Complaint.objects.filter(merged_into=complaint).order_by("pk"):
        op.also(part)
        part.account = complaint.account
