"""Early warning: one pass over all clients raises and ends their alarms (4.7, 4.8).

Nobody is late, silent or without an SLA because a job ran: the pass reads what is true at `now`
and brings the alarms to it. Run twice, late or by two at once it leaves the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from typing import Final

import structlog
from django.db import transaction

from accounts.clockwork import business_days_later
from accounts.kinds import CHURN_RISK, NO_SLA, stored_facts
from accounts.models import Account, Alert
from accounts.queries import reads_cases
from accounts.services import expire_alert, finish_task, open_task, raise_alert
from core.errors import InvalidTransition
from core.models import Heartbeat, User
from core.operations import SYSTEM
from core.timers import FAILURES
from sla.alarm_kinds import CALL_TODAY, SLA_TALK, STAY_INTERVIEW
from sla.findings import RULES, Finding, World, is_settled
from sla.warning_signs import AMBER, RED

END_OF_DAY: Final = time(18)
log = structlog.get_logger(__name__)
Change = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Duty:
    """What the account manager has to do once an alarm begins or becomes red."""

    kind: str
    business_days: int


DUTIES: Final = {
    (CHURN_RISK, AMBER): Duty(CALL_TODAY, 1),
    (CHURN_RISK, RED): Duty(STAY_INTERVIEW, 2),
    (NO_SLA, AMBER): Duty(SLA_TALK, 5),
}


def watch(now: datetime) -> int:
    """Bring the alarms of all clients up to date, and beat the heart; return how much changed.

    It costs a fixed number of queries and a few for each change. What fails at one account is
    reported, tried again by the next pass, and holds up no other.
    """
    changed = sum(map(_done, _changes(World(now))))
    Heartbeat.objects.update_or_create(name="alarms", defaults={"at": now})
    return changed


def _done(change: Change) -> bool:
    try:
        with transaction.atomic():
            change()
    except InvalidTransition:  # a person or another pass was faster
        return False
    except FAILURES:
        log.exception("alarm_failed")
        return False
    return True


def _changes(world: World) -> Iterator[Change]:
    """Yield what makes each alarm and duty as it should be."""
    for kind, rule in RULES.items():
        found = {finding.account.pk: finding for finding in rule(world)}
        for pk, finding in found.items():
            alert = world.standing[kind].get(pk)
            if alert is None or _differs(alert, finding):
                yield partial(_raise, kind, finding, alert, world.now)
        for pk, alert in world.standing[kind].items():
            if pk not in found:
                yield partial(expire_alert, actor=SYSTEM, alert=alert, now=world.now)
    for task in world.tasks:
        if is_settled(task, world):
            yield partial(finish_task, actor=SYSTEM, task=task, now=world.now)


def _differs(alert: Alert, finding: Finding) -> bool:
    return (alert.level, alert.facts) != (finding.level, stored_facts(finding.facts))


def _raise(kind: str, finding: Finding, before: Alert | None, now: datetime) -> None:
    """Raise the alarm or give it its new figures; a new or graver one is a duty as well."""
    account = finding.account
    raise_alert(
        actor=SYSTEM, account=account, kind=kind, level=finding.level, facts=finding.facts, now=now
    )
    duty = DUTIES.get((kind, finding.level))
    becomes_red = before is not None and before.level != RED and finding.level == RED
    if duty and (before is None or becomes_red):
        due_at = business_days_later(account, now, duty.business_days, at=END_OF_DAY)
        open_task(
            actor=SYSTEM, account=account, kind=duty.kind, assignee=_assignee(account),
            due_at=due_at, now=now,
        )  # fmt: skip


def _assignee(account: Account) -> User:
    """Return the owner, or who can act in his place if he has left."""
    heads = User.objects.in_role(User.Role.HEAD_OF_KAM).order_by("pk")
    first = [each for each in (account.owner, account.deputy) if each and _can_act(each)]
    return first[0] if first else heads.first() or account.owner


def _can_act(person: User) -> bool:
    return person.is_active and reads_cases(person)
