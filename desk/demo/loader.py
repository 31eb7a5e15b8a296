"""Builds the demo world once; a second call finds it and changes nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts import services as accounts
from accounts.models import Account, Contact
from core.models import Calendar, Heartbeat, Notification, OutgoingMail, User
from core.models.calendar import work_calendar
from core.operations import SYSTEM
from core.services.calendar import create_calendar, import_holidays
from desk.demo.clients import CLIENTS, Client
from desk.demo.contracts import sign_contracts
from desk.demo.house import plan_house
from desk.demo.learning import plan_learning
from desk.demo.month import begin_of_month, plan_month
from desk.demo.people import hire
from desk.demo.play import Play
from desk.demo.today import plan_today
from desk.demo.world import World
from desk.demo.year import plan_year

SEED = 20260311
MARK = "demo"
FIRST = 10
"""The number of a client's first person, who decides there."""
STILL_UNREAD = timedelta(days=2)
NINE_TO_SIX = {str(day): [[9 * 3600, 18 * 3600]] for day in range(5)}
Say = Callable[[str], object]


def is_loaded() -> bool:
    return Heartbeat.objects.filter(name=MARK).exists()


def has_people() -> bool:
    return User.objects.exists()


@transaction.atomic
def load_demo(now: datetime, say: Say) -> bool:
    """Build the world as of now and return whether there was anything to build."""
    if is_loaded():
        return False
    staff = hire()
    start = now - timedelta(days=366)
    calendar = _calendar(start)
    clients = {client.key: _client(client, staff, calendar, start) for client in CLIENTS}
    _parents(clients, start)
    sign_contracts(clients, staff, start, now)
    say("Playing a year of work …")
    _play(staff, calendar, clients, now)
    _settle(now)
    Heartbeat.objects.create(name=MARK, at=now)
    return True


def _calendar(at: datetime) -> Calendar:
    calendar = create_calendar(
        actor=SYSTEM, name="Sofia office", country="BG", zone="Europe/Sofia", week=NINE_TO_SIX, now=at
    )  # fmt: skip
    import_holidays(
        actor=SYSTEM,
        calendar=calendar,
        country="BG",
        years=range(at.year, at.year + 5),
        language="en",
        now=at,
    )
    return calendar


def _client(
    client: Client, staff: dict[str, User], calendar: Calendar, at: datetime
) -> tuple[Account, list[Contact]]:
    account = accounts.create_account(
        actor=SYSTEM,
        owner=staff[client.owner],
        fields={
            "name": client.name, "language": client.language, "tier": client.tier,
            "country": client.country, "city": client.city, "stage": Account.Stage.CLIENT,
            "client_since": (at - timedelta(days=600)).date(), "calendar": calendar,
            "time_zone": client.time_zone, "website": f"https://{client.domain}",
        },
        now=at,
    )  # fmt: skip
    people = [
        accounts.add_contact(
            actor=SYSTEM,
            account=account,
            fields={
                "name": name, "title": title, "emails": [f"{mail}@{client.domain}"],
                "phones": [f"+359 2 555 01{number:02d}"], "language": client.language,
                "roles": ["decision_maker"] if number == FIRST else ["user"],
            },
            now=at,
        )
        for number, (name, title, mail) in enumerate(client.people, start=FIRST)
    ]  # fmt: skip
    return account, people


def _parents(clients: dict[str, tuple[Account, list[Contact]]], at: datetime) -> None:
    for client in CLIENTS:
        if client.parent:
            accounts.edit_account(
                actor=SYSTEM,
                account=clients[client.key][0],
                fields={"parent": clients[client.parent][0], "parent_relation": "subsidiary"},
                now=at,
            )


def _play(
    staff: dict[str, User],
    calendar: Calendar,
    clients: dict[str, tuple[Account, list[Contact]]],
    now: datetime,
) -> None:
    assert calendar.current_id is not None  # noqa: S101 -- a made calendar has hours
    dice = random.Random(SEED)  # noqa: S311 -- the same world at every load
    world = World(staff, work_calendar(calendar.current_id), Play(now), dice)
    quiet = {"borea": begin_of_month(now) - timedelta(days=8), "aster": now - timedelta(days=60)}
    for client in CLIENTS:
        until = (now - quiet.get(client.key, now)) / timedelta(days=1)
        plan_year(world, client, *clients[client.key], until_days_ago=until)
    plan_month(world, *clients["borea"])
    plan_house(world)
    plan_today(world, clients)
    plan_learning(world, clients)
    world.play.run()


def _settle(now: datetime) -> None:
    """Old notifications were read long ago, and no mail of the demo leaves the house."""
    old = Notification.objects.filter(created_at__lt=now - STILL_UNREAD)
    old.update(read_at=F("created_at"))
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=F("next_try_at"))
