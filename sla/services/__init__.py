"""What can be done to contracts; the only writers beside the clockwork."""

from sla.services.contract import (
    TargetRow,
    activate_contract,
    draft_contract,
    edit_contract,
    end_contract,
)

__all__ = [
    "TargetRow",
    "activate_contract",
    "draft_contract",
    "edit_contract",
    "end_contract",
]
