"""Contracts, the clocks that run on them, and what the months came to."""

from sla.models.attainment import Attainment, Credit
from sla.models.clock import Clock, ClockRun
from sla.models.contract import (
    Approval,
    Contract,
    CreditBand,
    EscalationStep,
    Exclusion,
    ScopeItem,
    Target,
)
from sla.models.measures import Metric, Priority
from sla.models.recompute import Recompute
from sla.models.review import Review

__all__ = [
    "Approval",
    "Attainment",
    "Clock",
    "ClockRun",
    "Contract",
    "Credit",
    "CreditBand",
    "EscalationStep",
    "Exclusion",
    "Metric",
    "Priority",
    "Recompute",
    "Review",
    "ScopeItem",
    "Target",
]
