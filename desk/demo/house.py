"""What the house does by the clock: closing months, settling credits, looking for warning signs."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import services as accounts
from accounts.models import Task
from desk.demo.month import begin_of_month
from desk.demo.world import World
from sla import services
from sla.alarms import watch
from sla.models import Contract, Credit
from sla.month import close_due_months

MONTHS = 13
CLOSING, SETTLING = timedelta(hours=4), timedelta(days=2, hours=9)
MINUTES = "Looked at the misses one by one; agreed to warn a day before each visit."
CHANGE = "every case has a second person who sees its deadlines"


def plan_house(world: World) -> None:
    """Close each month on its 1st; finance settles all credits but those of the last month."""
    now = world.play.now.astimezone(world.hours.zone)
    last = begin_of_month(now)
    begin = last
    for _month in range(MONTHS):
        end = (begin + timedelta(days=32)).replace(day=1)
        world.play.at(end + CLOSING, _close)
        if begin != last:
            world.play.at(end + SETTLING, lambda at: _settle(world, at))
        begin = (begin - timedelta(days=1)).replace(day=1)
    for days_ago in range(270, 0, -90):
        world.play.at(now - timedelta(days=days_ago), lambda at: _review(world, at))
    world.play.at(now - timedelta(days=8), _look)
    world.play.at(now - timedelta(days=6), _call)


def _close(at: datetime) -> None:
    close_due_months(at)


def _settle(world: World, at: datetime) -> None:
    for credit in Credit.objects.filter(state=Credit.State.PROPOSED).select_related("account"):
        services.approve_credit(actor=world.staff["marta"], credit=credit, now=at)
        services.issue_credit(
            actor=credit.account.owner, credit=credit, change=CHANGE, now=at + timedelta(hours=1)
        )


def _review(world: World, at: datetime) -> None:
    """Hold the reviews of all contracts in force: the months since the last one."""
    last = begin_of_month(at.astimezone(world.hours.zone)).date()
    first = (last - timedelta(days=62)).replace(day=1)
    for contract in Contract.objects.filter(state__in=Contract.IN_FORCE).select_related("account"):
        services.hold_review(
            actor=contract.account.owner, contract=contract, first_month=first, last_month=last,
            held_on=at.date(), attendees="Both sides", minutes=MINUTES, now=at,
        )  # fmt: skip


def _look(at: datetime) -> None:
    watch(at)


def _call(at: datetime) -> None:
    """Let the account managers make the calls they were asked for; talks about staying wait."""
    for task in Task.objects.filter(state=Task.State.OPEN, kind="call_today"):
        accounts.finish_task(
            actor=task.assignee, task=task, outcome="Called, apologised, listened.", now=at
        )
