"""Whose history a person may read: each app opens its own verbs, the rest stays closed."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from core.models import User

_doors: dict[str, Callable[[User], Q]] = {}


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
