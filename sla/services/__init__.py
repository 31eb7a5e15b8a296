"""What can be done to contracts; the only writers beside the clockwork."""

from sla.services.contract import (
    agree_contract,
    approve_contract,
    draft_contract,
    edit_contract,
    negotiate_contract,
    propose_contract,
    withdraw_contract,
)
from sla.services.credit import approve_credit, issue_credit, waive_credit
from sla.services.exclusion import exclude_clock
from sla.services.lifecycle import (
    activate_contract,
    record_signature,
    sign_contract,
    terminate_contract,
)
from sla.services.recompute import recompute
from sla.services.review import hold_review
from sla.services.terms import BandRow, ExclusionRow, ScopeRow, StepRow, TargetRow, Terms
from sla.services.version import renew_contract, revise_contract, roll_over_contract

__all__ = [
    "BandRow",
    "ExclusionRow",
    "ScopeRow",
    "StepRow",
    "TargetRow",
    "Terms",
    "activate_contract",
    "agree_contract",
    "approve_contract",
    "approve_credit",
    "draft_contract",
    "edit_contract",
    "exclude_clock",
    "hold_review",
    "issue_credit",
    "negotiate_contract",
    "propose_contract",
    "recompute",
    "record_signature",
    "renew_contract",
    "revise_contract",
    "roll_over_contract",
    "sign_contract",
    "terminate_contract",
    "waive_credit",
    "withdraw_contract",
]
