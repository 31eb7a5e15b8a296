"""What sla tells the core when the server starts."""

from core.places import place
from core.timers import handle
from sla import clockwork, firing, hearers, panels, permissions
from sla.models import Contract

handle(clockwork.KIND, firing.fire_clocks)
hearers.speak()
place(Contract, "sla:detail")
panels.add_panels()

__all__ = ["permissions"]
