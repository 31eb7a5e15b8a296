"""Reads of people and teams that several callers share, ready to render."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext

from core.models import ApiToken, AuditEntry, Deputyship, Heartbeat, Notification, Team, User

DEMO = "demo"
"""The heartbeat that tells that the demo world is loaded."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    name: str
    role: str
    email: str
    password: str


def demo_people() -> list[DemoPerson]:
    """Return whom one can be in the demo world; nobody when it is not loaded."""
    if not Heartbeat.objects.filter(name=DEMO).exists():
        return []
    people = User.objects.filter(is_active=True).exclude(roles__contains=[User.Role.API_CLIENT])
    return [
        DemoPerson(person.name, person.role_names, person.email, settings.DEMO_PASSWORD)
        for person in people.order_by("created_at", "id")[:12]
    ]


def colleagues() -> QuerySet[User]:
    """Return everybody who can take over work, by name."""
    active = User.objects.filter(is_active=True)
    return active.exclude(roles__contains=[User.Role.API_CLIENT]).order_by(Lower("name"), "id")


def people_list() -> QuerySet[User]:
    """Return everyone with the teams; order by "-is_active", "sort", "id"."""
    return User.objects.annotate(sort=Lower("name")).prefetch_related("teams")


def team_list() -> QuerySet[Team]:
    return Team.objects.annotate(size=Count("members")).order_by(Lower("name"), "id")


def deputyships(user: User) -> QuerySet[Deputyship]:
    """Return the deputyships this person may see: his own both ways, the head's all."""
    rows = Deputyship.objects.select_related("person", "deputy")
    if not user.has_role(User.Role.HEAD_OF_KAM, User.Role.ADMINISTRATOR):
        rows = rows.filter(Q(person=user) | Q(deputy=user))
    return rows.order_by("-starts_on", "-id")


def tokens_of(person: User) -> QuerySet[ApiToken]:
    tokens: QuerySet[ApiToken] = ApiToken.objects.filter(user=person)
    return tokens.order_by("-created", "digest")


@dataclass(frozen=True, slots=True)
class BellLine:
    """A notification as its owner reads it."""

    pk: UUID
    at: datetime
    title: str
    icon: str
    actor: str
    is_unread: bool


def bell_lines(notifications: Iterable[Notification]) -> list[BellLine]:
    """Return the lines of notifications that were read with entry__actor."""
    return [_bell_line(notification, notification.entry) for notification in notifications]


def _bell_line(notification: Notification, entry: AuditEntry) -> BellLine:
    says = str(entry.says)
    return BellLine(
        pk=notification.pk,
        at=notification.created_at,
        title=says if entry.label in says else f"{entry.label}: {says}",
        icon=entry.icon,
        actor=entry.actor.name if entry.actor else gettext("Kamerton"),
        is_unread=notification.read_at is None,
    )
