"""Reads of notices that more than one caller needs, ready to render."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from accounts.models import Task
from complaints.coverage import Coverage, coverage_of
from complaints.models import Notice, NoticeText, Recipient
from complaints.models.notice import NoticeQuerySet
from complaints.notice_letter import BLOCKS, Blocks
from core.history import visible_history
from core.models import AuditEntry, User

MOST_HISTORY = 100
NO_ADDRESS = "no_address"


def notice_list(user: User) -> NoticeQuerySet:
    """Return the notices, newest first."""
    rows = Notice.objects.visible_to(user).select_related("contact", "author")
    return rows.order_by("-id")


def notice_detail(user: User) -> NoticeQuerySet:
    rows = Notice.objects.visible_to(user).select_related("contact", "author", "problem")
    return rows.prefetch_related("texts", "approvals__by")


def recipient_list(user: User) -> QuerySet[Recipient]:
    """Return who must hear of the notices that the person may read; order by "name", "id"."""
    rows = Recipient.objects.filter(notice__in=Notice.objects.visible_to(user))
    return rows.select_related("notice", "account", "reseller", "contact")


def to_call(notice: Notice, user: User, now: datetime) -> QuerySet[Recipient]:
    """Return whom somebody must ring up by now, the longest waiting first."""
    waiting = Q(phone_due_at__lte=now) & ~Q(state__in=Recipient.ENDED)
    return recipient_list(user).filter(waiting, notice=notice).order_by("phone_due_at", "id")


def texts_of(notice: Notice) -> dict[str, Blocks]:
    """Return what the notice says, by language."""
    return {text.language: blocks_of(text) for text in notice.texts.all()}


def blocks_of(text: NoticeText) -> Blocks:
    return Blocks(**{name: getattr(text, name) for name in BLOCKS})


def states_of(notices: Iterable[Notice]) -> Mapping[UUID, Mapping[str, int]]:
    """Return how many recipients are in each state, by notice, with one query.

    Those who wait although no letter can be sent to them are counted as NO_ADDRESS.
    """
    rows = Recipient.objects.filter(notice__in=[notice.pk for notice in notices])
    without = When(state=Recipient.State.PENDING, email="", then=Value(NO_ADDRESS))
    counted = rows.annotate(stands=Case(without, default=F("state"))).values("notice", "stands")
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for row in counted.annotate(count=Count("id")).order_by():
        found[row["notice"]][row["stands"]] = row["count"]
    return found


def coverage(notice: Notice) -> Coverage:
    return coverage_of(states_of([notice]).get(notice.pk, {}))


def calls_about(recipient: Recipient, kind: str) -> QuerySet[Task]:
    """Return the open tasks to ring the recipient up."""
    return Task.objects.open().filter(kind=kind, subject_id=recipient.pk)


def notice_history(notice: Notice, user: User) -> QuerySet[AuditEntry]:
    """Return what was done to the notice itself, newest first."""
    entries = AuditEntry.objects.filter(visible_history(user), target_id=notice.pk)
    return entries.select_related("actor", "on_behalf_of").order_by("-at", "-id")[:MOST_HISTORY]
