"""Which completed operations become which events. Upper apps declare theirs in `ready()`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from core.models import AuditEntry

TEST: Final = "webhook.test"
"""Sent on request only, to endpoints of every choice."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event, and from which entry it comes.

    verb     -- "complaints.resolve", or "complaints." for every verb of the app.
    when     -- (entry, row as it is after the operation) → whether it is this event.
    facts    -- what the body tells besides: names of the entry's details, or else of the row's
                attributes. Ids, figures, moments and choices only: nothing that a person wrote.
    changed  -- fields of which the body may say that they changed, as the database names them.
    internal -- not for programs of clients: the house's own endpoints alone hear of it.
    """

    verb: str
    name: str
    when: Callable[[AuditEntry, Any], bool]
    facts: tuple[str, ...]
    changed: frozenset[str]
    internal: bool

    def tells(self, entry: AuditEntry, row: Any) -> dict[str, Any]:
        """Return the facts of the body."""
        return {name.removesuffix("_id"): _fact(name, entry, row) for name in self.facts}

    def changes(self, entry: AuditEntry) -> list[str]:
        """Return which of the fields that may be named have changed."""
        return sorted(name.removesuffix("_id") for name in self.changed.intersection(entry.changes))


def _fact(name: str, entry: AuditEntry, row: Any) -> Any:
    return entry.details[name] if name in entry.details else getattr(row, name, None)


_by_verb: dict[str, list[EventType]] = defaultdict(list)


def publish(
    verb: str,
    event_type: str,
    *,
    when: Callable[[AuditEntry, Any], bool] = lambda entry, row: True,
    facts: Iterable[str] = (),
    changed: Iterable[str] = (),
    internal: bool = False,
) -> None:
    """Tell the endpoints that want it whenever the verb happens. See EventType.

    One verb may become several events, and several verbs the same one.
    """
    kind = EventType(verb, event_type, when, tuple(facts), frozenset(changed), internal)
    _by_verb[verb].append(kind)


def events_of(entry: AuditEntry) -> list[EventType]:
    """Return what the entry may become; whether it does is for `when` to say."""
    app = entry.verb.partition(".")[0]
    return [*_by_verb.get(entry.verb, ()), *_by_verb.get(f"{app}.", ())]


def published() -> list[EventType]:
    """Return every declaration; an event that several verbs become is there several times."""
    return [kind for kinds in _by_verb.values() for kind in kinds]


def event_types() -> list[str]:
    """Return the names of all declared events."""
    return sorted({kind.name for kind in published()})


Visible = Callable[[set[UUID], set[UUID]], Mapping[UUID, set[UUID]]]
"""(programs, accounts) → for each program that has access those of the accounts that it may see."""

_visible: list[Visible] = []


def limit_programs(visible: Visible) -> None:
    """Let the app that has accounts say which of them a program may hear of."""
    _visible.append(visible)


def audible(programs: set[UUID], accounts: set[UUID]) -> Mapping[UUID, set[UUID]]:
    """Return of which accounts each program may hear: of none, if nobody answers for them."""
    seen: dict[UUID, set[UUID]] = {program: set() for program in programs}
    for visible in _visible if programs and accounts else ():
        for program, theirs in visible(programs, accounts).items():
            seen[program] |= theirs
    return seen
