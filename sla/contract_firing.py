"""Carries out what is due of contracts: what the sweep of timers calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts import services as accounts
from accounts.models import Account, Alert, Task
from core.models import AuditEntry, Timer
from core.operations import SYSTEM, record, system_entry
from sla import services
from sla.caretakers import caretaker_of
from sla.contract_kinds import RENEWAL_TALK, REVIEW_OVERDUE, SLA_REVIEW
from sla.contract_timers import (
    END,
    EXPIRING,
    OVERDUE,
    REVIEW,
    START,
    TALKS,
    end_moment,
    local_moment,
    review_due,
    step_of,
)
from sla.models import Contract
from sla.queries import follower_of
from sla.renewal_talk import drop_talk, open_talk
from sla.services.lifecycle import ContractsOverlap
from sla.transitions import NewerVersion

State = Contract.State
Due = list[tuple[Timer, Contract]]


def fire_contracts(timers: Sequence[Timer], now: datetime) -> Iterable[UUID]:
    """Start, renew and end contracts, remind of talks and reviews; what is held waits.

    Each step looks at what the contract has become by then, so running twice or late leaves the
    same rows, with the true moment in the history and the lag beside it.
    """
    held = _lock(timers)
    mine = sorted(
        (each for each in timers if each.subject_id in held), key=lambda each: each.due_at
    )
    for timer, contract in _due(mine, START, states=[State.AGREED]):
        services.activate_contract(actor=SYSTEM, contract=contract, since=timer.due_at, now=now)
    over = _end(_due(mine, END, states=Contract.IN_FORCE), now)
    left = [each for each in mine if each.subject_id not in over]
    asked = _announce_end(_due(left, EXPIRING, states=[State.ACTIVE]), now)
    left = [each for each in left if each.subject_id not in asked]
    _remind(_due(left, *TALKS, states=[State.EXPIRING]), now)
    _ask_for_reviews(_due(mine, REVIEW, states=Contract.IN_FORCE), now)
    _complain_of_reviews(_due(mine, OVERDUE, states=Contract.IN_FORCE), now)
    return [each.pk for each in mine]


def _lock(timers: Sequence[Timer]) -> set[UUID]:
    """Return the contracts that nobody else holds; like everybody, lock their accounts first."""
    contracts = Contract.objects.filter(pk__in={each.subject_id for each in timers})
    accounts_of = Account.objects.filter(pk__in=contracts.values("account_id")).order_by("pk")
    free = list(accounts_of.select_for_update(no_key=True, skip_locked=True))
    rows = contracts.filter(account__in=free).order_by("pk")
    return {row.pk for row in rows.select_for_update(no_key=True, skip_locked=True)}


def _due(timers: Iterable[Timer], *steps: str, states: Iterable[str]) -> Due:
    """Return the timers of these steps whose contracts are in one of the states by now."""
    wanted = [each for each in timers if step_of(each)[0] in steps]
    rows = Contract.objects.filter(state__in=states).select_related(
        "account__owner", "account__deputy"
    )
    contracts = rows.in_bulk({each.subject_id for each in wanted}) if wanted else {}
    return [(each, contracts[each.subject_id]) for each in wanted if each.subject_id in contracts]


def _end(due: Due, now: datetime) -> set[UUID]:
    """End contracts after their last day, unless they go on; return all that are over."""
    ending = [(timer, contract) for timer, contract in due if not _goes_on(timer, contract, now)]
    _move(ending, State.EXPIRED, "sla.expire", now)
    for _timer, contract in ending:
        drop_talk(contract, contract.no, now)
    return {contract.pk for _timer, contract in due}


def _goes_on(timer: Timer, contract: Contract, now: datetime) -> bool:
    """Let the signed next version begin, or the same terms anew, where that was agreed."""
    if follower := follower_of(contract):
        begins = local_moment(follower, follower.starts_on)
        services.activate_contract(actor=SYSTEM, contract=follower, since=begins, now=now)
        return True
    if not contract.auto_renew:
        return False
    try:
        services.roll_over_contract(actor=SYSTEM, contract=contract, since=timer.due_at, now=now)
    except (NewerVersion, ContractsOverlap):
        # Other terms are being talked about, or another contract follows: it just ends.
        return False
    return True


def _announce_end(due: Due, now: datetime) -> set[UUID]:
    """Say that contracts end soon, and give their managers the talk; return those contracts."""
    ending = [(timer, contract) for timer, contract in due if now < end_moment(contract)]
    _move(ending, State.EXPIRING, "sla.expiring", now)
    for _timer, contract in ending:
        open_talk(contract, now)
    return {contract.pk for _timer, contract in ending}


def _move(due: Due, state: Contract.State, verb: str, now: datetime) -> None:
    """Bring the contracts into the state, in bulk."""
    rows = Contract.objects.filter(pk__in=[contract.pk for _timer, contract in due])
    rows.update(state=state, version=F("version") + 1, updated_at=now)
    entries = [_entry(verb, timer, contract, now) for timer, contract in due]
    for entry, (_timer, contract) in zip(entries, due, strict=True):
        entry.changes = {"state": [contract.state, state.value]}
    record(entries)


def _entry(verb: str, timer: Timer, contract: Contract, now: datetime) -> AuditEntry:
    lag = int((now - timer.due_at).total_seconds())
    details = {"ends_on": str(contract.ends_on), "lag_seconds": lag}
    entry = system_entry(verb, target=contract, at=now, details=details)
    entry.happened_at = timer.due_at
    return entry


def _remind(due: Due, now: datetime) -> None:
    """Remind of talks that have not been held; once, however many reminders are due."""
    latest = {contract.pk: (timer, contract) for timer, contract in due}
    waiting = Task.objects.open().filter(kind=RENEWAL_TALK, subject_id__in=latest)
    record(
        [
            _entry("sla.remind_renewal", *latest[contract_id], now)
            for contract_id in waiting.values_list("subject_id", flat=True)
            if contract_id
        ]
    )


def _ask_for_reviews(due: Due, now: datetime) -> None:
    for timer, contract in _of_planned(due):
        accounts.open_task(
            actor=SYSTEM, account=contract.account, kind=SLA_REVIEW,
            assignee=caretaker_of(contract.account),
            due_at=review_due(contract, timer.due_at, now),
            subject=contract, facts=_planned(contract), now=now,
        )  # fmt: skip


def _complain_of_reviews(due: Due, now: datetime) -> None:
    for _timer, contract in _of_planned(due):
        accounts.raise_alert(
            actor=SYSTEM, account=contract.account, kind=REVIEW_OVERDUE,
            level=Alert.Level.AMBER, facts=_planned(contract), subject=contract, now=now,
        )  # fmt: skip


def _of_planned(due: Due) -> Due:
    """Leave out the timers of reviews that were held since, or planned anew."""
    return [
        (timer, contract) for timer, contract in due if step_of(timer)[1] == contract.next_review
    ]


def _planned(contract: Contract) -> dict[str, Any]:
    return {"no": contract.no, "planned_on": contract.next_review}
