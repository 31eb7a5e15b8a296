"""How the complaints of the demo are put right: found out, asked, made good, prevented, learned from."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from accounts import services as accounts
from accounts.models import Promise, Task
from complaints import services
from complaints.kinds import URGENT_MEETING
from complaints.models import CaseReview, Complaint, Finding
from complaints.services import WantInput
from core.models import User
from desk.demo.play import Act
from desk.demo.world import World

OWN: Final = {Finding.Fault.OURS, Finding.Fault.SUPPLIER}
FAULTS: Final = ("ours", "ours", "ours", "supplier", "supplier", "client", "none", "none")
PLUS_SHARE, RATED_SHARE = 0.7, 0.6
GRAVE: Final = frozenset({"p1", "p2"})
PREVENTION_DAYS: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said on the way, in the client's language."""

    own: str
    prevention: str
    plus: str
    evidence: str


WORDS: Final = {
    "en": Words(
        "The mistake is ours. We are putting it right and will tell you what we change.",
        "The step is on our checklist now, and a second person signs it.",
        "A free check of all devices in the store",
        "Said so by the client on the phone",
    ),
    "ru": Words(
        "Ошибка наша. Мы её исправляем и расскажем, что меняем у себя.",
        "Этот шаг теперь в чек-листе, и его проверяет второй человек.",
        "Бесплатная проверка всех устройств",
        "Клиент подтвердил по телефону",
    ),
    "uk": Words(
        "Помилка наша. Ми її виправляємо й розповімо, що змінюємо в себе.",
        "Цей крок тепер у чек-листі, і його перевіряє друга людина.",
        "Безкоштовна перевірка всіх пристроїв",
        "Клієнт підтвердив телефоном",
    ),
    "bg": Words(
        "Грешката е наша. Поправяме я и ще ви кажем какво променяме при нас.",
        "Тази стъпка вече е в списъка за проверка и я подписва втори човек.",
        "Безплатна проверка на всички устройства",
        "Клиентът го потвърди по телефона",
    ),
}
LESSONS: Final = (
    "Call before the client calls: the silence angered more than the fault.",
    "Bring the spare part to the first visit; the second visit is what they remember.",
    "Read the contract with the client at the start, not after the first misunderstanding.",
    "One person speaks with the client, or he hears three stories.",
)


def settle(complaint: Complaint, actor: User, at: datetime) -> None:
    """Do the least that lets a complaint be resolved: nobody's fault, and the client asked."""
    services.record_findings(
        actor=actor, complaint=complaint, root_cause="", cause_text="", whys=[], fault="none",
        justified="no", now=at,
    )  # fmt: skip
    services.ask_client(actor=actor, complaint=complaint, channel="phone", now=at)
    if complaint.priority in GRAVE:
        give_wants(complaint, actor, WORDS[complaint.client_language].evidence, at)


def win_back(world: World, complaint: Complaint, root_cause: str, at: datetime) -> None:
    """Go the whole way of recovery, a little different each time, but the same at every load."""
    dice = random.Random(complaint.no)  # noqa: S311 -- the same world at every load
    manager, said = complaint.account.owner, WORDS[complaint.client_language]
    fault = dice.choice(FAULTS)
    justified = "yes" if fault in OWN else dice.choice(("partly", "no"))
    services.record_findings(
        actor=manager, complaint=complaint, root_cause=root_cause, cause_text="", whys=[],
        fault=fault, justified=justified, staff_hours=Decimal(dice.randrange(2, 16)) / 2, now=at,
    )  # fmt: skip
    if fault in OWN:
        services.disclose(
            actor=manager, complaint=complaint, body=said.own, channel="phone", now=at
        )
    services.ask_client(actor=manager, complaint=complaint, channel="phone", now=at)
    if justified != "no":
        _prevent(world, complaint, said, at)
        if dice.random() < PLUS_SHARE:
            make_good(complaint, said.plus, at)
    if complaint.priority in GRAVE:
        give_wants(complaint, manager, said.evidence, at)


def _prevent(world: World, complaint: Complaint, said: Words, at: datetime) -> None:
    manager = complaint.account.owner
    services.plan_prevention(
        actor=manager, complaint=complaint, text=said.prevention, owner=world.staff["petar"],
        due_date=(at + PREVENTION_DAYS).date(), now=at,
    )  # fmt: skip
    services.tell_prevention(
        actor=manager, complaint=complaint, body=said.prevention, channel="phone", now=at
    )


def make_good(complaint: Complaint, plus: str, at: datetime) -> None:
    manager = complaint.account.owner
    services.offer_make_good(
        actor=manager, complaint=complaint, base=complaint.title, plus=plus,
        plus_cost=Decimal("10.00"), now=at,
    )  # fmt: skip
    services.deliver_make_good(actor=manager, complaint=complaint, now=at)


def give_wants(complaint: Complaint, actor: User, evidence: str, at: datetime) -> None:
    given = WantInput("unknown", done=True, evidence=evidence)
    services.set_wants(
        actor=actor, complaint=complaint, wants=dict.fromkeys((1, 2, 4, 6), given), now=at
    )


def meet(complaint: Complaint, at: datetime) -> None:
    """Note that the urgent meeting took place, if one was due."""
    meetings = Task.objects.open().filter(kind=URGENT_MEETING, account=complaint.account)
    for task in meetings.select_related("assignee"):
        accounts.finish_task(actor=task.assignee, task=task, outcome="Both talks held.", now=at)


def satisfied(world: World, complaint: Complaint, at: datetime) -> None:
    """Record the call that closes it, now and then with a rating; then what comes after."""
    dice = random.Random(f"{complaint.no} call")  # noqa: S311 -- the same world at every load
    csat = dice.choice((3, 4, 4, 5, 5)) if dice.random() < RATED_SHARE else None
    manager = complaint.account.owner
    services.record_callback(
        actor=manager, complaint=complaint, outcome="satisfied", csat=csat, now=at
    )
    for review in CaseReview.objects.owed().filter(complaint=complaint):
        learn(world, review, dice.choice(LESSONS), at)
    for pulse in complaint.promises.owed().filter(kind=Promise.Kind.PULSE):
        world.play.at(pulse.due_at - timedelta(hours=2), _pulse(complaint, pulse))


def learn(world: World, review: CaseReview, lesson: str, at: datetime) -> None:
    """Let the review be written on the next day."""

    def write(then: datetime) -> None:
        answers = {"main_complaint": review.complaint.title, "what_helped": "That I called first."}
        services.write_review(
            actor=review.author, review=review, answers=answers, lesson=lesson, now=then
        )

    world.play.at(world.later(at, 6), write)


def _pulse(complaint: Complaint, pulse: Promise) -> Act:
    def call(at: datetime) -> None:
        services.record_callback(
            actor=complaint.account.owner, complaint=complaint, outcome="satisfied",
            callback=pulse, now=at,
        )  # fmt: skip

    return call
