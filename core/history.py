"""Whose history a person may read: each app opens its own verbs, the rest stays closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q

from core.models import AuditEntry, User

_doors: dict[str, Callable[[User], Q]] = {}
_told: dict[str, frozenset[str]] = {}


def open_history(app: str, door: Callable[[User], Q]) -> None:
    """Let the door say which entries of the app's verbs the person may read.

    The door's Q is about AuditEntry; Q(pk__in=[]) closes it.
    """
    _doors[app] = door


def visible_history(user: User) -> Q:
    """Return the condition on audit entries that the person may read."""
    readable = Q(pk__in=[])
    for app, door in _doors.items():
        readable |= Q(verb__startswith=f"{app}.") & door(user)
    return readable


def tell_programs(app: str, fields: Iterable[str]) -> None:
    """Let programs read of the app's entries how these fields changed, no other, and no reasons.

    fields -- as the database names them. An app that says nothing hides nothing.
    """
    _told[app] = frozenset(fields)


def as_programs_read(entry: AuditEntry) -> dict[str, Any]:
    """Return what a program reads of changes and reason: people wrote the rest for colleagues."""
    app = entry.verb.partition(".")[0]
    if app not in _told:
        return {}
    changes = {name: both for name, both in entry.changes.items() if name in _told[app]}
    return {"changes": changes, "reason": ""}
