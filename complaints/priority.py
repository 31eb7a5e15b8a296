"""Priority from what the failure does to the client; tier, revenue and pressure are not inputs."""

from __future__ import annotations

MATRIX = {
    1: ("p1", "p1", "p2", "p3"),
    2: ("p1", "p2", "p3", "p3"),
    3: ("p2", "p3", "p3", "p4"),
    4: ("p3", "p3", "p4", "p4"),
}
"""impact (1 worst … 4) → priority by urgency (1 now … 4 can wait)."""


def priority_of(
    impact: int,
    urgency: int,
    *,
    safety: bool = False,
    repeated_cause: bool = False,
    churn_risk: bool = False,
) -> str:
    """Return "p1" … "p4".

    safety -- always P1. repeated_cause -- the same root cause at this account within 90 days;
    churn_risk -- an open alert that the client may leave. Either raises by one step, once.
    Raises KeyError or IndexError outside 1…4. Source: 3.2.
    """
    if safety:
        return "p1"
    level = int(MATRIX[impact][urgency - 1][1])
    if repeated_cause or churn_risk:
        level = max(1, level - 1)
    return f"p{level}"
