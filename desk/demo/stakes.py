"""How the people of Sirin Hotels stand to us, and what we earn with each client."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from accounts import services as accounts
from accounts.models import Account, Contact
from desk.demo.world import World

Clients = dict[str, tuple[Account, list[Contact]]]
STANDINGS: Final = (
    (2, 3, "Показала нам график смен до того, как мы спросили."),
    (1, 5, "Позвала на обсуждение бюджета."),
    (1, 2, "Прислала фото дефекта в тот же час."),
    (-1, 4, "Сравнивает нас вслух с другим поставщиком."),
)
"""Attitude, influence and the fact behind it, in the order of the people of Sirin Hotels."""
MARGINS: Final = {
    "borea": "46000.00", "logistics": "9000.00", "nimbus": "21000.00", "halden": "18000.00",
    "sirin": "12500.00", "kobza": "1200.00", "lipa": "900.00", "aster": "3400.00",
}  # fmt: skip


def plan_stakes(world: World, clients: Clients) -> None:
    world.play.at(world.working_moment(15), lambda at: _read(world, clients, at))


def _read(world: World, clients: Clients, at: datetime) -> None:
    account, people = clients["sirin"]
    for contact, (value, influence, reason) in zip(people, STANDINGS, strict=True):
        accounts.set_influence(actor=account.owner, contact=contact, influence=influence, now=at)
        accounts.read_attitude(
            actor=account.owner, contact=contact, value=value, reason=reason, now=at
        )
    for key, margin in MARGINS.items():
        account, _people = clients[key]
        accounts.set_annual_margin(
            actor=world.staff["marta"], account=account, annual_margin=Decimal(margin),
            now=at + timedelta(minutes=1),
        )  # fmt: skip
