"""Service credits: approved by finance, told to the client with an apology, or waived by him."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidTransition
from core.models import OutgoingMail, User
from core.operations import operation
from sla.credit_facts import credit_facts
from sla.letters import addressee, credit_letter
from sla.models import Credit

POSSIBLE: Final = {
    Credit.State.PROPOSED: ["approve_credit", "waive_credit"],
    Credit.State.APPROVED: ["issue_credit", "waive_credit"],
}
"""Verbs by the state from which they start; a state that is not here is an end."""


class NobodyToWriteTo(DomainError):
    code = "nobody_to_write_to"


class ChangeMissing(DomainError):
    code = "change_missing"


class NotWaivedInWriting(DomainError):
    code = "not_waived_in_writing"


def approve_credit(*, actor: User, credit: Credit, now: datetime) -> Credit:
    """Consent to the computed amount; the letter to the client comes next."""
    with operation("sla.approve_credit", actor=actor, on=credit, at=now) as op:
        _require(credit, "approve_credit")
        credit.state = Credit.State.APPROVED
        credit.approved_by, credit.approved_at = actor, now
        op.details |= credit_facts(credit)
    return credit


def issue_credit(*, actor: User, credit: Credit, change: str, now: datetime) -> Credit:
    """Write to the client: what he gets back, that we are sorry, and what we changed since.

    change -- in the language of whoever the letter goes to. Raises NobodyToWriteTo if no contact
              of the account has a mail address.
    """
    with operation("sla.issue_credit", actor=actor, on=credit, at=now) as op:
        _require(credit, "issue_credit")
        if not change.strip():
            raise ChangeMissing(_("Say what was changed: an apology without it is worth nothing."))
        contact = addressee(credit.account)
        if contact is None:
            raise NobodyToWriteTo(
                _("No contact of this client has a mail address. Add one, then send the letter.")
            )
        letter = credit_letter(credit, contact, change)
        OutgoingMail.objects.create(
            to=letter.to, subject=letter.subject, body=letter.body,
            account_id=credit.account_id, next_try_at=now,
        )  # fmt: skip
        credit.state, credit.issued_at = Credit.State.ISSUED, now
        credit.change, credit.letter = change.strip(), letter.body
        op.details |= credit_facts(credit)
    return credit


def waive_credit(
    *,
    actor: User,
    credit: Credit,
    reason: str,
    waived_by_client: str,
    waived_in: str,
    now: datetime,
) -> Credit:
    """Record that the client wants no credit: who of them said so, and where he wrote it."""
    with operation("sla.waive_credit", actor=actor, on=credit, at=now, reason=reason) as op:
        _require(credit, "waive_credit")
        if not (reason.strip() and waived_by_client.strip() and waived_in.strip()):
            raise NotWaivedInWriting(
                _("Only the client can waive a credit: say who did, where he wrote it, and why.")
            )
        credit.state = Credit.State.WAIVED
        credit.waived_by_client, credit.waived_in = waived_by_client.strip(), waived_in.strip()
        op.details |= credit_facts(credit)
    return credit


def _require(credit: Credit, verb: str) -> None:
    possible = POSSIBLE.get(Credit.State(credit.state), [])
    if verb not in possible:
        raise InvalidTransition(credit.get_state_display(), possible)
