"""Reads that more than one caller needs, ready to render."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Value

from accounts.models import Account, Contact, Promise
from accounts.models.contact import ContactQuerySet
from accounts.models.promise import PromiseQuerySet
from accounts.queries import has_churn_risk
from complaints.models import Complaint, Message
from complaints.models.complaint import ComplaintQuerySet
from complaints.priority import priority_of
from core.history import visible_history
from core.models import AuditEntry, User

REPEAT_WINDOW = timedelta(days=90)
MOST_COUNTED = 100
"""A counter that reads further costs more than anybody learns from it."""
MOST_HISTORY = 200


def complaint_list(user: User) -> ComplaintQuerySet:
    """Return the complaints the person may read, newest first."""
    rows = Complaint.objects.visible_to(user)
    return rows.select_related("account", "assignee", "lead").order_by("-received_at", "-id")


def complaint_queue(user: User) -> ComplaintQuerySet:
    """Return the open complaints, the worst deadline first; paused ones last."""
    rows = Complaint.objects.visible_to(user).open().select_related("account", "assignee", "lead")
    return rows.order_by(F("next_due_at").asc(nulls_last=True), "id")


def complaint_detail(user: User) -> ComplaintQuerySet:
    rows = Complaint.objects.visible_to(user)
    return rows.select_related(
        "account__owner",
        "account__calendar",
        "contact",
        "assignee",
        "lead",
        "logged_by",
        "problem",
        "merged_into",
    )


def callback_list(user: User) -> PromiseQuerySet:
    """Return the calls still owed to clients whose complaints the person may read."""
    calls = Promise.objects.owed().filter(kind__in=Promise.CALLS)
    readable = Complaint.objects.visible_to(user).values("pk")
    rows = calls.filter(subject_id__in=readable)
    return rows.select_related("account", "contact", "made_by").order_by("due_at", "id")


def complaints_of(calls: Iterable[Promise]) -> dict[UUID, Complaint]:
    """Return the complaints that the calls are about, by id, with one query."""
    wanted = {call.subject_id for call in calls if call.subject_id}
    rows = Complaint.objects.filter(pk__in=wanted)
    rows = rows.select_related("account__calendar", "contact", "lead")
    return {row.pk: row for row in rows}


def next_contacts(ids: Iterable[UUID]) -> dict[UUID, Promise]:
    """Return, by complaint, the earliest contact or call that is owed, with one query."""
    kinds = (Promise.Kind.NEXT_CONTACT, *Promise.CALLS)
    owed = Promise.objects.owed().filter(subject_id__in=list(ids), kind__in=kinds)
    latest_first = owed.order_by("-due_at", "-id")
    return {promise.subject_id: promise for promise in latest_first if promise.subject_id}


def messages_of(complaint: Complaint, user: User) -> QuerySet[Message]:
    """Return what was written; internal notes are for colleagues, never for programs.

    What we noted of a call with the client is internal as well. A second opinion is read by the
    two who share it and the heads, by nobody else.
    """
    told = Q(complaint=complaint) | Q(complaint__merged_into=complaint)
    rows = Message.objects.filter(told).select_related("author", "asked_of")
    if user.has_role("api"):
        is_noted = Q(kind=Message.Kind.REPLY) & ~Q(channel__in=Message.SENT_AS_TEXT)
        return rows.exclude(Q(kind__in=Message.INTERNAL) | is_noted)
    if user.has_role("hk"):
        return rows
    shared = Q(author=user) | Q(asked_of=user)
    return rows.filter(shared | ~Q(kind=Message.Kind.OPINION))


def history_of(complaint: Complaint, user: User) -> QuerySet[AuditEntry]:
    """Return what was done to the complaint, newest first, as much of it as the person may read."""
    entries = AuditEntry.objects.filter(visible_history(user), target_id=complaint.pk)
    return entries.select_related("actor", "on_behalf_of").order_by("-at", "-id")[:MOST_HISTORY]


def may_be_the_same(user: User, complaint: Complaint) -> QuerySet[Complaint]:
    """Return the other open complaints of the account, newest first: one may be the same event."""
    others = complaint_list(user).open().filter(account=complaint.account_id)
    return others.exclude(pk=complaint.pk)


def contacts_of(complaint: Complaint) -> list[Contact]:
    """Return who complained: the contact, and those of the complaints that are part of this one."""
    merged = Q(complaints__merged_into=complaint)
    people = Contact.objects.filter(Q(pk=complaint.contact_id) | merged).distinct()
    return sorted(people, key=lambda each: (each.pk != complaint.contact_id, each.name, each.pk))


def people_of(account: Account) -> ContactQuerySet:
    """Return who may have complained: those who still work there, by name."""
    return Contact.objects.of(account).exclude(state=Contact.State.LEFT).order_by("name", "id")


def counts(**rows: QuerySet[Any]) -> dict[str, int]:
    """Count several lists with one query, each up to MOST_COUNTED."""
    parts = [
        each.order_by().annotate(list_name=Value(name)).values_list("list_name", flat=True)
        for name, each in rows.items()
    ]
    first, *others = [part[:MOST_COUNTED] for part in parts]
    found = Counter(first.union(*others, all=True))
    return {name: found[name] for name in rows}


def has_repeated_cause(
    account: Account, root_cause: str, now: datetime, *, other_than: Complaint | None = None
) -> bool:
    """Say whether the same root cause hurt this account in the 90 days before now."""
    if not root_cause:
        return False
    earlier = Complaint.objects.filter(
        Q(received_at__gt=now - REPEAT_WINDOW), account=account, root_cause=root_cause
    )
    if other_than is not None:
        earlier = earlier.exclude(pk=other_than.pk)
    return earlier.exists()


def present_priority(complaint: Complaint, now: datetime) -> str:
    """Return the priority by impact, urgency and what raises it."""
    repeated = has_repeated_cause(
        complaint.account, complaint.root_cause, now, other_than=complaint
    )
    return priority_of(
        complaint.impact,
        complaint.urgency,
        safety=complaint.safety,
        repeated_cause=repeated,
        churn_risk=has_churn_risk(complaint.account),
    )


def open_by_account(user: User, accounts: Iterable[Account], now: datetime) -> dict[UUID, Any]:
    """Return how many complaints are open and the worst deadline, by account, with one query."""
    rows = Complaint.objects.visible_to(user).open().filter(account__in=accounts)
    counted = rows.values("account_id").annotate(count=Count("id"), worst=Min("next_due_at"))
    return {row["account_id"]: row for row in counted}
