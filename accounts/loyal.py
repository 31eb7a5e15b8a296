"""The people of a client in the order in which to call them, ready to render."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from accounts.insiders import Loyalty, Standing, insider_score, loyalty
from accounts.models import AttitudeReading, Contact
from core.errors import Sentence

LONG_AGO: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Insider:
    """Somebody at the client whose attitude we know.

    score -- 0…100, None for one who is against us.
    days_since_touch -- whole days since we last talked with him; None is never.
    """

    contact: Contact
    score: Decimal | None
    attitude: int
    days_since_touch: int | None

    @property
    def influence(self) -> int | None:
        return self.contact.influence

    @property
    def attitude_words(self) -> Sentence:
        return AttitudeReading.Value(self.attitude).label


@dataclass(frozen=True, slots=True, kw_only=True)
class WhomToCall:
    """loyal -- the most loyal first.

    least_negative -- with whom to begin when nobody is loyal.
    unread -- how many people there nobody has judged yet.
    """

    loyal: list[Insider]
    least_negative: Insider | None
    loyalty: Loyalty | None
    unread: int


def whom_to_call(people: Iterable[Any], now: datetime) -> WhomToCall:
    """Rank the people of `queries.stakeholders`."""
    judged, unread = [], 0
    for person in people:
        if person.attitude is None:
            unread += 1
        else:
            judged.append((person, _standing(person, now)))
    known = [_insider(person, standing) for person, standing in judged]
    loyal = sorted((each for each in known if each.score is not None), key=_rank)
    return WhomToCall(
        loyal=loyal,
        least_negative=None if loyal else min(known, key=_least_negative, default=None),
        loyalty=loyalty(standing for _person, standing in judged),
        unread=unread,
    )


def _standing(person: Any, now: datetime) -> Standing:
    return Standing(
        attitude=person.attitude,
        influence=person.influence,
        age_days=(now - person.read_at).days,
        days_since_touch=(now - person.talked_at).days if person.talked_at else None,
        roles=person.roles,
    )


def _insider(person: Contact, standing: Standing) -> Insider:
    return Insider(
        contact=person,
        score=insider_score(standing),
        attitude=standing.attitude,
        days_since_touch=standing.days_since_touch,
    )


def _rank(insider: Insider) -> tuple[Any, ...]:
    return (-(insider.score or 0), *_recent(insider))


def _least_negative(insider: Insider) -> tuple[Any, ...]:
    return (-insider.attitude, *_recent(insider))


def _recent(insider: Insider) -> tuple[Any, ...]:
    days = insider.days_since_touch
    return (LONG_AGO if days is None else days, insider.contact.name, insider.contact.pk)
