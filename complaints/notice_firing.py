"""Sending a notice: each letter once, followed to the client, and a call to whoever stays silent.

Every recipient has a timer for his letter, so that any number of sweeps share the work and a
crash neither loses nor doubles one: letter, state, history and timer change in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.clockwork import Duty, business_days_later, give_tasks
from accounts.models import Account
from accounts.queries import usual_calendar
from complaints.exposure import Affected
from complaints.models import Notice, NoticeText, Recipient
from complaints.notice_letter import NoticeLetter, letter_of
from complaints.notice_links import address_of, digest_of, token_of
from complaints.notice_queries import blocks_of
from core.bulk import update_rows
from core.models import AuditEntry, OutgoingMail, Timer
from core.models.calendar import work_calendar
from core.operations import SYSTEM, operation, record, system_entry
from core.timers import clear_timers

LETTER: Final = "complaints.notice"
DELIVERY: Final = "complaints.notice_delivery"
CALL: Final = "complaints.notice_call"
NOTICE_CALL: Final = "notice_call"
"""The kind of the task to ring somebody up."""
SILENT_DAYS: Final = 2
"""Business days without a confirmation after which a safety notice is followed by a call."""
CALL_DAYS: Final = 1
"""Business days in which that call is made."""
LOOK_FIRST: Final = timedelta(minutes=1)
LOOK_LAST: Final = timedelta(minutes=30)
"""How soon, and later how often, we look what became of letters that are still on their way."""
State = Recipient.State
LettersBy = dict[tuple[UUID, str], NoticeLetter]


def begin_sending(notice: Notice, affected: Iterable[Affected], now: datetime) -> None:
    """Freeze who must hear, inside the operation that sends: letters by timer, others by phone."""
    rows = [_recipient(notice, each, now) for each in affected]
    Recipient.objects.bulk_create(rows)
    by_letter = [row for row in rows if row.email]
    _set(LETTER, {row.pk: now for row in by_letter}, step="send")
    call_at({row.pk: now for row in rows if not row.email})
    if by_letter:
        notice.state = Notice.State.SENDING
        _set(DELIVERY, {notice.pk: now + LOOK_FIRST}, step="0")
    else:
        notice.state, notice.sent_at = Notice.State.TRACKING, now


def call_at(moments: dict[UUID, datetime]) -> None:
    """Have recipients rung up from these moments on, whatever was planned before."""
    clear_timers(CALL, moments)
    _set(CALL, moments, step="call")


def fire_letters(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Write the letters that are due, in bulk; recipients whom somebody holds wait for a tick."""
    held_free = _lock(timers)
    due = [row for row in held_free.values() if row.awaits_letter]
    letters = _letters({row.notice for row in due})
    OutgoingMail.objects.bulk_create(
        [_send(row, letters[row.notice_id, row.language], now) for row in due]
    )
    columns = ("state", "sent_at", "token_hash", "mail_id", "phone_due_at", "tries")
    _keep(due, columns, now)
    record([_entry("complaints.tell_recipient", row, State.PENDING, now) for row in due])
    call_at({row.pk: row.phone_due_at for row in due if row.phone_due_at})
    _finish({row.notice_id for row in held_free.values()}, now)
    return _of(timers, held_free)


def fire_deliveries(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Follow the letters: what the mail server took is delivered, what it refused came back."""
    notices = [timer.subject_id for timer in timers]
    under_way = _recipients().filter(notice__in=notices, state=State.SENT)
    for mail, state in ((OutgoingMail.State.SENT, State.DELIVERED), (_FAILED, State.BOUNCED)):
        settled = OutgoingMail.objects.filter(state=mail).values("pk")
        _settle(list(_free(under_way.filter(mail_id__in=settled))), state, now)
    open_ones = Recipient.objects.filter(
        Q(state=State.SENT) | (Q(state=State.PENDING) & ~Q(email="")), notice__in=notices
    )
    unsettled = set(open_ones.values_list("notice", flat=True).distinct())
    for timer in timers:
        if timer.subject_id in unsettled:
            _look_again(timer, now)
    return [timer.pk for timer in timers]


def fire_calls(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Give the call to the account's manager; whom nobody manages stands on the notice's list."""
    held_free = _lock(timers)
    duties = [_duty(row, now) for row in held_free.values() if row.is_silent(now)]
    give_tasks(NOTICE_CALL, [duty for duty in duties if duty is not None], now)
    return _of(timers, held_free)


def _recipient(notice: Notice, affected: Affected, now: datetime) -> Recipient:
    return Recipient(
        notice=notice,
        account=affected.account,
        reseller=affected.reseller,
        contact=affected.contact,
        name=affected.name,
        email=affected.email,
        phone=affected.phone,
        language=affected.language,
        quantity=affected.quantity,
        phone_due_at=None if affected.email else now,
        created_at=now,
        updated_at=now,
    )


def _set(kind: str, moments: dict[UUID, datetime], *, step: str) -> None:
    Timer.objects.bulk_create(
        (
            Timer(kind=kind, subject_id=subject, step=step, due_at=at, fire_at=at)
            for subject, at in moments.items()
        ),
        ignore_conflicts=True,
    )


def _recipients() -> QuerySet[Recipient]:
    """Return them with what belongs to them; thousands share one notice and few accounts."""
    return Recipient.objects.prefetch_related(
        "notice__contact", "account__calendar", "account__owner", "reseller__calendar",
        "reseller__owner",
    )  # fmt: skip


def _free(rows: QuerySet[Recipient]) -> QuerySet[Recipient]:
    """Lock the rows that nobody else holds."""
    return rows.order_by("pk").select_for_update(no_key=True, skip_locked=True)


def _lock(timers: Iterable[Timer]) -> dict[UUID, Recipient]:
    wanted = {timer.subject_id for timer in timers}
    return {row.pk: row for row in _free(_recipients().filter(pk__in=wanted))}


def _of(timers: Iterable[Timer], rows: Iterable[UUID]) -> list[UUID]:
    known = set(rows)
    return [timer.pk for timer in timers if timer.subject_id in known]


def _letters(notices: set[Notice]) -> LettersBy:
    by_id = {notice.pk: notice for notice in notices}
    return {
        (text.notice_id, text.language): letter_of(
            by_id[text.notice_id], text.language, blocks_of(text)
        )
        for text in NoticeText.objects.filter(notice__in=by_id)
    }


def _send(row: Recipient, letter: NoticeLetter, now: datetime) -> OutgoingMail:
    """Return the letter, and mark the recipient as written to."""
    token = token_of(row.pk)
    mail = OutgoingMail(
        to=row.email,
        subject=letter.subject,
        body=letter.body(address_of(token)),
        account_id=row.audit_account_id,
        next_try_at=now,
        created_at=now,
    )
    row.state, row.sent_at = State.SENT, now
    row.token_hash, row.mail_id = digest_of(token), mail.pk
    row.tries = [*row.tries, {"channel": Recipient.Channel.EMAIL.value, "at": now.isoformat()}]
    if row.notice.kind == Notice.Kind.SAFETY:
        row.phone_due_at = _silent_at(row.account or row.reseller, now)
    return mail


def _silent_at(account: Account | None, now: datetime) -> datetime:
    """Return when a call follows, by the hours of the holder's account or else by our usual ones."""
    if account is not None:
        return business_days_later(account, now, SILENT_DAYS)
    calendar = usual_calendar()
    if calendar is None:
        return now + timedelta(days=SILENT_DAYS)
    hours = work_calendar(calendar.running_id)
    return hours.add_days(now, SILENT_DAYS, at=now.astimezone(hours.zone).time())


def _keep(rows: Sequence[Recipient], columns: Sequence[str], now: datetime) -> None:
    for row in rows:
        row.version += 1
        row.updated_at = now
    kept = (*columns, "version", "updated_at")
    update_rows(Recipient, kept, [[row.pk, *(_value(row, name) for name in kept)] for row in rows])


def _value(row: Recipient, name: str) -> Any:
    value = getattr(row, name)
    return json.dumps(value) if name == "tries" else value


def _entry(verb: str, row: Recipient, before: str, now: datetime) -> AuditEntry:
    entry = system_entry(verb, target=row, at=now, details={"letter": row.state})
    entry.changes = {"state": [before, row.state]}
    return entry


def _settle(rows: Sequence[Recipient], state: str, now: datetime) -> None:
    for row in rows:
        row.state = state
        if state == State.BOUNCED:
            row.phone_due_at = now
    _keep(rows, ("state", "phone_due_at"), now)
    record([_entry("complaints.follow_letter", row, State.SENT, now) for row in rows])
    if state == State.BOUNCED:
        call_at({row.pk: now for row in rows})


def _look_again(timer: Timer, now: datetime) -> None:
    count = int(timer.step) + 1
    wait = min(LOOK_FIRST * 2 ** min(count, 10), LOOK_LAST)
    _set(DELIVERY, {timer.subject_id: now + wait}, step=str(count))


def _finish(notices: Iterable[UUID], now: datetime) -> None:
    """Note that all letters have left. The lock makes the last of two sweeps see the other's."""
    running = Notice.objects.filter(pk__in=notices, state=Notice.State.SENDING).order_by("pk")
    for notice in running.select_for_update(no_key=True):
        waiting = Recipient.objects.filter(notice=notice, state=State.PENDING).exclude(email="")
        if not waiting.exists():
            with operation("complaints.finish_sending", actor=SYSTEM, on=notice, at=now):
                notice.state, notice.sent_at = Notice.State.TRACKING, now


def _duty(row: Recipient, now: datetime) -> Duty | None:
    account = row.account or row.reseller
    if account is None:
        return None
    return Duty(
        account=account,
        assignee=account.owner if account.owner.is_active else row.notice.contact,
        due_at=business_days_later(account, now, CALL_DAYS),
        subject=row,
        facts={
            "notice": row.notice.no,
            "safety": row.notice.kind == Notice.Kind.SAFETY,
            "end_user": row.account_id is None,
        },
    )


_FAILED = OutgoingMail.State.FAILED
