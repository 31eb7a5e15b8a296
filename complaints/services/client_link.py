"""The client's secret link: withdrawn when it may be in wrong hands, renewed by a letter."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints import outbox
from complaints.links import withdraw_links
from complaints.models import Complaint, Message
from core.errors import DomainError
from core.models import User
from core.operations import operation


class NobodyToWriteTo(DomainError):
    code = "nobody_to_write_to"


class ClientKnowsNothing(DomainError):
    code = "client_knows_nothing"


class NoLinkToWithdraw(DomainError):
    code = "no_link_to_withdraw"


def renew_client_link(*, actor: User, complaint: Complaint, now: datetime) -> Complaint:
    """Send the contact a new link to his page; every earlier one opens nothing any more.

    Nobody of ours sees it: who holds it speaks for the client.
    """
    with operation("complaints.renew_client_link", actor=actor, on=complaint, at=now) as op:
        if not outbox.address_of(complaint):
            raise NobodyToWriteTo(
                _("The link goes by mail only. Add a mail address to the contact first.")
            )
        if _is_untold(complaint):
            raise ClientKnowsNothing(
                _("We found this ourselves and the client does not know of it. Tell him first.")
            )
        op.details["withdrawn"] = withdraw_links(complaint, actor, now)
        outbox.write_to_client(complaint, outbox.new_link(complaint), now)
    return complaint


def revoke_client_link(
    *, actor: User, complaint: Complaint, reason: str, now: datetime
) -> Complaint:
    """Withdraw every link to the client's page; the next letter brings a new one."""
    with operation(
        "complaints.revoke_client_link", actor=actor, on=complaint, at=now, reason=reason
    ) as op:
        op.details["withdrawn"] = withdraw_links(complaint, actor, now)
        if not op.details["withdrawn"]:
            raise NoLinkToWithdraw(_("No link opens the client's page at present."))
    return complaint


def _is_untold(complaint: Complaint) -> bool:
    if complaint.channel != Complaint.Channel.SELF_REPORTED:
        return False
    return not complaint.messages.filter(kind=Message.Kind.REPLY).exists()
