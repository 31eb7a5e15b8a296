"""Forms of contracts. They check shape only; the rules are in the services."""

from sla.forms.contract import (
    AccountForm,
    ApproveForm,
    ContractFilterForm,
    NegotiateForm,
    PlainForm,
    RecordSignatureForm,
    SignForm,
    TerminateForm,
    WithdrawForm,
)
from sla.forms.proposal import EditProposalForm, ProposalForm
from sla.forms.rows import only_draws

__all__ = [
    "AccountForm",
    "ApproveForm",
    "ContractFilterForm",
    "EditProposalForm",
    "NegotiateForm",
    "PlainForm",
    "ProposalForm",
    "RecordSignatureForm",
    "SignForm",
    "TerminateForm",
    "WithdrawForm",
    "only_draws",
]
