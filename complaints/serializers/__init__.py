"""Shapes of complaints over REST, one module for each noun."""

from complaints.serializers.callback import (
    CallbackFilters,
    CallbackOutput,
    OutcomeInput,
)
from complaints.serializers.complaint import (
    AssignInput,
    ComplaintDetailOutput,
    ComplaintFilters,
    ComplaintOutput,
    LogInput,
    ReopenInput,
    ResolveInput,
    TriageInput,
    WaitInput,
)
from complaints.serializers.message import (
    AttachmentInput,
    AttachmentOutput,
    MessageInput,
    MessageOutput,
)

__all__ = [
    "AssignInput",
    "AttachmentInput",
    "AttachmentOutput",
    "CallbackFilters",
    "CallbackOutput",
    "ComplaintDetailOutput",
    "ComplaintFilters",
    "ComplaintOutput",
    "LogInput",
    "MessageInput",
    "MessageOutput",
    "OutcomeInput",
    "ReopenInput",
    "ResolveInput",
    "TriageInput",
    "WaitInput",
]
