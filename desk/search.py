"""One box over clients, their people and their complaints; nobody finds what he may not read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from accounts.queries import account_list, contact_list, promise_list
from complaints.lessons import problem_list
from complaints.models import Complaint
from complaints.queries import complaint_list
from core.errors import Sentence
from core.models import User
from core.text import fold
from sla.queries import contract_list

MOST: Final = 8
SHORTEST: Final = 2
NUMBER: Final = re.compile(r"([A-Z]{3})-(?:\d{4}-)?\d{5,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """mark -- (kind, value, words) of a badge."""

    title: str
    facts: str
    url: str
    mark: tuple[str, str, Sentence] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hits of one kind; all_url lists all of them, if there are more than are shown."""

    label: Sentence
    icon: str
    hits: list[Hit]
    all_url: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows that people know by a number, and the page of one."""

    rows: Callable[[User], QuerySet[Any]]
    url_name: str


NUMBERED: Final = {
    "ACC": Numbered(account_list, "accounts:detail"),
    "CMP": Numbered(complaint_list, "complaints:detail"),
    "PRB": Numbered(problem_list, "complaints:problem"),
    "PRM": Numbered(promise_list, "accounts:promise"),
    "SLA": Numbered(contract_list, "sla:detail"),
}


def place_of_number(user: User, words: str) -> str:
    """Return the page of the row with this number, or "" if it is none or not the reader's."""
    number = words.strip().upper()
    found = NUMBER.fullmatch(number)
    kind = NUMBERED.get(found[1]) if found else None
    if kind is None:
        return ""
    pk = kind.rows(user).filter(no=number).values_list("pk", flat=True).first()
    return reverse(kind.url_name, args=[pk]) if pk else ""


def find(user: User, words: str) -> list[Group]:
    """Return what the words may mean, by kind; nothing for fewer than two letters."""
    if len(fold(words)) < SHORTEST:
        return []
    groups = (_accounts(user, words), _people(user, words), _complaints(user, words))
    return [group for group in groups if group.hits]


def _most_alike(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    likeness = TrigramWordSimilarity(fold(words), "search_text")
    ranked: QuerySet[Any] = rows.alias(likeness=likeness).order_by("-likeness", "id")
    return ranked


def _all(url_name: str, words: str) -> str:
    return f"{reverse(url_name)}?{urlencode({'q': words})}"


def _accounts(user: User, words: str) -> Group:
    rows = list(_most_alike(account_list(user).matching(words), words)[: MOST + 1])
    return Group(
        label=_("Accounts"),
        icon="building",
        hits=[_account(row) for row in rows[:MOST]],
        all_url=_all("accounts:index", words) if len(rows) > MOST else "",
    )


def _account(account: Account) -> Hit:
    return Hit(
        title=account.name,
        facts=" · ".join(filter(None, (account.no, account.city, account.owner.name))),
        url=reverse("accounts:detail", args=[account.pk]),
        mark=("accounts.stage", account.stage, account.get_stage_display()),
    )


def _people(user: User, words: str) -> Group:
    rows = _most_alike(contact_list(user).matching(words), words)[:MOST]
    return Group(label=_("People"), icon="users", hits=[_contact(row) for row in rows])


def _contact(contact: Contact) -> Hit:
    return Hit(
        title=contact.name,
        facts=" · ".join(filter(None, (contact.account.name, contact.title, contact.phone))),
        url=reverse("accounts:contact", args=[contact.pk]),
    )


def _complaints(user: User, words: str) -> Group:
    rows = list(complaint_list(user).matching(words)[: MOST + 1])
    return Group(
        label=_("Complaints"),
        icon="inbox",
        hits=[_complaint(row) for row in rows[:MOST]],
        all_url=_all("complaints:index", words) if len(rows) > MOST else "",
    )


def _complaint(complaint: Complaint) -> Hit:
    return Hit(
        title=complaint.title,
        facts=f"{complaint.no} · {complaint.account.name}",
        url=reverse("complaints:detail", args=[complaint.pk]),
        mark=("complaints.state", complaint.state, complaint.get_state_display()),
    )
