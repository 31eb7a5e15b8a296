"""What is going on today, client by client, so that every page has something to show."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts import services as accounts
from accounts.models import Account, BadNews, Contact, Promise
from complaints import services
from complaints.models import Complaint, Finding
from complaints.services import Intake
from desk.demo.adapters import plan_adapters
from desk.demo.contracts import draft_halden
from desk.demo.recovery import settle
from desk.demo.stakes import plan_stakes
from desk.demo.words import ANSWERS, QUESTIONS
from desk.demo.world import World
from sla.alarms import watch

Clients = dict[str, tuple[Account, list[Contact]]]


def plan_today(world: World, clients: Clients) -> None:
    """Put the last days and the present into the play."""
    _late_answers(world, clients)
    _bakery(world, clients)
    _own_mistake(world, clients)
    _standstill(world, clients)
    _hotels(world, clients)
    _clinics(world, clients)
    _schools(world, clients)
    _bad_news(world, clients)
    plan_adapters(world, clients)
    plan_stakes(world, clients)
    _signs(world, clients)
    _open_promises(world, clients)


def _log(world: World, clients: Clients, key: str, at: datetime, **told: Any) -> Complaint:
    account, people = clients[key]
    intake = Intake(contact=people[0], **told)
    return services.log_complaint(actor=world.staff["lea"], account=account, intake=intake, now=at)


def _start_work(
    world: World, complaint: Complaint, at: datetime, *, answer: bool = True, trifle: str = ""
) -> None:
    account = complaint.account
    services.triage(
        actor=world.staff["lea"], complaint=complaint, impact=complaint.impact,
        urgency=complaint.urgency, category=complaint.category, safety=complaint.safety,
        trivial_reason=trifle, assignee=world.staff["yuri"], lead=account.owner, now=at,
    )  # fmt: skip
    if answer:
        body = ANSWERS[complaint.client_language]
        services.reply(
            actor=account.owner, complaint=complaint, body=body, apology="regret", now=at
        )


def _late_answers(world: World, clients: Clients) -> None:
    """Borea Logistics was answered late twice within 60 days."""
    for days_ago in (41, 9):
        received = world.hours.next_open(world.play.now - timedelta(days=days_ago))

        def log_and_answer_late(at: datetime) -> None:
            complaint = _log(
                world, clients, "logistics", at, impact=3, urgency=2, category="communication",
                client_words="Сканер на воротах 3 не видит паллеты, машины стоят.",
            )  # fmt: skip
            world.play.at(world.later(at, 7), lambda then: _start_work(world, complaint, then))
            world.play.at(world.later(at, 12), lambda then: _resolve(complaint, then))
            world.play.at(world.later(at, 30), lambda then: _call_back(complaint, then))

        world.play.at(received, log_and_answer_late)


def _resolve(complaint: Complaint, at: datetime, resolution: str = "Сканер заменён.") -> None:
    if not Finding.objects.filter(complaint=complaint, fault="ours").exists():
        settle(complaint, complaint.account.owner, at)
    services.resolve_complaint(
        actor=complaint.account.owner, complaint=complaint, resolution_type="fixed",
        resolution=resolution, now=at,
    )  # fmt: skip


def _call_back(complaint: Complaint, at: datetime) -> None:
    services.record_callback(
        actor=complaint.account.owner, complaint=complaint, outcome="satisfied", now=at
    )


def _bakery(world: World, clients: Clients) -> None:
    """Lipa Bakery waits for its first answer, due in forty working minutes."""
    due = world.hours.add(world.play.now, timedelta(minutes=40))
    received = world.hours.subtract(due, timedelta(hours=2))

    def log(at: datetime) -> None:
        _log(
            world, clients, "lipa", at, impact=2, urgency=2, category="quality",
            client_words="Касата спря точно преди сутрешния наплив. Продаваме на ръка.",
        )  # fmt: skip

    world.play.at(received, log)


def _own_mistake(world: World, clients: Clients) -> None:
    """Kobza Media: our invoice was wrong, we found it first; the call was due yesterday evening.

    The whole way of recovery: told at once, asked, prevented, and a month of service on top.
    """
    resolved = world.hours.next_open(world.play.now)
    days = 0
    while days < 4:  # noqa: PLR2004 -- the call is due three working days after
        resolved -= timedelta(days=1)
        days += bool(world.hours.open_on(resolved.astimezone(world.hours.zone).date()))
    resolved += timedelta(hours=2)

    def log(at: datetime) -> None:
        complaint = _log(
            world, clients, "kobza", at, impact=3, urgency=3, category="billing",
            channel="self_reported",
            client_words="У рахунку за минулий місяць ми двічі врахували той самий виїзд.",
        )  # fmt: skip
        _start_work(world, complaint, at + timedelta(minutes=20))
        _own_up(world, complaint, at + timedelta(minutes=30))
        text = "Повернули зайву суму й додали місяць обслуговування."
        world.play.at(resolved, lambda then: _resolve(complaint, then, text))

    world.play.at(resolved - timedelta(hours=1), log)


def _own_up(world: World, complaint: Complaint, at: datetime) -> None:
    manager = complaint.account.owner
    services.record_findings(
        actor=manager, complaint=complaint, root_cause="invoice",
        cause_text="Виїзд занесли в рахунок двічі: зі звіту й з календаря.",
        whys=["Рахунок збирають з двох джерел", "Їх ніхто не звіряє", "Немає правила, яке головне"],
        fault="ours", justified="yes", staff_hours=Decimal("1.5"), now=at,
    )  # fmt: skip
    services.disclose(
        actor=manager, complaint=complaint, channel="email", now=at,
        body="Ми знайшли у себе помилку: у рахунку двічі стоїть той самий виїзд. "
        "Повертаємо зайве й до завтра надішлемо виправлений рахунок.",
    )  # fmt: skip
    services.ask_client(actor=manager, complaint=complaint, channel="phone", now=at)
    services.record_remedy(
        actor=manager, complaint=complaint, client_text="Поверніть різницю до кінця тижня.",
        estimated_cost=Decimal("90.00"), now=at,
    )  # fmt: skip
    services.decide_remedy(actor=manager, complaint=complaint, decision="accept", now=at)
    services.deliver_remedy(actor=manager, complaint=complaint, now=at)
    services.offer_make_good(
        actor=manager, complaint=complaint, base="Зайва сума повернена", credit=Decimal("90.00"),
        plus="Місяць обслуговування", plus_cost=Decimal("10.00"), now=at,
    )  # fmt: skip
    services.deliver_make_good(actor=manager, complaint=complaint, now=at)
    services.plan_prevention(
        actor=manager, complaint=complaint, text="Рахунок збирається лише зі звіту про виїзд.",
        owner=world.staff["marta"], due_date=(at + timedelta(days=10)).date(), now=at,
    )  # fmt: skip


def _standstill(world: World, clients: Clients) -> None:
    """Borea Retail: the tills of a store stand still; answered, being worked on, around the clock."""

    def log(at: datetime) -> None:
        complaint = _log(
            world, clients, "borea", at, impact=1, urgency=1, category="quality", channel="phone",
            client_words="All six self-service tills in store 7 are dark. The queue is out of the door.",
        )  # fmt: skip
        _start_work(world, complaint, at + timedelta(minutes=12))

    world.play.at(world.play.now - timedelta(minutes=55), log)


def _hotels(world: World, clients: Clients) -> None:
    """Sirin Hotels: one waits for a supplier, one for the client, one is new."""
    received = world.hours.subtract(world.play.now, timedelta(hours=11))

    def supplier(at: datetime) -> None:
        complaint = _log(
            world, clients, "sirin", at, impact=2, urgency=2, category="quality",
            client_words="Киоск регистрации гостей третий день показывает ошибку карты.",
        )  # fmt: skip
        _start_work(world, complaint, at + timedelta(minutes=30))
        services.name_tactics(
            actor=complaint.account.owner, complaint=complaint, tactics=["ultimatum"],
            words="Или до пятницы всё работает, или мы ищем других.", now=at + timedelta(minutes=40),
        )  # fmt: skip
        services.wait(
            actor=world.staff["yuri"], complaint=complaint, waiting_for="supplier",
            body="Case 48-113 at the reader's maker: a new board is promised.",
            now=at + timedelta(minutes=45),
        )  # fmt: skip

    def asked(at: datetime) -> None:
        complaint = _log(
            world, clients, "sirin", at, impact=3, urgency=3, category="quality",
            client_words="Экран в лобби иногда гаснет.",
        )  # fmt: skip
        _start_work(world, complaint, at + timedelta(minutes=15), trifle="Loose cable")
        services.name_tactics(
            actor=complaint.account.owner, complaint=complaint, tactics=["discount_or_leave"],
            words="За такой сервис — минус десять процентов.", now=at + timedelta(minutes=20),
        )  # fmt: skip
        services.wait(
            actor=world.staff["yuri"], complaint=complaint, waiting_for="client",
            body=QUESTIONS["ru"], now=at + timedelta(minutes=25),
        )  # fmt: skip

    def new(at: datetime) -> None:
        complaint = _log(
            world, clients, "sirin", at, impact=4, urgency=3, category="documentation",
            channel="email", client_words="Нет инструкции по замене чековой ленты на русском.",
        )  # fmt: skip
        _start_work(world, complaint, at + timedelta(minutes=9), answer=False, trifle="Paper only")

    world.play.at(received, supplier)
    world.play.at(world.hours.subtract(world.play.now, timedelta(hours=6)), asked)
    world.play.at(world.hours.subtract(world.play.now, timedelta(minutes=50)), new)


def _clinics(world: World, clients: Clients) -> None:
    """Nimbus Clinics: a small matter, well in time."""

    def log(at: datetime) -> None:
        complaint = _log(
            world, clients, "nimbus", at, impact=3, urgency=4, category="quality",
            client_words="Одна зі стійок повільно друкує талони.",
        )  # fmt: skip
        _start_work(world, complaint, at + timedelta(minutes=35))

    world.play.at(world.hours.subtract(world.play.now, timedelta(hours=9)), log)


def _schools(world: World, clients: Clients) -> None:
    """Aster Schools used to write every other week, and has not been heard of for seven."""
    account, people = clients["aster"]

    def write(at: datetime) -> None:
        accounts.log_touch(
            actor=account.owner, account=account, summary="Питат за графика на посещенията.",
            contacts=[people[1]], fields={"kind": "email", "direction": "in", "two_way": False},
            now=at,
        )  # fmt: skip

    for days_ago in range(360, 49, -14):
        world.play.at(world.hours.next_open(world.play.now - timedelta(days=days_ago)), write)


def _bad_news(world: World, clients: Clients) -> None:
    """Nimbus Clinics: news of this morning waits to be seen; earlier news took its way."""
    account, _people = clients["nimbus"]
    yuri, daria = world.staff["yuri"], account.owner

    def report(at: datetime, what: str, known: datetime) -> BadNews:
        return accounts.report_bad_news(
            actor=yuri, account=account, what=what, first_known_at=known,
            may_cause="Черги біля реєстратури вранці.", now=at,
        )  # fmt: skip

    def earlier(at: datetime) -> None:
        news = report(at, "Запасні стійки застрягли на митниці.", at - timedelta(minutes=9))
        accounts.acknowledge_bad_news(actor=daria, news=news, now=at + timedelta(minutes=10))
        accounts.tell_client(
            actor=daria, news=news, how="Подзвонила Соломії Гринь.", now=at + timedelta(minutes=101)
        )
        accounts.thank_messenger(actor=daria, news=news, now=at + timedelta(minutes=110))

    def today(at: datetime) -> None:
        report(at, "Оновлення на всі стійки відкладено на тиждень.", at - timedelta(minutes=20))

    for days_ago in (12, 33):
        world.play.at(world.hours.next_open(world.play.now - timedelta(days=days_ago)), earlier)
    world.play.at(world.play.now - timedelta(minutes=28), today)


def _signs(world: World, clients: Clients) -> None:
    """Let the rules look once more, and let Halden's contract wait for consent."""
    draft = world.play.now - timedelta(hours=3)
    world.play.at(draft, lambda at: draft_halden(clients, world.staff, at))
    world.play.at(world.play.now, _watch)


def _watch(at: datetime) -> None:
    watch(at)


def _open_promises(world: World, clients: Clients) -> None:
    """Promises that are due: one is late, one is for today, one for the week."""
    now, hours = world.play.now, world.hours
    wanted = [
        (
            "halden",
            "Send the comparison of maintenance plans",
            hours.subtract(now, timedelta(hours=3)),
        ),
        ("borea", "Bring the plan for the two new stores", hours.add(now, timedelta(hours=5))),
        ("nimbus", "Показати новий екран реєстрації", hours.add_days(now, 3, at=time(12))),
    ]
    for key, text, due in wanted:
        account, people = clients[key]

        def promise(
            at: datetime, account: Account = account, people: list[Contact] = people,
            text: str = text, due: datetime = due,
        ) -> None:  # fmt: skip
            accounts.make_promise(
                actor=account.owner, account=account, kind=Promise.Kind.DELIVERY, text=text,
                due_at=due, made_by=account.owner, contact=people[0], now=at,
            )  # fmt: skip

        world.play.at(min(due, now) - timedelta(days=4), promise)
