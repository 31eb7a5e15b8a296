"""The power adapters of batch 12/25: a danger at five clients, and the notice that warns them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from accounts import services as accounts
from accounts.models import Account, Contact
from complaints import services
from complaints.models import Complaint, Notice, Problem, Recipient
from complaints.notice_letter import Blocks
from complaints.services import Intake, NoticeDraft
from desk.demo.recovery import WORDS, give_wants, meet, satisfied
from desk.demo.world import World

Clients = dict[str, tuple[Account, list[Contact]]]
ITEM, BATCH = "Power adapter PA-12", "PA-12/25"
HOLDERS: Final = (
    ("borea", "", 24), ("halden", "", 10), ("kobza", "", 3), ("aster", "", 6), ("lipa", "halden", 2),
)  # fmt: skip
"""Who holds it, through which reseller, how many."""
ANSWERED: Final = ("borea", "kobza", "halden")
ACTED: Final = ("borea", "kobza")
TEXTS: Final = {
    "en": Blocks(
        what="The housing of power adapters PA-12 of batch PA-12/25 can become hot.",
        risk="It may melt and cause burns or a fire.",
        action="Stop using these adapters now, unplug them and keep them apart.",
        remedy="We bring new adapters and take the old ones away, at no cost to you.",
        regret="We are sorry for the trouble this causes you.",
    ),
    "uk": Blocks(
        what="Корпус блоків живлення PA-12 партії PA-12/25 може сильно нагріватися.",
        risk="Він може розплавитися й спричинити опіки або пожежу.",
        action="Припиніть користуватися цими блоками зараз, вимкніть їх і відкладіть окремо.",
        remedy="Ми привеземо нові блоки й заберемо старі безкоштовно.",
        regret="Нам шкода, що вам доводиться цим займатися.",
    ),
    "bg": Blocks(
        what="Корпусът на адаптери PA-12 от партида PA-12/25 може да се нагорещи силно.",
        risk="Може да се стопи и да причини изгаряне или пожар.",
        action="Спрете да ползвате тези адаптери сега, извадете ги от контакта и ги приберете отделно.",
        remedy="Ще донесем нови адаптери и ще вземем старите без разходи за вас.",
        regret="Съжаляваме, че трябва да се занимавате с това.",
    ),
}


def plan_adapters(world: World, clients: Clients) -> None:
    """Deliver the batch in the autumn; three days ago one grew hot, and all holders are warned."""
    hot = world.hours.next_open(world.play.now - timedelta(days=5))
    world.play.at(world.play.now - timedelta(days=140), lambda at: _deliver(world, clients, at))
    world.play.at(hot, lambda at: _find(world, clients, at))


def _deliver(world: World, clients: Clients, at: datetime) -> None:
    lea = world.staff["lea"]
    services.add_supplier(
        actor=world.staff["vera"], name="Voltaro", aliases=["Voltaro Power"], now=at
    )
    for key, reseller, quantity in HOLDERS:
        accounts.add_holding(
            actor=lea,
            fields={
                "account": clients[key][0], "item": ITEM, "batch": BATCH, "quantity": quantity,
                "reseller": clients[reseller][0] if reseller else None, "delivered_on": at.date(),
            },
            now=at,
        )  # fmt: skip


def _find(world: World, clients: Clients, at: datetime) -> None:
    """Halden's adapter smells of burning; the technician finds the cause."""
    account, people = clients["halden"]
    petar = world.staff["petar"]
    intake = Intake(
        client_words="One of the little power adapters at the label printer smells burnt.",
        impact=2, urgency=1, safety=True, category="safety", contact=people[1], item=ITEM,
        batch=BATCH,
    )  # fmt: skip
    complaint = services.log_complaint(
        actor=world.staff["lea"], account=account, intake=intake, now=at
    )
    services.triage(
        actor=world.staff["lea"], complaint=complaint, impact=2, urgency=1, category="safety",
        safety=True, assignee=petar, lead=account.owner, now=at + timedelta(minutes=5),
    )  # fmt: skip
    services.reply(
        actor=account.owner, complaint=complaint, apology="regret", now=at + timedelta(minutes=15),
        body="We are sorry. Please unplug it now; Petar is on his way and will be there by noon.",
    )  # fmt: skip
    services.record_findings(
        actor=account.owner, complaint=complaint, root_cause="defect", item=ITEM, batch=BATCH,
        cause_text="A coil is wound too tightly; the housing softens.",
        whys=["The housing softens", "A coil overheats", "It is wound too tightly"],
        fault="supplier", justified="yes", now=at + timedelta(hours=3),
    )  # fmt: skip
    services.disclose(
        actor=account.owner, complaint=complaint, channel="phone", now=at + timedelta(hours=3),
        body="It is ours to put right: we replace every adapter of that batch.",
    )  # fmt: skip
    world.play.at(world.later(at, 5), lambda then: _warn(world, clients, then))
    world.play.at(world.later(at, 6), lambda then: _mend(world, complaint, then))


def _mend(world: World, complaint: Complaint, at: datetime) -> None:
    """Swap the adapters first, plan what stops it, and tell the client of both."""
    manager = complaint.account.owner
    told = "Every adapter of a new batch now runs for a day with us before it goes to a client."
    services.plan_prevention(
        actor=manager, complaint=complaint, text=told, owner=world.staff["petar"],
        due_date=(at + timedelta(days=20)).date(), now=at,
    )  # fmt: skip
    services.tell_prevention(actor=manager, complaint=complaint, body=told, channel="phone", now=at)
    services.offer_make_good(
        actor=manager, complaint=complaint, base="Ten new adapters, the old ones taken away",
        base_cost=Decimal("180.00"), plus="A day of our technician for all label printers",
        plus_cost=Decimal("120.00"), now=at,
    )  # fmt: skip
    services.deliver_make_good(actor=manager, complaint=complaint, now=at)
    give_wants(complaint, manager, WORDS["en"].evidence, at)
    services.resolve_complaint(
        actor=manager, complaint=complaint, resolution_type="swapped_first",
        resolution="All ten adapters are swapped, and the printers ran for two hours without heat.",
        now=at,
    )  # fmt: skip
    meet(complaint, at)
    world.play.at(world.later(at, 7), lambda then: satisfied(world, complaint, then))


def _warn(world: World, clients: Clients, at: datetime) -> None:
    daria = world.staff["daria"]
    problem = Problem.objects.filter(batch=BATCH).first()
    draft = NoticeDraft(
        kind="safety", item=ITEM, batch=BATCH, texts=TEXTS, contact=daria,
        deadline=(at + timedelta(days=14)).date(),
    )  # fmt: skip
    notice = services.draft_notice(actor=world.staff["petar"], draft=draft, problem=problem, now=at)
    for key in ("vera", "ivan"):
        services.approve_notice(actor=world.staff[key], notice=notice, now=at)
    services.send_notice(actor=world.staff["vera"], notice=notice, now=at)
    world.play.at(world.later(at, 2), lambda then: _hear(world, clients, notice, then))


def _hear(world: World, clients: Clients, notice: Notice, at: datetime) -> None:
    """Three of the five have confirmed by now, two of them have acted."""
    recipients = {each.account_id: each for each in Recipient.objects.filter(notice=notice)}
    for key in ANSWERED:
        recipient = recipients[clients[key][0].pk]
        services.acknowledge_recipient(actor=world.staff["lea"], recipient=recipient, now=at)
        if key in ACTED:
            services.record_action(actor=world.staff["lea"], recipient=recipient, now=at)
