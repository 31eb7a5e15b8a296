"""Calls that are owed as a caller needs them: whom to ring, what to say, what was promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account, Contact, Promise
from complaints.models import Complaint, Finding, MakeGood, Prevention
from complaints.queries import complaints_of
from complaints.texts import client_text
from core.models import User

FAR_OFF = timedelta(days=7)
KEPT = (Promise.State.KEPT, Promise.State.KEPT_LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """Something the client was promised. state -- of a promise; "" for what is not one."""

    what: str
    text: str
    state: str = ""
    label: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """promise -- the call that is owed; opening, closing -- in the client's language.

    contact -- whom to ring; after a merge each of those who complained, under his own number.
    pledges -- what he was promised, to be asked after one by one.
    is_far_off -- not due within the next days, as a pulse call is for weeks.
    is_barred -- the reader is named in the cause and resolved it: a colleague calls.
    """

    promise: Promise
    complaint: Complaint
    no: str
    contact: Contact | None
    language: str
    opening: str
    closing: str
    pledges: list[Pledge]
    is_overdue: bool
    is_far_off: bool
    is_barred: bool

    @property
    def is_pulse(self) -> bool:
        return self.promise.kind == Promise.Kind.PULSE

    @property
    def try_number(self) -> int:
        return self.promise.tries + 1

    @property
    def phones(self) -> list[str]:
        """Return the numbers to ring; none of somebody who must not be called."""
        is_open = self.contact is not None and self.contact.may_be_contacted
        return self.contact.phones if self.contact and is_open else []


def calls_of(promises: Collection[Promise], caller: User, now: datetime) -> list[Call]:
    """Return the calls that the promises stand for, in their order, with a fixed number of queries."""
    complaints = complaints_of(promises)
    cases, pledges = _merged_cases(complaints), _pledges(complaints)
    barred = _barred(caller, complaints)
    return [
        _call(each, complaints[each.subject_id], cases, caller, now, pledges, barred)
        for each in promises
        if each.subject_id in complaints
    ]


def case_for(complaint: Complaint, promise: Promise) -> Complaint:
    """Return the complaint as the one who is called knows it: after a merge his own."""
    if promise.contact_id in {None, complaint.contact_id}:
        return complaint
    cases = _merged_cases({complaint.pk: complaint})
    return cases.get((complaint.pk, promise.contact_id), complaint)


def recordable_by(user: User, complaints: Iterable[Complaint]) -> set[UUID]:
    """Return the complaints whose calls the person may record: one query for a whole list.

    The rule is that of the permission complaints.record_callback; a test compares them.
    """
    rows = list(complaints)
    if user.has_role(User.Role.SUPPORT_AGENT, User.Role.HEAD_OF_KAM):
        return {each.pk for each in rows}
    led = {each.pk for each in rows if each.lead_id in user.principals}
    if not user.has_role(User.Role.ACCOUNT_MANAGER):
        return led
    accounts = Account.objects.filter(pk__in={each.account_id for each in rows})
    own = set(accounts.own_of(user).values_list("pk", flat=True))
    return led | {each.pk for each in rows if each.account_id in own}


def _call(  # noqa: PLR0913, PLR0917 -- what was read for the whole list
    promise: Promise,
    complaint: Complaint,
    cases: Mapping[tuple[UUID, UUID | None], Complaint],
    caller: User,
    now: datetime,
    pledges: Mapping[UUID, list[Pledge]],
    barred: set[UUID],
) -> Call:
    contact = promise.contact or complaint.contact
    case = cases.get((complaint.pk, promise.contact_id), complaint)
    language = contact.language if contact else complaint.language
    since = complaint.resolved_at or now
    key = "pulse_open" if promise.kind == Promise.Kind.PULSE else "callback_open"
    days = max((now - since) // timedelta(days=1), 1)
    return Call(
        promise=promise,
        complaint=complaint,
        no=case.no,
        contact=contact,
        language=language,
        opening=client_text(key, language, caller=caller.name, days=days, no=case.no),
        closing=client_text("callback_close", language, phone=caller.phone) if caller.phone else "",
        pledges=pledges[complaint.pk],
        is_overdue=promise.is_overdue(now),
        is_far_off=promise.due_at > now + FAR_OFF,
        is_barred=complaint.pk in barred,
    )


def _merged_cases(
    complaints: Mapping[UUID, Complaint],
) -> dict[tuple[UUID, UUID | None], Complaint]:
    """Return what became part of these, by that complaint and the contact."""
    rows = Complaint.objects.filter(merged_into__in=list(complaints)).order_by("-no")
    others = {(row.merged_into_id, row.contact_id): row for row in rows.select_related("contact")}
    own = {(pk, each.contact_id): each for pk, each in complaints.items()}
    return {(pk, who): case for (pk, who), case in (others | own).items() if pk is not None}


def _pledges(complaints: Mapping[UUID, Complaint]) -> dict[UUID, list[Pledge]]:
    """Return what the clients were promised: open and kept promises, solution, plus, prevention."""
    found: dict[UUID, list[Pledge]] = defaultdict(list)
    for pk, complaint in complaints.items():
        if complaint.resolution:
            found[pk].append(Pledge(what=_("Resolution"), text=complaint.resolution))
    ids = list(complaints)
    goods = MakeGood.objects.filter(complaint__in=ids).exclude(plus="")
    for good in goods.exclude(state=MakeGood.State.PROPOSED):
        pledge = Pledge(what=_("Plus something"), text=good.plus, label=good.get_state_display())
        found[good.complaint_id].append(pledge)
    for prevention in Prevention.objects.filter(complaint__in=ids, told_at__isnull=False):
        pledge = Pledge(what=_("So that it does not happen again"), text=prevention.text)
        found[prevention.complaint_id].append(pledge)
    for promise in _promised(ids):
        found[promise.subject_id].append(_pledge(promise))  # type: ignore[index]  # about these
    return found


def _promised(ids: list[UUID]) -> Iterable[Promise]:
    """Return the promises of the cases that the client may ask about, the calls themselves left out."""
    rows = Promise.objects.filter(subject_id__in=ids).exclude(kind__in=Promise.CALLS)
    is_told = Q(state__in=[*KEPT, *Promise.OWED])
    return rows.filter(is_told).exclude(kind=Promise.Kind.NEXT_CONTACT).order_by("due_at", "id")


def _pledge(promise: Promise) -> Pledge:
    return Pledge(
        what=promise.get_kind_display(),
        text=promise.text,
        state=promise.state,
        label=promise.get_state_display(),
        due_at=promise.due_at,
    )


def _barred(caller: User, complaints: Mapping[UUID, Complaint]) -> set[UUID]:
    own = [pk for pk, each in complaints.items() if each.resolved_by_id == caller.pk]
    ours = Finding.objects.filter(complaint__in=own, fault=Finding.Fault.OURS, named=caller)
    return set(ours.values_list("complaint_id", flat=True))
