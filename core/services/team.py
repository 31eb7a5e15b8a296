"""Teams: people who share accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Team, User
from core.operations import Actor, operation


class TeamNameTaken(DomainError):
    code = "team_name_taken"

    def __init__(self) -> None:
        super().__init__(_("There is a team of this name already."))


def create_team(*, actor: Actor, name: str, members: Iterable[User], now: datetime) -> Team:
    with operation("core.create_team", actor=actor, on=None, at=now) as outcome:
        _check_name(name)
        team = outcome.create(Team(name=name))
        team.members.set(members)
        outcome.changed("members", [], _ids(team))
    return team


def edit_team(
    *, actor: Actor, team: Team, name: str, members: Iterable[User], now: datetime
) -> Team:
    with operation("core.edit_team", actor=actor, on=team, at=now) as outcome:
        _check_name(name, beside=team)
        before = _ids(team)
        team.name = name
        team.members.set(members)
        outcome.changed("members", before, _ids(team))
    return team


def _check_name(name: str, beside: Team | None = None) -> None:
    others = Team.objects.exclude(pk=beside.pk) if beside else Team.objects.all()
    if others.filter(name=name).exists():
        raise TeamNameTaken


def _ids(team: Team) -> list[str]:
    return sorted(str(pk) for pk in team.members.values_list("pk", flat=True))
