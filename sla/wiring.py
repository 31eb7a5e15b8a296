"""What sla tells the core when the server starts."""

from core.places import place
from core.timers import handle
from sla import (
    alarm_kinds,
    clockwork,
    contract_firing,
    contract_kinds,
    contract_timers,
    events,
    firing,
    hearers,
    panels,
    permissions,
    replanning,
)
from sla.models import Contract, Credit, Review

handle(clockwork.KIND, firing.fire_clocks)
handle(firing.ACT, firing.fire_acts)
handle(replanning.KIND, replanning.fire_recomputes)
handle(contract_timers.KIND, contract_firing.fire_contracts)
hearers.speak()
events.speak()
place(Contract, "sla:detail")
place(Credit, "sla:credit")
place(Review, "sla:review")
panels.add_panels()
alarm_kinds.speak()
contract_kinds.speak()

__all__ = ["permissions"]
