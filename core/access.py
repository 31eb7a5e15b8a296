"""Verbs: each operation is declared once, with who may do it and how history tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rules
from rules.predicates import Predicate

from core.errors import Sentence

if TYPE_CHECKING:  # the user model itself asks this module
    from core.models import User


@dataclass(frozen=True, slots=True)
class Verb:
    """One operation as people and programs name it.

    says -- a sentence for the timeline; {label} and the entry's details are filled in.
    """

    name: str
    says: Sentence
    icon: str
    by_system: bool

    def sentence(self, **facts: Any) -> str:
        worded = {name: _wordings.get(name, str)(fact) for name, fact in facts.items()}
        return str(self.says).format_map(_Facts(worded))


class _Facts(dict[str, Any]):
    """Entries of older releases may lack a fact that today's sentence mentions."""

    def __missing__(self, key: str) -> str:
        return "?"


_verbs: dict[str, Verb] = {}
_wordings: dict[str, Callable[[Any], Sentence]] = {}


def word_fact(name: str, wording: Callable[[Any], Sentence]) -> None:
    """Let sentences tell this fact in the reader's words; entries keep it as it is stored."""
    _wordings[name] = wording


def permit(name: str, who: Predicate, *, says: Sentence, icon: str = "pencil") -> None:
    """Allow the operation to whoever satisfies the predicate (user, object).

    Raises KeyError if the name is taken: one operation, one declaration.
    """
    rules.add_perm(name, who)
    _verbs[name] = Verb(name, says, icon, by_system=False)


def system_verb(name: str, *, says: Sentence, icon: str = "clock") -> None:
    """Declare what only timers do; no user is ever allowed it."""
    _verbs[name] = Verb(name, says, icon, by_system=True)


def verb(name: str) -> Verb:
    return _verbs.get(name) or Verb(name, name, "pencil", by_system=True)


def verbs() -> list[Verb]:
    """Return every declared verb, by name."""
    return sorted(_verbs.values(), key=lambda each: each.name)


def allows(name: str, user: User, obj: object = None) -> bool:
    """Answer by the declared rule alone; an undeclared name is refused."""
    return bool(rules.has_perm(name, user, obj)) if rules.perm_exists(name) else False


def rule(check: Callable[..., bool]) -> Predicate:
    """Make a rule of a function (user, object=None); rules combine by |, & and ~."""
    return Predicate(check)


def has_role(*roles: str) -> Predicate:
    """Return a predicate satisfied by users in one of the roles."""

    def in_role(user: User, obj: object = None) -> bool:
        return user.has_role(*roles)

    return Predicate(in_role, name=f"in_role:{'|'.join(roles)}")


@rule
def is_self(user: User, obj: Any = None) -> bool:
    return obj is not None and obj.pk == user.pk
