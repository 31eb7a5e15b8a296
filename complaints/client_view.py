"""What a client sees of his own complaint: values only, so that nothing internal is within reach.

Pages and letters for clients are made from these types, never from models. What a type does not
hold cannot be shown by mistake, whatever a template says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Promise
from complaints.client_rules import is_read_only, may_confirm, may_deny, may_rate
from complaints.models import Attachment, ClientLink, Complaint, Message, Prevention, Remedy
from complaints.texts import client_text
from sla.models import Clock, Metric
from sla.queries import clocks_of

State = Complaint.State
ASKS: Final = (Remedy.State.ASKED, Remedy.State.COUNTERED, Remedy.State.DELIVERED)
MOST_MESSAGES: Final = 100
TOLD: Final = (Message.Kind.CLIENT, Message.Kind.REPLY, Message.Kind.ACKNOWLEDGEMENT)
ANSWERS: Final = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.UPDATE)
OURS: Final = (Complaint.Channel.SELF_REPORTED,)
WORKING: Final = (State.TRIAGED, State.IN_PROGRESS, State.WAITING_SUPPLIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPerson:
    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStatus:
    """key -- received, working, yours, appointment, fixed, closed, unconfirmed, withdrawn, request."""

    key: str
    headline: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDue:
    """By when something comes. is_late -- the moment has passed, and we owe it still."""

    label: str
    at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStep:
    """One step of the way. at -- when it was done, as far as we know."""

    label: str
    at: datetime | None
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMessage:
    """who -- you, colleague (of the client), we, automatic, or call, which has no text."""

    who: str
    name: str
    body: str
    at: datetime
    next_contact_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFile:
    key: str
    name: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRemedy:
    """What the client was asked, what he proposed, and what we answered.

    reason, offer -- as he was told; empty unless we offered something else or declined.
    """

    state: str
    question: str
    wish: str
    headline: str
    reason: str
    offer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientMay:
    """What he can do now; each is the name of a form on the page."""

    comment: bool
    attach: bool
    record_remedy: bool
    answer_remedy: bool
    confirm_remedy: bool
    confirm_heard: bool
    confirm_fixed: bool
    deny_fixed: bool
    rate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCase:
    """One complaint as its client sees it.

    own_no -- the number of his own complaint, if that has become part of this one.
    words  -- his own; empty if we found it before he did.
    rating -- 1…5, 0 if he has not rated.
    place  -- the city whose clock the moments are told by.
    """

    no: str
    own_no: str
    title: str
    words: str
    received_at: datetime
    status: ClientStatus
    lead: ClientPerson
    due: tuple[ClientDue, ...]
    steps: tuple[ClientStep, ...]
    messages: tuple[ClientMessage, ...]
    has_earlier: bool
    files: tuple[ClientFile, ...]
    remedy: ClientRemedy | None
    resolution: str
    prevention_told_at: datetime | None
    understood_at: datetime | None
    rating: int
    may: ClientMay
    is_read_only: bool
    place: str


def client_case(link: ClientLink, language: str, now: datetime) -> ClientCase:
    """Return what the holder of the link sees; six queries.

    language -- the active one, in which it is read.
    Moments are UTC instants, to be shown in the account's zone.
    """
    complaint = link.leads_to
    messages = _messages(link, complaint)
    remedy = Remedy.objects.filter(complaint=complaint).first()
    is_over = complaint.state in {State.RESOLVED, State.CLOSED}
    owed = _owed(link, complaint)
    answered_at = next((each.at for each in messages if each.who in {"we", "call"}), None)
    return ClientCase(
        no=complaint.no,
        own_no="" if link.complaint_id == complaint.pk else link.complaint.no,
        title=complaint.title,
        words="" if complaint.channel in OURS else complaint.client_words,
        received_at=complaint.received_at,
        status=status_of(complaint, is_asked=remedy is not None and remedy.state in ASKS),
        lead=ClientPerson(name=complaint.lead.name, phone=complaint.lead.phone),
        due=tuple(_due(complaint, [each for each in owed if _is_for(link, each)], now)),
        steps=_steps(complaint, answered_at),
        messages=messages[-MOST_MESSAGES:],
        has_earlier=len(messages) > MOST_MESSAGES,
        files=tuple(_files(link)),
        remedy=_remedy(remedy, language),
        resolution=complaint.resolution if is_over else "",
        prevention_told_at=_prevention_told_at(complaint),
        understood_at=complaint.understood_at,
        rating=complaint.csat or 0,
        may=ClientMay(
            confirm_heard=complaint.is_open
            and complaint.understood_at is None
            and answered_at is not None,
            confirm_fixed=may_confirm(complaint, link.contact_id, owed),
            **_may(complaint, remedy, now),
        ),
        is_read_only=is_read_only(complaint, now),
        place=_place(complaint.account.time_zone, language),
    )


def _place(zone: str, language: str) -> str:
    return get_timezone_location(ZoneInfo(zone), locale=language, return_city=True)


def files_of(link: ClientLink) -> list[Attachment]:
    """Return the files that the holder of the link sent himself.

    What we attached is ours, and so is what a colleague locked away. A file of somebody else at
    the same client stays with him.
    """
    his = Q(complaint=link.complaint) | Q(
        complaint__merged_into=link.leads_to, complaint__contact=link.contact
    )
    if link.leads_to.contact_id == link.contact_id:
        his |= Q(complaint=link.leads_to)
    return list(Attachment.objects.filter(his, by=None, is_restricted=False).order_by("at", "id"))


def _files(link: ClientLink) -> Iterable[ClientFile]:
    for each in files_of(link):
        yield ClientFile(key=str(each.pk), name=each.name, size=each.size, at=each.at)


def status_of(complaint: Complaint, *, is_asked: bool) -> ClientStatus:
    """Say how it stands; that we wait for a supplier is our own matter and sounds like work.

    is_asked -- the page asks him something as well.
    """
    key = _status_key(complaint)
    headline, words = _status_words(key)
    if is_asked and key in {"received", "working"}:
        words = _("We have a question for you, see below.")
    return ClientStatus(key=key, headline=headline, words=words)


def _status_key(complaint: Complaint) -> str:
    if complaint.state == State.WAITING_CLIENT:
        return "yours" if complaint.appointment_at is None else "appointment"
    if complaint.state in WORKING:
        return "working"
    if complaint.resolution_type == Complaint.ResolutionType.WITHDRAWN and not complaint.is_open:
        return "withdrawn"
    if complaint.state == State.CLOSED:
        return "closed" if complaint.is_confirmed else "unconfirmed"
    return {State.RESOLVED: "fixed", State.CONVERTED: "request"}.get(
        State(complaint.state), "received"
    )


def _status_words(key: str) -> tuple[str, str]:
    return {
        "received": (
            _("We have it and are looking at it"),
            _("Somebody is finding out what happened and will answer you."),
        ),
        "working": (_("We are working on it"), _("Nothing is needed from you right now.")),
        "yours": (
            _("We need an answer from you"),
            _("We asked you something and go on as soon as you answer. Read it below."),
        ),
        "appointment": (
            _("We meet at the time you asked for"),
            _("Until then nothing is needed from you."),
        ),
        "fixed": (
            _("We believe it is put right. Is it?"),
            _("Only you can say. Tell us here, or when we call you."),
        ),
        "closed": (_("It is put right, and you confirmed it"), _("Thank you for telling us.")),
        "unconfirmed": (
            _("We closed it without reaching you"),
            _("If anything is still wrong, tell us and we take it up again."),
        ),
        "withdrawn": (
            _("You took it back"),
            _("If anything is still wrong, tell us and we take it up again."),
        ),
        "request": (
            _("We deal with it as a request"),
            _("The person named below takes care of it."),
        ),
    }[key]


def _due(complaint: Complaint, promises: Sequence[Promise], now: datetime) -> Iterable[ClientDue]:
    """Say by when he hears from us, by when it should be put right, and when we meet or call."""
    if complaint.appointment_at is not None:
        yield _by(_("We meet"), [complaint.appointment_at], now)
    clocks = clocks_of([complaint.pk])[complaint.pk]
    hears = [*_running(clocks, *ANSWERS), *_promised(promises, Promise.Kind.NEXT_CONTACT)]
    if complaint.is_open and hears:
        yield _by(_("You hear from us by"), hears, now)
    if complaint.is_open and (solved := _running(clocks, Metric.RESOLUTION)):
        yield _by(_("It should be put right by"), solved, now)
    if calls := _promised(promises, Promise.Kind.CALLBACK):
        yield _by(_("We call you by"), calls, now)


def _by(label: str, moments: Iterable[datetime], now: datetime) -> ClientDue:
    at = min(moments)
    return ClientDue(label=label, at=at, is_late=at < now)


def _running(clocks: Iterable[Clock], *metrics: str) -> list[datetime]:
    live = (each for each in clocks if each.is_live and each.metric in metrics)
    return [each.due_at for each in live if each.due_at]


def _owed(link: ClientLink, complaint: Complaint) -> list[Promise]:
    about = Promise.objects.owed().filter(subject_id__in={complaint.pk, link.complaint_id})
    return list(about.order_by("due_at", "id"))


def _is_for(link: ClientLink, promise: Promise) -> bool:
    return promise.contact_id in {None, link.contact_id}


def _promised(promises: Iterable[Promise], kind: str) -> list[datetime]:
    return [each.due_at for each in promises if each.kind == kind]


def _steps(complaint: Complaint, answered_at: datetime | None) -> tuple[ClientStep, ...]:
    is_over = complaint.state in {State.RESOLVED, State.CLOSED}
    began = _("We found it") if complaint.channel in OURS else _("You told us")
    way = [
        (began, complaint.received_at),
        (_("We answered"), answered_at),
        (_("Put right"), complaint.resolved_at if is_over else None),
        (_("You confirmed it"), complaint.closed_at if complaint.is_confirmed else None),
    ]
    done = max(number for number, (_label, at) in enumerate(way) if at is not None)
    return tuple(
        ClientStep(label=label, at=at, is_done=number <= done, is_current=number == done + 1)
        for number, (label, at) in enumerate(way)
    )


def _messages(link: ClientLink, complaint: Complaint) -> tuple[ClientMessage, ...]:
    """Return the newest, oldest first, of his complaint and of those that became one with it."""
    ours = Q(complaint=complaint) | Q(
        complaint__merged_into=complaint, complaint__account=complaint.account_id
    )
    rows = Message.objects.filter(ours, kind__in=TOLD).select_related("author", "complaint")
    newest = rows.order_by("-at", "-id")[: MOST_MESSAGES + 1]
    return tuple(_message(each, link) for each in reversed(newest))


def _message(message: Message, link: ClientLink) -> ClientMessage:
    who, is_call = _who(message, link), message.channel not in Message.SENT_AS_TEXT
    hides = who == "we" and is_call
    return ClientMessage(
        who="call" if hides else who,
        name=message.author.name if message.author and who == "we" else "",
        body="" if hides else message.body,
        at=message.at,
        next_contact_at=message.next_contact_at if who == "we" else None,
    )


def _who(message: Message, link: ClientLink) -> str:
    if message.kind == Message.Kind.CLIENT:
        return "you" if message.complaint.contact_id == link.contact_id else "colleague"
    return "we" if message.kind == Message.Kind.REPLY else "automatic"


def _remedy(remedy: Remedy | None, language: str) -> ClientRemedy | None:
    if remedy is None or remedy.state == Remedy.State.NOT_ASKED:
        return None
    is_refused = remedy.state in {Remedy.State.COUNTERED, Remedy.State.DECLINED}
    return ClientRemedy(
        state=remedy.state,
        question=client_text("ask_client", language),
        wish=remedy.client_text,
        headline=_remedy_headline(remedy.state),
        reason=remedy.decision_reason if is_refused else "",
        offer=remedy.counter_text if remedy.state == Remedy.State.COUNTERED else "",
    )


def _remedy_headline(state: str) -> str:
    return {
        Remedy.State.ASKED: _("Tell us in your own words."),
        Remedy.State.PROPOSED: _("Thank you. We are looking at what you said and answer you."),
        Remedy.State.ACCEPTED: _("We agreed to it and are doing it."),
        Remedy.State.COUNTERED: _("We cannot do just that, and offer something else."),
        Remedy.State.DECLINED: _("We are sorry that we cannot do that."),
        Remedy.State.DELIVERED: _("We have done it. Has it reached you?"),
        Remedy.State.CONFIRMED: _("Done, and you confirmed it."),
    }[Remedy.State(state)]


def _prevention_told_at(complaint: Complaint) -> datetime | None:
    """Return when he was told; the words of that are in the conversation, the plan is ours."""
    rows = Prevention.objects.filter(complaint=complaint)
    return rows.values_list("told_at", flat=True).first()


def _may(complaint: Complaint, remedy: Remedy | None, now: datetime) -> dict[str, bool]:
    may_write, state = not is_read_only(complaint, now), remedy.state if remedy else ""
    is_alive = complaint.is_open or complaint.state == State.RESOLVED
    return {
        "comment": may_write,
        "attach": may_write,
        "record_remedy": is_alive and state in {Remedy.State.ASKED, Remedy.State.DECLINED},
        "answer_remedy": is_alive and state == Remedy.State.COUNTERED,
        "confirm_remedy": may_write and state == Remedy.State.DELIVERED,
        "deny_fixed": may_write and may_deny(complaint, now),
        "rate": may_rate(complaint, now),
    }
