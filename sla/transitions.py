"""What can be done to a contract in which state (4.5)."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidTransition
from sla.models import Contract
from sla.queries import newer_in_talks

State = Contract.State

BY_STATE: Final[dict[str, tuple[str, ...]]] = {
    State.DRAFT: ("approve", "edit", "propose", "withdraw"),
    State.PROPOSED: ("agree", "negotiate", "revise", "withdraw"),
    State.NEGOTIATING: ("agree", "revise", "withdraw"),
    State.AGREED: ("record_signature", "sign", "terminate"),
    State.ACTIVE: ("renew", "terminate"),
    State.EXPIRING: ("renew", "terminate"),
    State.EXPIRED: ("renew",),
}
"""Verbs of people by the state from which they start; a state that is not here is an end."""


class NewerVersion(DomainError):
    code = "newer_version"


class ReasonMissing(DomainError):
    code = "reason_missing"


def allowed_now(contract: Contract) -> list[str]:
    """Return the verbs, without the app, that are legal now; who may is another matter."""
    given = {
        "sign": contract.signed_by_us_on,
        "record_signature": contract.signed_by_client_on,
    }
    return [verb for verb in BY_STATE.get(contract.state, ()) if not given.get(verb)]


def require(contract: Contract, verb: str) -> None:
    """Raise InvalidTransition unless the verb is legal now."""
    allowed = allowed_now(contract)
    if verb not in allowed:
        raise InvalidTransition(contract.get_state_display(), allowed)


def require_newest(contract: Contract) -> None:
    """Raise NewerVersion if a later version is still being talked about."""
    if newer := newer_in_talks(contract).first():
        raise NewerVersion(
            _("The newer version %(no)s is on its way. Go on with it, or withdraw it first.")
            % {"no": newer.no},
            newer=newer.no,
        )


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Say why in a few words; others will ask."))
