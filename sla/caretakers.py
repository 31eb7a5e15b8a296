"""Who gets the duties that rules give about a client."""

from __future__ import annotations

from accounts.models import Account
from accounts.queries import reads_cases
from core.models import User


def caretaker_of(account: Account) -> User:
    """Return the account manager; when he has left, his deputy, or else a head."""
    for person in (account.owner, account.deputy):
        if person and _can_act(person):
            return person
    head = User.objects.in_role(User.Role.HEAD_OF_KAM).order_by("pk").first()
    return head or account.owner


def _can_act(person: User) -> bool:
    is_program = person.has_role(User.Role.API_CLIENT)
    return person.is_active and reads_cases(person) and not is_program
