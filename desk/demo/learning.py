"""What the house has learned in the year: problems decided and solved, stories told, advice asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from accounts.models import Account, Contact
from complaints import services
from complaints.lessons import untold_stories
from complaints.models import Complaint, MakeGood, Prevention, Problem, Story
from desk.demo.world import World

Clients = dict[str, tuple[Account, list[Contact]]]
LOOKED_AT_EVERY: Final = 14
DECIDED_AFTER, SOLVED_AFTER = timedelta(days=7), timedelta(days=40)
CHANGES: Final = {
    "defect": "Every device runs a night in our workshop before it goes out.",
    "software": "Updates reach two pilot stores first, and everybody else three days later.",
    "late": "The dispatcher sees the client's opening hours beside the route.",
    "invoice": "A second person signs every invoice above 500.00.",
    "information": "The client gets the notes of each call on the same day.",
}
USUAL_CHANGE: Final = "The step is on the checklist of the team that caused it."
TOLD_DAYS_AGO: Final = (200, 150, 110, 40, 20)
NAMED_DAYS_AGO: Final = 75
STORY_OF_LAST: Final = timedelta(days=60)
ASKED: Final = "Третий день без платы, и он грозит уйти. Что бы ты сказала ему сегодня?"
ANSWERED: Final = "Позвони до обеда, назови день и привези запасной ридер сам. Не жди платы."


def plan_learning(world: World, clients: Clients) -> None:
    """Put into the play what follows from the complaints of the year."""
    for days_ago in range(350, 20, -LOOKED_AT_EVERY):
        world.play.at(world.working_moment(days_ago), lambda at: _look_at_problems(world, at))
    for days_ago in TOLD_DAYS_AGO:
        world.play.at(world.working_moment(days_ago), lambda at: _tell_newest(world, at))
    nimbus = clients["nimbus"]
    world.play.at(world.working_moment(NAMED_DAYS_AGO), lambda at: _name(world, *nimbus, at))
    asked = world.hours.subtract(world.play.now, timedelta(hours=4))
    world.play.at(asked, lambda at: _ask_for_advice(world, at))


def _look_at_problems(world: World, at: datetime) -> None:
    """Decide about the older problems, and solve the oldest."""
    vera = world.staff["vera"]
    for problem in Problem.objects.open().filter(is_safety=False).order_by("opened_at"):
        age = at - problem.opened_at
        if problem.notice_decided_at is None and age > DECIDED_AFTER:
            reason = "Each case was put right; no item of a batch is concerned."
            services.decide_no_notice(actor=vera, problem=problem, reason=reason, now=at)
        elif problem.notice_decided_at and age > SOLVED_AFTER:
            change = CHANGES.get(problem.root_cause, USUAL_CHANGE)
            services.solve_problem(actor=vera, problem=problem, change=change, now=at)


def _tell_newest(world: World, at: datetime) -> None:
    """Let the lead of the newest success tell it without a name."""
    complaint = untold_stories(world.staff["vera"], at - STORY_OF_LAST).first()
    if complaint is not None:
        services.tell_story(
            actor=complaint.lead, complaint=complaint, title=complaint.title,
            scope=Story.Scope.ANONYMOUS, now=at, **_told(complaint),
        )  # fmt: skip


def _name(world: World, account: Account, people: list[Contact], at: datetime) -> None:
    """Let the story of a client who agreed to it be told with his name."""
    untold = untold_stories(world.staff["vera"], at - 2 * STORY_OF_LAST)
    complaint = untold.filter(account=account).first()
    if complaint is not None:
        services.tell_story(
            actor=complaint.lead, complaint=complaint, title=complaint.title,
            scope=Story.Scope.NAMED, consent_by=people[0], consent_date=at.date(),
            consent_how="Permission for publicity, by mail", now=at, **_told(complaint),
        )  # fmt: skip


def _told(complaint: Complaint) -> dict[str, Any]:
    good = MakeGood.objects.filter(complaint=complaint).first()
    planned = Prevention.objects.filter(complaint=complaint).first()
    did = [complaint.resolution, good.plus if good else ""]
    return {
        "what_happened": complaint.client_words,
        "what_we_did": "\n".join(filter(None, did)),
        "what_changed": planned.text if planned else USUAL_CHANGE,
    }


def _ask_for_advice(world: World, at: datetime) -> None:
    """Stefan asks Vera how to speak with the hotel, and she answers."""
    waiting = Complaint.objects.filter(state=Complaint.State.WAITING_SUPPLIER)
    complaint = waiting.order_by("-received_at").first()
    if complaint is None:
        return
    stefan, vera = world.staff["stefan"], world.staff["vera"]
    for actor, colleague, body, minutes in (
        (stefan, vera, ASKED, 0),
        (vera, stefan, ANSWERED, 25),
    ):
        services.ask_opinion(
            actor=actor, complaint=complaint, colleague=colleague, body=body,
            now=at + timedelta(minutes=minutes),
        )  # fmt: skip
