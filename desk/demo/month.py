"""Borea Retail's last whole month: 48 complaints, four answered late, ten solved late."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Account, Contact
from complaints import services
from complaints.models import Complaint
from complaints.services import Intake
from desk.demo import words
from desk.demo.recovery import settle
from desk.demo.world import World

COMPLAINTS = 48
ANSWERED_LATE = {5, 17, 29, 41}
SOLVED_LATE = {2, 7, 12, 17, 22, 26, 31, 36, 41, 46}
GAP_HOURS, EARLY_SOLUTION, LATE_SOLUTION = 2.2, 6.0, 20.0
"""Working hours: between two complaints, until solved in time, until solved late."""


def begin_of_month(now: datetime) -> datetime:
    """Return the first moment of the month before now, in the zone of now."""
    this = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (this - timedelta(days=1)).replace(day=1)


def plan_month(world: World, account: Account, people: list[Contact]) -> None:
    """Put the month into the play: all of it falls due before the month is over."""
    begin = begin_of_month(world.play.now.astimezone(world.hours.zone))
    received = world.hours.next_open(begin)
    for number in range(COMPLAINTS):
        case = _Case(world, account, people[number % len(people)], number)
        world.play.at(received, case.log)
        received = world.later(received, GAP_HOURS)


class _Case:
    """One complaint of the month; every step is on time but those that are meant to be late."""

    def __init__(self, world: World, account: Account, contact: Contact, number: int) -> None:
        self.world, self.account, self.contact = world, account, contact
        stories = [each for each in words.STORIES[account.language] if each.impact > 2]  # noqa: PLR2004 -- nothing grave
        self.story = stories[number % len(stories)]
        self.number = number
        self.complaint = Complaint()

    def log(self, at: datetime) -> None:
        intake = Intake(
            client_words=self.story.words, impact=3, urgency=3, contact=self.contact,
            channel="portal", category="communication",
        )  # fmt: skip
        agent = self.world.staff["yuri"]
        self.complaint = services.log_complaint(
            actor=agent, account=self.account, intake=intake, now=at
        )
        services.triage(
            actor=agent, complaint=self.complaint, impact=3, urgency=3, category="communication",
            safety=False, assignee=agent, lead=self.account.owner, now=at,
        )  # fmt: skip
        hours = 4.0 if self.number in ANSWERED_LATE else 1.5
        self._next(self.answer, at, hours)
        is_late = self.number in SOLVED_LATE
        self._next(self.solve, at, LATE_SOLUTION if is_late else EARLY_SOLUTION)
        if is_late:
            self._next(self.tell_how_it_stands, at, hours + 6)
            self._next(self.tell_how_it_stands, at, hours + 12)

    def answer(self, at: datetime) -> None:
        self._reply(words.ANSWERS[self.contact.language], at, apology="regret")

    def tell_how_it_stands(self, at: datetime) -> None:
        self._reply(words.UPDATES[self.contact.language], at)

    def _reply(self, body: str, at: datetime, apology: str = "") -> None:
        services.reply(
            actor=self.account.owner, complaint=self.complaint, body=body, apology=apology, now=at
        )

    def solve(self, at: datetime) -> None:
        settle(self.complaint, self.account.owner, at)
        services.resolve_complaint(
            actor=self.account.owner, complaint=self.complaint,
            resolution_type=self.story.resolution_type, resolution=self.story.solution, now=at,
        )  # fmt: skip
        self._next(self.call, at, 12)

    def call(self, at: datetime) -> None:
        services.record_callback(
            actor=self.account.owner, complaint=self.complaint, outcome="satisfied", now=at
        )

    def _next(self, step: object, at: datetime, hours: float) -> None:
        assert callable(step)  # noqa: S101 -- narrows the type of a bound method
        self.world.play.at(self.world.later(at, hours), step)
