"""Shapes of service levels over REST."""

from sla.serializers.clock import ClockFilters, ClockOutput, ExplanationOutput
from sla.serializers.contract import (
    ApproveInput,
    ContractDetailOutput,
    ContractFilters,
    ContractOutput,
    DiffOutput,
    DraftInput,
    NegotiateInput,
    ReasonInput,
    RecordSignatureInput,
    SignInput,
    TermsInput,
)

__all__ = [
    "ApproveInput",
    "ClockFilters",
    "ClockOutput",
    "ContractDetailOutput",
    "ContractFilters",
    "ContractOutput",
    "DiffOutput",
    "DraftInput",
    "ExplanationOutput",
    "NegotiateInput",
    "ReasonInput",
    "RecordSignatureInput",
    "SignInput",
    "TermsInput",
]
