"""The close of a month: how promises were kept, and what is credited for it (4.4, 10.7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Value
from django.db.models.functions import Coalesce, Least, TruncMonth

from core.models import AuditEntry, Heartbeat
from core.operations import record, system_entry
from sla.credit_facts import credit_facts
from sla.models import Attainment, Contract, Credit
from sla.models.contract import ContractQuerySet
from sla.spans import Month
from sla.tally import EVER_IN_FORCE, ZoneMonth, attained, begun, credits_due

BATCH = 500
"""Contracts of one transaction: after a crash the next run takes up the rest."""
CLOSING_HOUR = timedelta(hours=3)


def close_due_months(now: datetime) -> int:
    """Close every month that has ended and is still open, the oldest first; beat the heart."""
    closed = 0
    for month in _due_months(now):
        closed += close_month(month.first, now=now)
        if _is_left(month, now):
            # Months are closed in order: the next run takes up what somebody holds now.
            break
    Heartbeat.objects.update_or_create(name="months", defaults={"at": now})
    return closed


def close_month(month: date, *, now: datetime) -> int:
    """Count the month for each contract that was in force in it, and propose the credits.

    A month may be closed in a time zone from 03:00 of the next 1st. The figures are those of the
    month's end, however late it runs. What is closed stays closed: run twice, or in several
    processes at once, it leaves the same rows. A contract that somebody holds is left for the
    next run. Return how many contracts it closed.
    """
    closing = Month.of(month)
    return sum(_close_in(zone, closing, now) for zone in _ended_in(closing, now))


def _is_left(month: Month, now: datetime) -> bool:
    return any(_unclosed(zone, month).exists() for zone in _ended_in(month, now))


def _ended_in(month: Month, now: datetime) -> list[ZoneInfo]:
    return [zone for zone in _zones() if month <= _last_ended(zone, now)]


def _zones() -> list[ZoneInfo]:
    held = Contract.objects.filter(state__in=EVER_IN_FORCE)
    names = held.values_list("account__time_zone", flat=True).distinct()
    return [ZoneInfo(name) for name in sorted(names)]


def _last_ended(zone: ZoneInfo, now: datetime) -> Month:
    wall = now.astimezone(zone).replace(tzinfo=None)
    return Month.of((wall - CLOSING_HOUR).date()).later(-1)


def _due_months(now: datetime) -> list[Month]:
    due: set[Month] = set()
    for zone in _zones():
        last = _last_ended(zone, now)
        rows = _unclosed(zone, last).annotate(latest=Max("attainments__month"))
        for starts_on, latest in rows.values_list("starts_on", "latest").distinct():
            first = Month.of(latest).later(1) if latest else Month.of(starts_on)
            due.update(first.until(last))
    return sorted(due)


def _unclosed(zone: ZoneInfo, last: Month) -> ContractQuerySet:
    """Return the contracts whose latest month up to `last` is open; months are closed in order."""
    end = Value(last.last)
    rows = begun(zone, last).annotate(
        last_day=Least(Coalesce("ended_on", "ends_on", end), end), last_month=TruncMonth("last_day")
    )
    closed = Attainment.objects.filter(contract=OuterRef("pk"), month=OuterRef("last_month"))
    return rows.filter(~Exists(closed), last_day__gte=F("starts_on"))


def _close_in(zone: ZoneInfo, month: Month, now: datetime) -> int:
    work = ZoneMonth.read(zone, month, now)
    closed = _closed(work.places, month)
    ids = [pk for pk in work.places if pk not in closed]
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    return sum(_close_batch(work, batch) for batch in batches)


def _close_batch(work: ZoneMonth, ids: Sequence[UUID]) -> int:
    with transaction.atomic():
        contracts = _lock_open(ids, work.month)
        found = attained(work, contracts)
        Attainment.objects.bulk_create(row for rows in found.values() for row in rows.values())
        proposed = Credit.objects.bulk_create(credits_due(work, contracts, found))
        record([_proposal(credit, work.now) for credit in proposed])
    return len(contracts)


def _lock_open(ids: Sequence[UUID], month: Month) -> list[Contract]:
    """Lock the contracts and return those whose month is still open, in the given order.

    Whoever excludes a clock waits here, or finds the month closed.
    """
    rows = Contract.objects.filter(pk__in=ids).order_by("pk")
    free = rows.select_for_update(no_key=True, skip_locked=True)
    locked = {contract.pk: contract for contract in free}
    closed = _closed(locked, month)
    return [locked[pk] for pk in ids if pk in locked and pk not in closed]


def _closed(ids: Iterable[UUID], month: Month) -> set[UUID]:
    rows = Attainment.objects.filter(contract__in=ids, month=month.first)
    return set(rows.values_list("contract_id", flat=True))


def _proposal(credit: Credit, now: datetime) -> AuditEntry:
    return system_entry("sla.propose_credit", target=credit, at=now, details=credit_facts(credit))
