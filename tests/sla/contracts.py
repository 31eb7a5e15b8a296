"""Contracts on their way, for tests of what becomes of them."""

from datetime import date

from sla import services
from sla.services import TargetRow, Terms

HOUSE = (TargetRow("p2", "first_response", 120), TargetRow("p2", "resolution", 480))
"""As fast as the house standard: nobody need approve them."""
FAST = (TargetRow("p2", "first_response", 60), TargetRow("p2", "resolution", 240))
FROM = date(2026, 3, 1)


def terms(account, **given):
    """Return the terms of a contract that nobody need approve, but for what is given."""
    usual = {"calendar": account.calendar, "starts_on": FROM, "targets": HOUSE}
    return Terms(**usual | given)


def agreed(account, actor, now, **given):
    """Return a contract to which the client has agreed."""
    contract = services.draft_contract(
        actor=actor, account=account, terms=terms(account, **given), now=now
    )
    services.propose_contract(actor=actor, contract=contract, now=now)
    return services.agree_contract(actor=actor, contract=contract, now=now)


def sign(contract, head, now):
    """Let both sign."""
    day = now.date()
    services.sign_contract(actor=head, contract=contract, signed_on=day, now=now)
    return services.record_signature(
        actor=head, contract=contract, signed_by="Rada Lipova", signed_on=day, now=now
    )


def in_force(account, head, now, **given):
    """Return a contract that both have signed, in force if it has begun."""
    return sign(agreed(account, head, now, **given), head, now)
