"""The tick that reads the mailboxes. Each letter is noted first, then taken in a transaction of its own.

A crash at any moment leaves either nothing or the whole of a letter: what is only noted is taken
by the next tick. Any number of ticks may run at once; a mailbox is read by one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from complaints.mail.imap import TROUBLE, Box, Found
from complaints.mail.letter import Letter, read_head, read_letter
from complaints.mail.taking import SEEN, Fate, fate_of
from complaints.models import InboundMail, Mailbox
from complaints.services.mailbox import lose_mailbox, regain_mailbox
from core.errors import DomainError
from core.models import Heartbeat
from core.operations import SYSTEM
from core.patience import with_patience

HEARTBEAT: Final = "mailboxes"
LEASE: Final = timedelta(minutes=3)
RENEWED_EVERY: Final = timedelta(seconds=10)
MOST_SECONDS: Final = 75
"""A tick stops by itself before the worker is stopped; the next one goes on."""
MOST_TRIES: Final = 4
TOLD_AFTER: Final = timedelta(minutes=5)
"""A server that restarts is no news."""
BACK_AT_FIRST: Final = timedelta(days=3)
"""How old letters may be when a mailbox is read for the first time; older ones are history."""
FAILURES: Final = (
    DataError,
    IntegrityError,
    DomainError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What one bad letter can raise; anything else is a fault of the whole and ends the tick."""
OLD, GONE, BROKEN, GIVEN_UP = "too_old", "gone", "broken", "given_up"
Outcome = InboundMail.Outcome
DONE: Final = (Outcome.NEW, Outcome.MATCHED, Outcome.BOUNCE, Outcome.IGNORED)
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Watch:
    """The time of this tick, which goes on from `now` while letters are read."""

    now: datetime
    started: float

    @property
    def at(self) -> datetime:
        return self.now + timedelta(seconds=monotonic() - self.started)

    @property
    def is_over(self) -> bool:
        return monotonic() - self.started > MOST_SECONDS


def fetch_due(now: datetime) -> int:
    """Read every mailbox that nobody else reads, and return how many letters were dealt with."""
    watch = Watch(now, monotonic())
    taken = sum(_fetch(source, watch) for source in settings.MAILBOXES)
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": now})
    return taken


def _fetch(source: Mapping[str, Any], watch: Watch) -> int:
    mailbox = _claim(source["name"], watch)
    if mailbox is None:
        return 0
    try:
        with Box(source) as box:
            taken = _read(box, mailbox, watch)
    except TROUBLE as error:
        _note_trouble(mailbox, error, watch.now)
        return 0
    else:
        _note_success(mailbox, watch.now)
        return taken
    finally:
        _mine(mailbox).update(claimed_until=None)


def _claim(name: str, watch: Watch) -> Mailbox | None:
    """Take the lease on the mailbox; None if another worker has it."""
    row = Mailbox(name=name, created_at=watch.now, updated_at=watch.now)
    Mailbox.objects.bulk_create([row], ignore_conflicts=True)
    free = Q(claimed_until=None) | Q(claimed_until__lte=watch.now)
    with transaction.atomic():
        rows = Mailbox.objects.select_for_update(no_key=True, skip_locked=True)
        mailbox = rows.filter(free, name=name).first()
        if mailbox is not None:
            mailbox.claimed_until, mailbox.checked_at = watch.at + LEASE, watch.now
            mailbox.save(update_fields=["claimed_until", "checked_at"])
    return mailbox


def _mine(mailbox: Mailbox) -> Any:
    return Mailbox.objects.filter(pk=mailbox.pk, claimed_until=mailbox.claimed_until)


def _holds(mailbox: Mailbox, watch: Watch) -> bool:
    """Say whether to go on, and renew the lease; another worker may have taken it over."""
    if watch.is_over or mailbox.claimed_until is None:
        return False
    until = watch.at + LEASE
    if until - mailbox.claimed_until < RENEWED_EVERY:
        return True
    renewed = _mine(mailbox).update(claimed_until=until)
    mailbox.claimed_until = until
    return bool(renewed)


def _read(box: Box, mailbox: Mailbox, watch: Watch) -> int:
    """Take what was only noted before, then what is new."""
    if mailbox.uidvalidity != box.uidvalidity:
        # The server has numbered its letters anew: all are looked at again, and known by digest.
        mailbox.uidvalidity, mailbox.last_uid = box.uidvalidity, 0
        mailbox.save(update_fields=["uidvalidity", "last_uid"])
    _lose_renumbered(mailbox)
    taken = _take_noted(box, mailbox, watch)
    for chunk in box.letters_after(mailbox.last_uid):
        if not _holds(mailbox, watch):
            break
        _note(mailbox, chunk, watch.now)
        taken += _take_noted(box, mailbox, watch)
    return taken


def _note(mailbox: Mailbox, found: Sequence[Found], now: datetime) -> None:
    """Write down which letters there are, and up to where they are written down, at once."""
    with transaction.atomic():
        InboundMail.objects.bulk_create(
            (_row(mailbox, each, now) for each in found), ignore_conflicts=True
        )
        mailbox.last_uid = found[-1].uid
        mailbox.save(update_fields=["last_uid"])


def _row(mailbox: Mailbox, found: Found, now: datetime) -> InboundMail:
    head = read_head(found.head)
    return InboundMail(
        mailbox=mailbox,
        uidvalidity=mailbox.uidvalidity or 0,
        uid=found.uid,
        header_id=head.header_id[:250],
        sender=head.sender[:254],
        subject=head.subject[:250],
        size=found.size,
        digest=head.fingerprint(max(found.size - len(found.head), 0)),
        received_at=found.received_at or now,
        at=now,
    )


def _lose_renumbered(mailbox: Mailbox) -> None:
    """Give up what waits under numbers that no longer mean anything; it is found anew."""
    waiting = InboundMail.objects.filter(mailbox=mailbox, outcome=Outcome.FETCHED)
    waiting.exclude(uidvalidity=mailbox.uidvalidity or 0).update(outcome=Outcome.FAILED, why=GONE)


def _take_noted(box: Box, mailbox: Mailbox, watch: Watch) -> int:
    """Take the letters that are noted, in the order of their arrival."""
    waiting = InboundMail.objects.filter(mailbox=mailbox, outcome=Outcome.FETCHED)
    taken = 0
    for pk in waiting.order_by("uid").values_list("pk", flat=True):
        if not _holds(mailbox, watch):
            break
        taken += _take(box, mailbox, pk, watch.now)
    return taken


def _take(box: Box, mailbox: Mailbox, pk: UUID, now: datetime) -> int:
    """Take one letter; whatever is wrong with it, the next one has its turn."""
    row = InboundMail.objects.filter(pk=pk, outcome=Outcome.FETCHED)
    # Counted before anything can break: a letter that kills the worker is given up in the end.
    if not row.update(tries=F("tries") + 1):
        return 0
    mail = row.select_related("mailbox").get()
    if mail.tries > MOST_TRIES:
        return _end(pk, Fate(Outcome.FAILED, GIVEN_UP))
    if fate := _known_fate(mail, mailbox):
        return _end(pk, fate)
    try:
        letter = _letter(box, mail)
        if letter is None:
            return _end(pk, Fate(Outcome.FAILED, GONE))
        return with_patience(lambda: _take_letter(pk, letter, now))
    except FAILURES as error:
        log.warning("letter_failed", mail=str(pk), error=type(error).__name__)
        return _end(pk, Fate(Outcome.FAILED, BROKEN), f"{type(error).__name__}: {error}"[:2000])


def _take_letter(pk: UUID, letter: Letter, now: datetime) -> int:
    """Do what the letter asks for and write down what that was, in one transaction."""
    with transaction.atomic():
        rows = InboundMail.objects.select_for_update(of=("self",)).select_related("mailbox")
        mail = rows.filter(pk=pk, outcome=Outcome.FETCHED).first()
        if mail is None:
            return 0
        too_large = _where_the_rest_is(mail) if _is_too_large(mail) else ""
        return _end(pk, fate_of(mail, letter, now, too_large=too_large))


def _end(pk: UUID, fate: Fate, error: str = "") -> int:
    return InboundMail.objects.filter(pk=pk, outcome=Outcome.FETCHED).update(
        outcome=fate.outcome,
        why=fate.why,
        error=error,
        complaint=fate.complaint,
        message=fate.message,
    )


def _known_fate(mail: InboundMail, mailbox: Mailbox) -> Fate | None:
    """Return what needs no reading: letters from before our time, and those met before."""
    if mail.why == mail.BY_HAND:
        return None
    if mail.received_at < mailbox.created_at - BACK_AT_FIRST:
        return Fate(Outcome.IGNORED, OLD)
    same = InboundMail.objects.filter(digest=mail.digest, outcome__in=DONE).exclude(pk=mail.pk)
    if not mail.header_id:
        # Without an id two letters may be alike; only numbering anew makes them the same.
        same = same.filter(mailbox=mailbox).exclude(uidvalidity=mail.uidvalidity)
    return Fate(Outcome.IGNORED, SEEN) if same.exists() else None


def _is_too_large(mail: InboundMail) -> bool:
    return mail.size > settings.LETTER_MAX_BYTES


def _letter(box: Box, mail: InboundMail) -> Letter | None:
    """Return the letter, of a very large one the head only; None if somebody has removed it."""
    if _is_too_large(mail):
        found = box.head(mail.uid)
        head = read_head(found.head) if found else None
        return Letter(head=head, text="", files=(), report=None) if head else None
    raw = box.letter(mail.uid)
    return read_letter(raw) if raw is not None else None


def _where_the_rest_is(mail: InboundMail) -> str:
    return _(
        "The letter is larger than %(limit)s MB, only its subject was read. Open it in the mailbox "
        "%(name)s: it came on %(at)s UTC from %(sender)s."
    ) % {
        "limit": settings.LETTER_MAX_BYTES // 1024 // 1024,
        "name": mail.mailbox.name,
        "at": f"{mail.received_at:%Y-%m-%d %H:%M}",
        "sender": mail.sender or "–",
    }


def _note_trouble(mailbox: Mailbox, error: Exception, now: datetime) -> None:
    """Remember what is wrong; after a while the administrators are told, once."""
    log.warning("mailbox_failed", mailbox=str(mailbox.pk), error=type(error).__name__)
    mailbox.failing_since = mailbox.failing_since or now
    mailbox.last_error = f"{type(error).__name__}: {error}"[:2000]
    mailbox.save(update_fields=["failing_since", "last_error"])
    if mailbox.told_at is None and now - mailbox.failing_since >= TOLD_AFTER:
        lose_mailbox(actor=SYSTEM, mailbox=mailbox, now=now)


def _note_success(mailbox: Mailbox, now: datetime) -> None:
    was_told = mailbox.told_at is not None
    mailbox.read_at, mailbox.failing_since, mailbox.last_error = now, None, ""
    mailbox.save(update_fields=["read_at", "failing_since", "last_error"])
    if was_told:
        regain_mailbox(actor=SYSTEM, mailbox=mailbox, now=now)
