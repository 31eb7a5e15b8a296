"""The clients and their people, as invented for the demo."""

from __future__ import annotations

from dataclasses import dataclass

Person = tuple[str, str, str]
"""Name, job title, part of the address before the @."""


@dataclass(frozen=True, slots=True)
class Client:
    """One account of the demo; complaints is how many it had in the year."""

    key: str
    name: str
    language: str
    tier: str
    owner: str
    country: str
    city: str
    domain: str
    complaints: int
    people: tuple[Person, ...]
    parent: str = ""
    time_zone: str = "Europe/Sofia"


CLIENTS = (
    Client(
        "borea", "Borea Retail Group", "en", "strategic", "anton", "BG", "Sofia", "borea.example", 34,
        (
            ("Helen Marsh", "Chief operating officer", "h.marsh"),
            ("Tom Vidal", "Head of store systems", "t.vidal"),
            ("Nadia Brenner", "Purchasing", "n.brenner"),
        ),
    ),
    Client(
        "logistics", "Borea Logistics", "ru", "standard", "anton", "BG", "Варна", "log.borea.example",
        18,
        (
            ("Игорь Савин", "Директор склада", "savin"),
            ("Ольга Тихонова", "Начальник смены", "tikhonova"),
        ),
        parent="borea",
    ),
    Client(
        "nimbus", "Nimbus Clinics", "uk", "strategic", "daria", "UA", "Київ", "nimbus.example", 12,
        (
            ("Соломія Гринь", "Операційна директорка", "hryn"),
            ("Андрій Ладний", "Керівник ІТ", "ladnyi"),
        ),
        time_zone="Europe/Kyiv",
    ),
    Client(
        "halden", "Halden Foods", "en", "key", "daria", "DE", "Hamburg", "halden.example", 14,
        (
            ("Greta Olsen", "Head of procurement", "g.olsen"),
            ("Piet Larsen", "Plant manager", "p.larsen"),
        ),
        time_zone="Europe/Berlin",
    ),
    Client(
        "sirin", "Sirin Hotels", "ru", "key", "stefan", "BG", "Бургас", "sirin.example", 16,
        (
            ("Ирина Белова", "Руководитель эксплуатации", "belova"),
            ("Елена Кравец", "Операционный директор", "kravets"),
            ("Мира Петкова", "Инженер по качеству", "petkova"),
            ("Павел Орлов", "Закупки", "orlov"),
        ),
    ),
    Client(
        "kobza", "Kobza Media", "uk", "standard", "daria", "UA", "Львів", "kobza.example", 14,
        (("Тарас Кобилко", "Директор", "kobylko"), ("Леся Вербова", "Бухгалтерка", "verbova")),
        time_zone="Europe/Kyiv",
    ),
    Client(
        "lipa", "Lipa Bakery", "bg", "small", "stefan", "BG", "Пловдив", "lipa.example", 12,
        (("Рада Липова", "Собственик", "rada"),),
    ),
    Client(
        "aster", "Aster Schools", "bg", "standard", "stefan", "BG", "Русе", "aster.example", 9,
        (("Десислава Манева", "Директор", "maneva"), ("Огнян Тодев", "Домакин", "todev")),
    ),
)  # fmt: skip
