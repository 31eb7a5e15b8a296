"""Contracts with their targets, and the clocks that run on them."""

from sla.models.clock import Clock, ClockRun, Metric, Priority
from sla.models.contract import Contract, Target

__all__ = ["Clock", "ClockRun", "Contract", "Metric", "Priority", "Target"]
