"""What people choose for themselves."""

from __future__ import annotations

from datetime import datetime

from core.models import User
from core.operations import operation


def set_preferences(
    *, actor: User, name: str, phone: str, time_zone: str, wants_mail: bool, now: datetime
) -> User:
    with operation("core.set_preferences", actor=actor, on=actor, at=now):
        actor.name, actor.phone = name, phone
        actor.time_zone, actor.wants_mail = time_zone, wants_mail
    return actor


def set_language(*, actor: User, language: str, now: datetime) -> User:
    with operation("core.set_language", actor=actor, on=actor, at=now):
        actor.language = language
    return actor
