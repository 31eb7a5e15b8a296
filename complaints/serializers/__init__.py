"""Shapes of complaints over REST, one module for each noun."""

from complaints.serializers.callback import (
    CallbackFilters,
    CallbackOutput,
    OutcomeInput,
    RecordCallInput,
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
    "RecordCallInput",
    "ReopenInput",
    "ResolveInput",
    "TriageInput",
    "WaitInput",
]
