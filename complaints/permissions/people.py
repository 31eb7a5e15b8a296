"""Who is who to a complaint."""

from typing import Any

from accounts.permissions import is_head, is_support, owns
from core.access import has_role, rule
from core.models import User

works_here = has_role("am", "sa", "hk", "te", "fi", "ex")


@rule
def is_on_it(user: User, complaint: Any = None) -> bool:
    """Say whether the person works on it or speaks with the client."""
    if complaint is None:
        return False
    return not user.principals.isdisjoint({complaint.assignee_id, complaint.lead_id})


@rule
def leads_it(user: User, complaint: Any = None) -> bool:
    return complaint is not None and complaint.lead_id in user.principals


works_on_it = owns | is_support | is_head | is_on_it
