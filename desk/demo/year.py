"""A year of complaints, talks and promises, the same at every load."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import services as accounts
from accounts.models import Account, Contact, Promise
from complaints import services
from complaints.models import Complaint
from complaints.services import Intake
from core.models import User
from desk.demo import words
from desk.demo.clients import Client
from desk.demo.recovery import meet, satisfied, win_back
from desk.demo.world import World

LATE_SHARE, ASK_SHARE, UNHAPPY_SHARE = 0.06, 0.25, 0.06
CHANNELS = ("phone", "email", "email", "portal", "messenger")
QUIET_BEFORE_NOW = timedelta(days=9)
"""The generated year ends here; what is going on today is told in `today`."""


def plan_year(
    world: World, client: Client, account: Account, people: list[Contact], *, until_days_ago: float
) -> None:
    """Put the account's complaints, talks and promises of the year into the play.

    until_days_ago -- no complaint of the year is younger than this; `month` and `today` go on.
    """
    first, last = 365.0, max(until_days_ago, QUIET_BEFORE_NOW.days)
    for number in range(client.complaints):
        days_ago = first - (first - last) * (number + world.dice.random()) / client.complaints
        story = world.dice.choice(words.STORIES[client.language])
        plan_complaint(world, account, world.dice.choice(people), story, days_ago=days_ago)
    for week in range(2, 52, 2 if client.tier in {"strategic", "key"} else 4):
        _plan_talk(world, account, people, days_ago=week * 7 + world.dice.random() * 5)
    for month in range(1, 12, 2):
        _plan_promise(world, account, people[0], days_ago=month * 30 + world.dice.random() * 9)


def plan_complaint(
    world: World, account: Account, contact: Contact, story: words.Story, *, days_ago: float
) -> None:
    """Put one complaint with its whole life into the play."""
    received = world.working_moment(days_ago)
    agent = world.staff[world.dice.choice(["lea", "yuri"])]
    answer_hours = world.dice.uniform(0.2, 1.6) if story.urgency < 3 else world.dice.uniform(0.5, 3)  # noqa: PLR2004 -- today or sooner
    if world.dice.random() < LATE_SHARE:
        answer_hours *= 4
    life = _Life(world, account, contact, story, agent, answer_hours)
    world.play.at(received, life.log)


class _Life:
    """The steps of one complaint; each plans the next."""

    def __init__(
        self,
        world: World,
        account: Account,
        contact: Contact,
        story: words.Story,
        agent: User,
        answer_hours: float,
    ) -> None:
        self.world, self.account, self.contact = world, account, contact
        self.story, self.agent, self.answer_hours = story, agent, answer_hours
        self.complaint = Complaint()

    def log(self, at: datetime) -> None:
        intake = Intake(
            client_words=self.story.words, impact=self.story.impact, urgency=self.story.urgency,
            channel=self.world.dice.choice(CHANNELS), contact=self.contact,
            category=self.story.category,
        )  # fmt: skip
        self.complaint = services.log_complaint(
            actor=self.agent, account=self.account, intake=intake, now=at
        )
        self._next(self.triage, at, self.answer_hours / 2)

    def triage(self, at: datetime) -> None:
        services.triage(
            actor=self.agent, complaint=self.complaint, impact=self.story.impact,
            urgency=self.story.urgency, category=self.story.category, safety=False,
            assignee=self.agent, lead=self.account.owner, now=at,
        )  # fmt: skip
        self._next(self.answer, at, self.answer_hours / 2)

    def answer(self, at: datetime) -> None:
        language = self.contact.language
        services.reply(
            actor=self.account.owner, complaint=self.complaint, body=words.ANSWERS[language],
            next_contact_at=self.world.later(at, 6), apology="regret", now=at,
        )  # fmt: skip
        if self.world.dice.random() < ASK_SHARE:
            self._next(self.ask, at, 0.5)
        else:
            self._next(self.solve, at, self.world.dice.uniform(1, 3.5))

    def ask(self, at: datetime) -> None:
        question = words.QUESTIONS[self.contact.language]
        services.wait(
            actor=self.agent, complaint=self.complaint, waiting_for="client", body=question, now=at
        )
        self._next(self.hear, at, self.world.dice.uniform(1, 8))

    def hear(self, at: datetime) -> None:
        body = words.CLIENT_ANSWERS[self.contact.language]
        services.comment(actor=self.agent, complaint=self.complaint, body=body, now=at)
        self._next(self.solve, at, self.world.dice.uniform(0.5, 1.8))

    def solve(self, at: datetime) -> None:
        note = self.world.dice.choice(words.NOTES)
        services.add_note(actor=self.agent, complaint=self.complaint, body=note, now=at)
        if not self.complaint.reopen_count:
            win_back(self.world, self.complaint, self.story.root_cause, at)
            meet(self.complaint, at)
        services.resolve_complaint(
            actor=self.account.owner, complaint=self.complaint,
            resolution_type=self.story.resolution_type, resolution=self.story.solution, now=at,
        )  # fmt: skip
        self._next(self.call, at, self.world.dice.uniform(8, 16))

    def call(self, at: datetime) -> None:
        unhappy = self.world.dice.random() < UNHAPPY_SHARE and not self.complaint.reopen_count
        if not unhappy:
            satisfied(self.world, self.complaint, at)
            return
        services.record_callback(
            actor=self.account.owner, complaint=self.complaint, outcome="not_satisfied", now=at
        )
        self._next(self.solve, at, 2)

    def _next(self, step: object, at: datetime, hours: float) -> None:
        assert callable(step)  # noqa: S101 -- narrows the type of a bound method
        self.world.play.at(self.world.later(at, hours), step)


def _plan_talk(world: World, account: Account, people: list[Contact], *, days_ago: float) -> None:
    contact = world.dice.choice(people)
    summary = world.dice.choice(words.TALKS[account.language])
    kind = world.dice.choice(["call", "call", "formal_meeting", "email", "site_visit"])

    def talk(at: datetime) -> None:
        accounts.log_touch(
            actor=account.owner, account=account, summary=summary, contacts=[contact],
            fields={"kind": kind, "two_way": kind != "email"}, now=at,
        )  # fmt: skip

    world.play.at(world.working_moment(days_ago), talk)


def _plan_promise(world: World, account: Account, contact: Contact, *, days_ago: float) -> None:
    made: list[Promise] = []
    start = world.working_moment(days_ago)
    due = world.later(start, 18)
    late = world.dice.random() < LATE_SHARE

    def promise(at: datetime) -> None:
        made.append(
            accounts.make_promise(
                actor=account.owner, account=account, kind=Promise.Kind.DELIVERY,
                text=words.PROMISES[account.language], due_at=due, made_by=account.owner,
                contact=contact, now=at,
            )
        )  # fmt: skip

    def keep(at: datetime) -> None:
        accounts.keep_promise(actor=account.owner, promise=made[0], now=at)

    world.play.at(start, promise)
    world.play.at(world.later(due, 5) if late else due - timedelta(hours=1), keep)
