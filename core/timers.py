"""The sweep: claims due timers, lets their app act on them in bulk, marks them fired.

Any number of sweeps may run at once, by Celery or by `manage.py run_timers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import DatabaseError, transaction

from core.errors import DomainError
from core.models import Heartbeat, Timer

Handler = Callable[[Sequence[Timer], datetime], Iterable[UUID]]
"""Acts on due timers of one kind; returns the ids of those it has dealt with.

What it leaves out (because somebody holds the subject) is tried again at the next tick.
"""

BATCH = 500
FAILED_WAIT = timedelta(minutes=1)
HELD_WAIT = timedelta(seconds=2)
FAILURES = (
    DatabaseError,
    DomainError,
    LookupError,
    TypeError,
    ValueError,
    ArithmeticError,
)
"""What one bad row can raise; anything else is a fault of the whole and stops the sweep."""
LONGEST_WAIT = timedelta(hours=1)
log = structlog.get_logger(__name__)
_handlers: dict[str, Handler] = {}


def handle(kind: str, handler: Handler) -> None:
    """Let the handler fire the timers of a kind. Call it from AppConfig.ready."""
    _handlers[kind] = handler


def set_timers(
    kind: str, subject_id: UUID, moments: dict[str, datetime], *, clear: bool = True
) -> None:
    """Replace the pending timers of a subject; a step that has fired stays fired."""
    if clear:
        clear_timers(kind, [subject_id])
    Timer.objects.bulk_create(
        (
            Timer(kind=kind, subject_id=subject_id, step=step, due_at=at, fire_at=at)
            for step, at in moments.items()
        ),
        ignore_conflicts=True,
    )


def clear_timers(kind: str, subject_ids: Iterable[UUID]) -> None:
    Timer.objects.filter(kind=kind, subject_id__in=list(subject_ids), fired_at=None).delete()


def run_due(now: datetime, *, batch: int = BATCH) -> int:
    """Fire all timers due at `now`, and return how many; beat the heart in any case."""
    fired = 0
    while done := _run_batch(now, batch):
        fired += done
    Heartbeat.objects.update_or_create(name="timers", defaults={"at": now})
    return fired


def _run_batch(now: datetime, limit: int) -> int:
    """Fire one batch in one transaction; if that fails, each timer by itself."""
    try:
        with transaction.atomic():
            return _fire(_claim(now, limit), now)
    except FAILURES:
        log.exception("timer_batch_failed")
        return _fire_singly(now, limit)


def _claim(now: datetime, limit: int) -> list[Timer]:
    """Claim due timers of one kind: one that waits for locks must not hold those of another."""
    pending = Timer.objects.filter(fired_at=None, fire_at__lte=now, kind__in=list(_handlers))
    timers = list(pending.order_by("fire_at", "id").select_for_update(skip_locked=True)[:limit])
    return [timer for timer in timers if timer.kind == timers[0].kind]


def _fire(timers: list[Timer], now: datetime) -> int:
    """Return how many were dealt with. Those left out step back, so that no batch repeats them."""
    if not timers:
        return 0
    done = set(_handlers[timers[0].kind](timers, now))
    Timer.objects.filter(pk__in=done, fired_at=None).update(fired_at=now)
    held = [timer.pk for timer in timers if timer.pk not in done]
    if held:
        Timer.objects.filter(pk__in=held).update(fire_at=now + HELD_WAIT)
    return len(timers)


def _fire_singly(now: datetime, limit: int) -> int:
    with transaction.atomic():
        timers = _claim(now, limit)
        for timer in timers:
            try:
                with transaction.atomic():
                    _fire([timer], now)
            except FAILURES as error:
                _push_ahead(timer, error, now)
    return len(timers)


def _push_ahead(timer: Timer, error: Exception, now: datetime) -> None:
    """Keep the failing timer, later and later, so that it never blocks the rest."""
    timer.attempts += 1
    timer.last_error = f"{type(error).__name__}: {error}"[:2000]
    timer.fire_at = now + min(FAILED_WAIT * 2 ** min(timer.attempts, 10), LONGEST_WAIT)
    timer.save(update_fields=["attempts", "last_error", "fire_at"])
    log.error("timer_failed", timer=str(timer.pk), kind=timer.kind, attempts=timer.attempts)
