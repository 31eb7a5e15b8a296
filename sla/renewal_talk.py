"""The duty to talk with a client about the next contract, from the day the present one expires."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts import services as accounts
from accounts.models import Task
from core.operations import SYSTEM
from sla.caretakers import caretaker_of
from sla.contract_kinds import RENEWAL_TALK
from sla.contract_timers import talk_due
from sla.models import Contract


def open_talk(contract: Contract, now: datetime) -> None:
    """Give the account manager the talk."""
    accounts.open_task(
        actor=SYSTEM, account=contract.account, kind=RENEWAL_TALK,
        assignee=caretaker_of(contract.account), due_at=talk_due(contract, now),
        subject=contract, facts={"no": contract.no, "ends_on": contract.ends_on}, now=now,
    )  # fmt: skip


def finish_talk(contract: Contract, outcome: str, now: datetime) -> None:
    """Close the talk, for the next contract is in force."""
    for task in _open_talks(contract):
        accounts.finish_task(actor=SYSTEM, task=task, outcome=outcome, now=now)


def drop_talk(contract: Contract, reason: str, now: datetime) -> None:
    """Close the talk, for there is nothing left to renew."""
    for task in _open_talks(contract):
        accounts.cancel_task(actor=SYSTEM, task=task, reason=reason, now=now)


def _open_talks(contract: Contract) -> QuerySet[Task]:
    return Task.objects.open().filter(kind=RENEWAL_TALK, subject_id=contract.pk)
