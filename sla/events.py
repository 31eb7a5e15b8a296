"""What programs hear of contracts, deadlines and credits (11.2)."""

from __future__ import annotations

from accounts.events import changes
from core.places import resource
from core.webhooks import publish
from sla.models import Contract, Credit

CLOCK = ("clock", "metric", "priority", "step", "due")
CONTRACT = ("state", "starts_on", "ends_on")
CREDIT = ("contract_id", "month", "state")


def speak() -> None:
    """Declare the events. Call it from AppConfig.ready."""
    resource(Contract, "sla-contract")
    resource(Credit, "credit")
    _speak_of_contracts()
    publish("sla.warn", "clock.warning", facts=CLOCK, internal=True)
    publish("sla.breach", "clock.breached", facts=CLOCK)
    publish("sla.propose_credit", "credit.proposed", facts=CREDIT, internal=True)
    publish("sla.issue_credit", "credit.issued", facts=CREDIT)


def _speak_of_contracts() -> None:
    publish("sla.propose", "sla.proposed", facts=CONTRACT)
    for verb in ("sla.sign", "sla.record_signature"):
        publish(verb, "sla.signed", when=lambda entry, contract: contract.is_signed, facts=CONTRACT)
    publish("sla.expiring", "sla.expiring", facts=CONTRACT, internal=True)
    publish(
        "sla.replace",
        "sla.renewed",
        when=lambda entry, contract: (
            changes(entry, "state") and contract.state == Contract.State.RENEWED
        ),
        facts=CONTRACT,
    )
