"""Who must hear of which verb. Upper apps declare it in `ready()`; rows are written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.models import AuditEntry, Notification, OutgoingMail, User
from core.places import place_of

Hearers = Mapping[UUID, Iterable[UUID]]
"""Audit entry id → ids of the people who must hear of it."""


@dataclass(frozen=True, slots=True)
class Announcement:
    hearers: Callable[[list[AuditEntry]], Hearers]
    always_by_mail: Callable[[AuditEntry], bool]


_announcements: dict[str, Announcement] = {}


def announce(
    verb: str,
    hearers: Callable[[list[AuditEntry]], Hearers],
    *,
    always_by_mail: Callable[[AuditEntry], bool] = lambda entry: False,
) -> None:
    """Tell the hearers whenever the verb happens.

    hearers -- is asked once for many entries; the actor himself is never told.
    always_by_mail -- entries that go by mail whatever the person prefers.
    """
    _announcements[verb] = Announcement(hearers, always_by_mail)


def fan_out(entries: list[AuditEntry]) -> None:
    """Write the notifications and mails of these entries, in the transaction of the entries."""
    heard: list[tuple[AuditEntry, UUID]] = []
    by_verb: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        if entry.verb in _announcements:
            by_verb[entry.verb].append(entry)
    for verb, group in by_verb.items():
        hearers = _announcements[verb].hearers(group)
        heard += [
            (entry, person)
            for entry in group
            for person in sorted(set(hearers.get(entry.id, ())))
            if person != entry.actor_id
        ]
    if heard:
        _write(heard)


def _write(heard: list[tuple[AuditEntry, UUID]]) -> None:
    people = User.objects.filter(is_active=True).in_bulk({person for _entry, person in heard})
    heard = [(entry, person) for entry, person in heard if person in people]
    Notification.objects.bulk_create(
        Notification(recipient_id=person, entry=entry, created_at=entry.at)
        for entry, person in heard
    )
    links = {entry.pk: settings.BASE_URL + place_of(entry) for entry, _person in heard}
    OutgoingMail.objects.bulk_create(
        _mail(entry, people[person], links[entry.pk])
        for entry, person in heard
        if people[person].wants_mail or _announcements[entry.verb].always_by_mail(entry)
    )


def _mail(entry: AuditEntry, person: User, link: str) -> OutgoingMail:
    with translation.override(person.language), timezone.override(person.time_zone):
        sentence = str(entry.says)
        body = _("%(sentence)s\n\nOpen it: %(link)s\n") % {"sentence": sentence, "link": link}
    return OutgoingMail(
        to=person.email,
        subject=f"{entry.label}: {sentence}"[:250] if entry.label else sentence[:250],
        body=body,
        account_id=entry.account_id,
        next_try_at=entry.at,
        created_at=entry.at,
    )
