"""Which calls are owed after something was put right, until when, and who makes them (C-12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.clockwork import business_days_later, calendar_of
from accounts.models import Contact, Promise
from complaints.models import Complaint, Finding
from complaints.queries import contacts_of
from core.models import Deputyship, User
from core.operations import SYSTEM
from sla.models import Priority

CALL_DAYS: Final = {Priority.P1: 1, Priority.P2: 2, Priority.P3: 3, Priority.P4: 5}
CALL_TIME: Final = time(18)
PULSE_OF: Final = frozenset({Priority.P1, Priority.P2})
PULSE_DAYS: Final = 30
"""Days after the client said that it is fixed, until we ask whether it has stayed so."""


def promise_calls(complaint: Complaint, at: datetime) -> None:
    """Promise everybody who complained the call that asks whether it is really fixed."""
    due_at = business_days_later(
        complaint.account, at, CALL_DAYS[Priority(complaint.priority)], at=CALL_TIME
    )
    caller = caller_of(complaint)
    people: list[Contact | None] = [*contacts_of(complaint)]
    for contact in people or [None]:
        text = _("Call about %(no)s: is it really fixed?") % {"no": complaint.no}
        _promise(complaint, Promise.Kind.CALLBACK, text, due_at, caller, contact, at)


def promise_pulse(complaint: Complaint, contact: Contact | None, at: datetime) -> None:
    """Promise to ask a month later whether it has stayed fixed, if it was grave."""
    promised = Promise.objects.owed().about(complaint).filter(kind=Promise.Kind.PULSE)
    if complaint.priority in PULSE_OF and not promised.filter(contact=contact).exists():
        text = _("Call about %(no)s: has it stayed fixed?") % {"no": complaint.no}
        due_at, caller = pulse_due(complaint, at), caller_of(complaint)
        _promise(complaint, Promise.Kind.PULSE, text, due_at, caller, contact, at)


def pulse_due(complaint: Complaint, at: datetime) -> datetime:
    """Return the end of work 30 days later, or of the next working day if nobody works then."""
    wall = at.astimezone(calendar_of(complaint.account).zone)
    eve = wall + timedelta(days=PULSE_DAYS - 1)
    return business_days_later(complaint.account, eve, 1, at=CALL_TIME)


def void_calls(complaint: Complaint, reason: str, at: datetime) -> None:
    """Drop the calls that are owed: it is being worked on again."""
    for promise in owed_calls(complaint):
        accounts.void_promise(actor=SYSTEM, promise=promise, reason=reason, now=at)


def owed_calls(complaint: Complaint) -> list[Promise]:
    """Return the calls that are owed to those who complained, the earliest first."""
    owed = Promise.objects.owed().about(complaint).filter(kind__in=Promise.CALLS)
    return list(owed.select_related("account__calendar", "contact").order_by("due_at", "id"))


def caller_of(complaint: Complaint) -> User:
    """Return who calls: the lead, unless he resolved what he caused himself."""
    if not caused_and_resolved(complaint, complaint.lead_id):
        return complaint.lead
    return stand_in_for(complaint, complaint.lead) or complaint.lead


def caused_and_resolved(complaint: Complaint, person_id: UUID) -> bool:
    """Say whether the person is named in the cause of our own fault, and resolved it himself."""
    if person_id != complaint.resolved_by_id:
        return False
    ours = Finding.objects.filter(complaint=complaint, fault=Finding.Fault.OURS)
    return ours.filter(named=person_id).exists()


def stand_in_for(complaint: Complaint, person: User) -> User | None:
    """Return who speaks with the client instead: a deputy of the person or account, else a head."""
    barred = {person.pk, complaint.about_id}
    return next((each for each in _candidates(complaint, person) if each.pk not in barred), None)


def _candidates(complaint: Complaint, person: User) -> Iterator[User]:
    absent = Deputyship.objects.current().filter(person=person).select_related("deputy")
    yield from _at_work(each.deputy for each in absent.order_by("starts_on", "id"))
    yield from _at_work(filter(None, [complaint.account.deputy]))
    yield from User.objects.in_role(User.Role.HEAD_OF_KAM).order_by("name", "id")


def _at_work(people: Iterable[User]) -> Iterator[User]:
    return (each for each in people if each.is_active)


def _promise(  # noqa: PLR0913, PLR0917 -- the columns of a promise
    complaint: Complaint,
    kind: str,
    text: str,
    due_at: datetime,
    caller: User,
    contact: Contact | None,
    at: datetime,
) -> None:
    accounts.make_promise(
        actor=SYSTEM, account=complaint.account, kind=kind, text=text, due_at=due_at,
        made_by=caller, contact=contact, source=Promise.Source.COMPLAINT, subject=complaint,
        now=at,
    )  # fmt: skip
