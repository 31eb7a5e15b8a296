"""Who must hear of a notice: everybody who holds the item, each once (3.7)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from accounts.models import Account, Contact, Holding
from accounts.models.holding import HoldingQuerySet
from accounts.queries import holders_of
from complaints.models import Notice, Recipient
from core.text import fold

LANGUAGES: Final = frozenset(code for code, _name in settings.LANGUAGES)
USUAL_LANGUAGE: Final = "en"
NAME_LENGTH: Final = Recipient._meta.get_field("name").max_length
Group = list[Holding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One who must hear: an account by its contact, or a person who is in no list of ours.

    reseller -- the client through whom he has it.
    is_spared -- nobody there wants to be written to, and the notice is not one that overrides it.
    """

    account: Account | None = None
    reseller: Account | None = None
    contact: Contact | None = None
    name: str
    email: str = ""
    phone: str = ""
    language: str = USUAL_LANGUAGE
    quantity: int
    is_spared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Everybody affected, with the figures that people decide by."""

    affected: tuple[Affected, ...]

    @property
    def recipients(self) -> int:
        return len(self.affected)

    @property
    def languages(self) -> Mapping[str, int]:
        """How many read each language, the most frequent first; only those who get a letter."""
        return dict(Counter(each.language for each in self.affected if each.email).most_common())

    @property
    def accounts(self) -> int:
        return sum(each.account is not None for each in self.affected)

    @property
    def end_users(self) -> int:
        """How many hold it through a client or second-hand, and are no client themselves."""
        return len(self.affected) - self.accounts

    @property
    def pieces(self) -> int:
        return sum(each.quantity for each in self.affected)

    @property
    def to_call(self) -> int:
        """How many have no address that we may write to."""
        return sum(not each.email for each in self.affected)

    @property
    def spared(self) -> int:
        return sum(each.is_spared for each in self.affected)


def exposure(notice: Notice) -> Exposure:
    """Return who holds what the notice is about; three queries for any number of holdings.

    The notice may be unsaved. Accounts come first, each list by name.
    """
    holdings = holders_of(batch=notice.batch, item=notice.item)
    of_account, of_person = _grouped(holdings)
    people = _contacts(holdings) if of_account else {}
    accounts = [
        _account(group, people.get(pk, []), is_told_to_all=notice.is_told_to_all)
        for pk, group in of_account.items()
    ]
    persons = [_person(group) for group in of_person]
    return Exposure(affected=(*_by_name(accounts), *_by_name(persons)))


def _by_name(affected: Iterable[Affected]) -> list[Affected]:
    return sorted(affected, key=lambda each: (fold(each.name), each.email, each.phone))


def _grouped(holdings: Iterable[Holding]) -> tuple[dict[UUID, Group], list[Group]]:
    of_account: dict[UUID, Group] = defaultdict(list)
    unlisted = []
    for holding in holdings:
        if holding.account_id:
            of_account[holding.account_id].append(holding)
        else:
            unlisted.append(holding)
    return of_account, _same_people(unlisted)


def _same_people(holdings: Iterable[Holding]) -> list[Group]:
    """Put together what the same person holds: one address, or else one name and phone."""
    groups: dict[tuple[object, ...], Group] = defaultdict(list)
    known: dict[tuple[object, ...], tuple[object, ...]] = {}
    # Those with an address first, so that a delivery noted without it finds its person.
    for holding in sorted(holdings, key=lambda each: not each.holder_email):
        by_name = _name_key(holding)
        key = (
            (holding.holder_email.lower(),) if holding.holder_email else known.get(by_name, by_name)
        )
        known.setdefault(by_name, key)
        groups[key].append(holding)
    return list(groups.values())


def _name_key(holding: Holding) -> tuple[object, ...]:
    """Two of one name are one person only with the same phone, or at the same reseller."""
    phone = re.sub(r"\D", "", holding.holder_phone)
    return (fold(holding.holder_name), phone or holding.reseller_id)


def _contacts(holdings: HoldingQuerySet) -> dict[UUID, list[Contact]]:
    """Return who works at the holders, those of their groups who work for them too included."""
    holders = holdings.exclude(account=None).order_by().values("account")
    people: dict[UUID, list[Contact]] = defaultdict(list)
    there = Contact.objects.exclude(state=Contact.State.LEFT)
    for contact in there.filter(account__in=holders):
        people[contact.account_id].append(contact)
    links = Contact.also_at.through.objects.filter(
        Q(account__in=holders), ~Q(contact__state=Contact.State.LEFT)
    )
    for link in links.select_related("contact"):
        people[link.account_id].append(link.contact)
    return people


def _account(group: Group, people: Iterable[Contact], *, is_told_to_all: bool) -> Affected:
    account = group[0].account
    assert account is not None  # noqa: S101 -- narrows the type: grouped by it
    asked_not = [each for each in people if not each.may_be_contacted]
    willing = [each for each in people if each.may_be_contacted]
    contact = min([*willing, *(asked_not if is_told_to_all else ())], key=_how_well, default=None)
    affected = Affected(
        account=account,
        reseller=_first(group, "reseller"),
        contact=contact,
        name=account.name,
        language=_spoken(contact.language if contact else account.language),
        quantity=_quantity(group),
    )
    if contact is not None:
        return replace(affected, email=contact.email, phone=contact.phone)
    if asked_not:
        return replace(affected, is_spared=True)
    return replace(affected, **_told(group))


def _how_well(contact: Contact) -> tuple[object, ...]:
    """Order people by whom to write to: an address, then who may be asked, then who decides."""
    return (
        not contact.email,
        not contact.may_be_contacted,
        Contact.Role.DECISION_MAKER not in contact.roles,
        not contact.phone,
        fold(contact.name),
        contact.pk,
    )


def _person(group: Group) -> Affected:
    first = group[0]
    told = _told(group)
    name = first.holder_name
    if not any(told.values()) and first.reseller:
        # Nothing else tells two of the same name apart, and each must be reached.
        name = f"{name} ({first.reseller.name})"
    return Affected(
        reseller=_first(group, "reseller"),
        name=name[:NAME_LENGTH],
        language=_spoken(first.language),
        quantity=_quantity(group),
        **told,
    )


def _told(group: Group) -> dict[str, Any]:
    """Return the first address and phone that a delivery tells."""
    return {
        "email": next(filter(None, (each.holder_email for each in group)), ""),
        "phone": next(filter(None, (each.holder_phone for each in group)), ""),
    }


def _first(group: Group, name: str) -> Account | None:
    return next(filter(None, (getattr(each, name) for each in group)), None)


def _quantity(group: Group) -> int:
    return sum(each.quantity for each in group)


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else USUAL_LANGUAGE
