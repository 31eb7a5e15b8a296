"""Which alarms should stand: the rules of early warning over what was seen (4.7, 4.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from uuid import UUID

from accounts.kinds import CHURN_RISK, NO_SLA, Facts
from accounts.models import Account, Alert, Task
from sla.alarm_kinds import CALL_TODAY, GONE_QUIET, SLA_TALK, TASKS
from sla.models import Contract
from sla.queries import contracts_of, local_day
from sla.sightings import (
    QUIET_WINDOW,
    YEAR,
    Heard,
    Late,
    Talked,
    clients,
    heard_from,
    late_events,
    talked_with,
)
from sla.subjects import cases_since
from sla.warning_signs import (
    AMBER,
    QUIET_DAYS,
    RED,
    RED_DAYS,
    Untimely,
    no_sla_reasons,
    quiet,
    untimely,
)

CASE_DAYS: Final = 90
"""How far back cases call for an SLA (setting nosla)."""
YOUNGEST_QUIET: Final = timedelta(days=90)
"""A client for a shorter time is not yet known well enough to be called quiet."""
MONTH: Final = timedelta(days=30)
ZONES: Final = timedelta(days=1)
"""So far at most a local date lies from the moments by which rows are read."""

Dated = Sequence[tuple[date, Late]]


@dataclass(frozen=True, slots=True)
class Finding:
    """An alarm that should stand at the account."""

    account: Account
    level: str
    facts: Facts


class World:
    """What one pass looks at; each part is read once, when a rule first asks for it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        rows = Account.objects.filter(clients()).select_related("owner", "deputy", "calendar")
        self.clients = {account.pk: account for account in rows.order_by("pk")}
        self.standing: dict[str, dict[UUID, Alert]] = {kind: {} for kind in RULES}
        alerts = Alert.objects.standing().filter(kind__in=RULES, subject_id=None)
        for alert in alerts.select_related("account"):
            self.standing[alert.kind][alert.account_id] = alert
        tasks = Task.objects.open().filter(kind__in=TASKS)
        self.tasks = list(tasks.select_related("account").order_by("pk"))

    @cached_property
    def talks(self) -> Mapping[UUID, Talked]:
        """The last talks with the clients who are at risk or about whom something is to be done."""
        wanted = {*self.standing[CHURN_RISK], *(task.account_id for task in self.tasks)}
        return talked_with(wanted, self.now)

    @cached_property
    def calls_for_sla(self) -> Mapping[UUID, Facts]:
        """The facts of the accounts whose cases call for an SLA, whether they have one or not."""
        found = {}
        for pk, cases in cases_since(self.now - timedelta(days=CASE_DAYS)).items():
            counts = (cases.total, cases.urgent, cases.trivial)
            if reasons := no_sla_reasons(*counts):
                figures = dict(zip(("cases", "urgent", "trivial"), counts, strict=True))
                found[pk] = {**figures, "days": CASE_DAYS, "reasons": reasons}
        return found

    @cached_property
    def contracts(self) -> Mapping[UUID, Contract]:
        """The contracts in force of the clients with whom an SLA is, or might be, talked of."""
        wanted = {*self.calls_for_sla}
        wanted |= {task.account_id for task in self.tasks if task.kind == SLA_TALK}
        return contracts_of([self.clients[pk] for pk in wanted if pk in self.clients], self.now)


def at_risk(world: World) -> Iterator[Finding]:
    """Find the clients who may leave because we were late.

    One untimely event in 30 days is amber, two in 60 are red, by the client's local date. From
    its first event on the alarm is about all that follow, and becomes no milder by itself. It
    ends after 60 days without another event and a talk, later than the last event, with somebody
    who decides or speaks for us; both are needed, whatever the level. What is excused afterwards
    counts no more. Source: E-1.
    """
    standing, since = world.standing[CHURN_RISK], world.now - timedelta(days=RED_DAYS) - ZONES
    begun = {pk: date.fromisoformat(alert.facts["since"]) for pk, alert in standing.items()}
    starts = {pk: datetime.combine(day, time(), UTC) - ZONES for pk, day in begun.items()}
    for pk, events in late_events(since, world.now, begun=starts).items():
        account, today = world.clients[pk], local_day(world.clients[pk], world.now)
        first = begun.get(pk, today - timedelta(days=RED_DAYS - 1))
        dated = [(local_day(account, event.at), event) for event in events]
        dated = [(day, event) for day, event in dated if day >= first]
        judged = untimely([day for day, _event in dated], today)
        goes_on = pk in standing and dated and not _is_over(world, pk, judged, dated)
        if judged.level or goes_on:
            level = _gravest(dated)
            yield Finding(account, level, _late_facts(dated, level))


def _is_over(world: World, pk: UUID, judged: Untimely, dated: Dated) -> bool:
    talked_at = world.talks.get(pk, Talked()).decider
    has_talked = talked_at is not None and talked_at > dated[-1][1].at
    return has_talked and not judged.misses_60d


def _gravest(dated: Dated) -> str:
    """Return the worst that any day of the events was: a later one does not make it better."""
    days = [day for day, _event in dated]
    return RED if any(untimely(days, day).level == RED for day in days) else AMBER


def _late_facts(dated: Dated, level: str) -> Facts:
    first, last = dated[0][0], dated[-1][0]
    return {
        "level": level,
        "since": first.isoformat(),
        "misses": len(dated),
        "days": max(RED_DAYS, (last - first).days + 1),
        "late": [{"on": day.isoformat(), "what": event.what} for day, event in dated],
    }


def gone_quiet(world: World) -> Iterator[Finding]:
    """Find the clients from whom we hear nothing, though something was to be expected.

    The rate is that of the twelve months before the window, or of as much as there is: since the
    client is one, and since anything was recorded of any client, 90 days at least. The alarm ends
    when the client is heard again: a long silence must not become what is expected. Source: E-2.
    """
    standing, contacts = world.standing[GONE_QUIET], heard_from(world.now)
    firsts = (heard.first_at for heard in contacts.values())
    recorded = min(filter(None, firsts), default=world.now).date()
    for pk, account in world.clients.items():
        heard = contacts.get(pk, Heard())
        known = local_day(account, world.now) - max(account.client_since or recorded, recorded)
        if pk in standing and not heard.window:
            yield Finding(account, standing[pk].level, standing[pk].facts)
        elif facts := _quiet_facts(account, heard, known):
            yield Finding(account, AMBER, facts)


def _quiet_facts(account: Account, heard: Heard, known: timedelta) -> Facts:
    """Return the figures of an alarming silence, nothing for any other."""
    if known < YOUNGEST_QUIET or heard.last_at is None:
        return {}
    before = min(known - QUIET_WINDOW, YEAR)
    sign = quiet(
        heard.before * MONTH / before,
        observed=heard.window,
        last_year_same_window=heard.last_year if before == YEAR else None,
    )
    if not sign.is_alarming:
        return {}
    return {
        "days": QUIET_DAYS,
        "expected": round(sign.expected, 4),
        "probability": round(sign.probability, 4),
        "last_on": local_day(account, heard.last_at).isoformat(),
    }


def without_sla(world: World) -> Iterator[Finding]:
    """Find the clients whose cases call for an SLA and who have none, not through their group.

    Source: E-4.
    """
    for pk, facts in world.calls_for_sla.items():
        if pk in world.clients and pk not in world.contracts:
            yield Finding(world.clients[pk], AMBER, facts)


def is_settled(task: Task, world: World) -> bool:
    """Say whether what the task asks for has happened since it was given."""
    if task.kind == SLA_TALK:
        return task.account_id in world.contracts
    talked = world.talks.get(task.account_id, Talked())
    talked_at = talked.anybody if task.kind == CALL_TODAY else talked.decider
    return talked_at is not None and talked_at > task.opened_at


RULES: Final[Mapping[str, Callable[[World], Iterator[Finding]]]] = {
    CHURN_RISK: at_risk,
    GONE_QUIET: gone_quiet,
    NO_SLA: without_sla,
}
