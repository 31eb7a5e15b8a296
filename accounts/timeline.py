"""The story of an account: its history, with what was said and promised beside the entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, Promise, Touch
from accounts.queries import promise_list, said_to, touch_list
from core.errors import Sentence
from core.history import visible_history
from core.models import AuditEntry, User
from core.places import place_of
from core.wording import DAY, SHORT, moment_text

TALKED = "accounts.log_touch"
PROMISED = "_promise"
OWN_PAGE = (
    "accounts.create", "accounts.edit", "accounts.reassign", "accounts.sign_contract",
    "accounts.set_annual_margin",
)  # fmt: skip
DERIVED = {"ancestors", "search_text", "sort_name", "last_touch_at", "is_unknown"}
PEOPLE = {"owner_id", "deputy_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One way to read the story.

    order -- smaller stands further left.
    key   -- as it stands in the address.
    verbs -- which entries; one that ends in a dot means all verbs of that app.
    """

    order: int
    key: str
    label: Sentence
    verbs: tuple[str, ...]

    @property
    def entries(self) -> Q:
        named = Q(verb__in=[verb for verb in self.verbs if not verb.endswith(".")])
        for app in (verb for verb in self.verbs if verb.endswith(".")):
            named |= Q(verb__startswith=app)
        return named


_chapters: list[Chapter] = []


def add_chapter(chapter: Chapter) -> None:
    """Offer the chapter on every account page. Call it from AppConfig.ready."""
    _chapters.append(chapter)


def chapters() -> list[Chapter]:
    return sorted(_chapters, key=lambda chapter: chapter.order)


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, in words; the words are empty where values are not told."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One entry as the reader may know it.

    day         -- heading above the entry, empty if it is the day of the one before.
    client_said -- empty unless the reader may know STAKE.
    """

    entry: AuditEntry
    day: str
    title: str
    url: str
    touch: Touch | None
    people: str
    client_said: str
    promise: Promise | None
    changes: list[Change]


def story_entries(user: User, account: Account, chapter: str) -> QuerySet[AuditEntry]:
    """Return what the person may read of the account's history, newest first.

    chapter -- the key of one; any other means all.
    """
    entries = AuditEntry.objects.of_account(account.pk).filter(visible_history(user))
    chosen = next((each for each in _chapters if each.key == chapter), None)
    if chosen:
        entries = entries.filter(chosen.entries)
    return entries.select_related("actor", "on_behalf_of")


def story_lines(user: User, entries: Sequence[AuditEntry], now: datetime) -> list[StoryLine]:
    """Return the entries ready to render, with a fixed number of queries."""
    talks = {entry.target_id for entry in entries if entry.verb == TALKED}
    promised = {entry.target_id for entry in entries if entry.verb.endswith(PROMISED)}
    beside = _Beside(
        touches=touch_list(user).in_bulk(talks),
        promises=promise_list(user).in_bulk(promised),
        names=_names(entries),
        now=now,
    )
    days = _days(entries, now)
    return [beside.line(entry, day) for entry, day in zip(entries, days, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What a page of entries is told with. names -- of people, by id as the entries have it."""

    touches: Mapping[UUID, Touch]
    promises: Mapping[UUID, Promise]
    names: Mapping[str, str]
    now: datetime

    def line(self, entry: AuditEntry, day: str) -> StoryLine:
        touch = self.touches.get(entry.target_id)
        return StoryLine(
            entry=entry,
            day=day,
            title=_touch_title(touch, self.now) if touch else str(entry.says),
            url="" if entry.verb in OWN_PAGE else place_of(entry),
            touch=touch,
            people=", ".join(person.name for person in touch.contacts.all()) if touch else "",
            client_said=said_to(touch) if touch else "",
            promise=self.promises.get(entry.target_id),
            changes=list(_changes(entry, self.names)),
        )


def _touch_title(touch: Touch, now: datetime) -> str:
    """Return the kind of talk, and when it is planned if it has not been yet."""
    if touch.at <= now:
        return touch.get_kind_display()
    facts = {"kind": touch.get_kind_display(), "when": moment_text(touch.at, SHORT)}
    return _("Planned: %(kind)s, %(when)s") % facts


def _days(entries: Iterable[AuditEntry], now: datetime) -> Iterator[str]:
    """Yield the heading of each entry's day, once for each day."""
    today = timezone.localdate(now)
    shown: date | None = None
    for entry in entries:
        day = timezone.localdate(entry.happened_at)
        yield "" if day == shown else _day_text(day, today, entry.happened_at)
        shown = day


def _day_text(day: date, today: date, at: datetime) -> str:
    near = {0: _("Today"), 1: _("Yesterday")}
    return near.get((today - day).days) or moment_text(at, DAY)


def _names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names of the people that changes of owner and deputy are about."""
    about = (entry.changes.get(name, ()) for entry in entries for name in PEOPLE)
    ids = {each for pair in about for each in pair if each}
    people = User.objects.filter(pk__in=ids).values_list("pk", "name") if ids else ()
    return {str(pk): name for pk, name in people}


def _changes(entry: AuditEntry, names: Mapping[str, str]) -> Iterator[Change]:
    """Yield what a change of the account was, field by field."""
    if entry.verb not in OWN_PAGE[1:]:
        return
    for name, (old, new) in entry.changes.items():
        if name in DERIVED:
            continue
        field = Account._meta.get_field(name.removesuffix("_id"))
        label = str(getattr(field, "verbose_name", name))
        yield Change(label, _told(field, old, names), _told(field, new, names))


def _told(field: Any, value: Any, names: Mapping[str, str]) -> str:
    if field.is_relation:
        return names.get(str(value), "")
    labels = dict(field.flatchoices or ())
    return str(labels.get(value, value)) if value not in (None, "") else ""
