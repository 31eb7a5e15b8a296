"""What can be timed. Apps above say how a timed thing is named, who works on it, what a step does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Protocol
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from core.errors import Sentence
from core.models import User


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What warnings and reviews need to know of a timed thing.

    cause -- why it happened, in words; empty while nobody knows.
    """

    label: str
    assignee_id: UUID | None
    cause: Sentence = ""


@dataclass(frozen=True, slots=True)
class Cases:
    """How many things went wrong for one account; urgent are P1 and P2."""

    total: int
    urgent: int
    trivial: int


class Timed(Protocol):
    """A row about a subject, such as a clock."""

    @property
    def subject_type_id(self) -> int: ...
    @property
    def subject_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """How an app answers for the things of one model.

    facts      -- of many ids, with one query.
    hold       -- locks the things with these ids, so that their clocks may be locked after them.
    refresh    -- lets them take over their clocks' next due moment.
    reassign   -- (id, person's id, now): gives the thing to the person.
    heighten   -- (id, now): raises its priority by one.
    cases      -- (since) → cases by account id, with one query.
    categories -- (value, label) of the kinds for which targets may differ.
    """

    facts: Callable[[set[UUID]], dict[UUID, SubjectFacts]]
    hold: Callable[[set[UUID]], None]
    refresh: Callable[[set[UUID]], None]
    reassign: Callable[[UUID, UUID, datetime], None]
    heighten: Callable[[UUID, datetime], None]
    cases: Callable[[datetime], dict[UUID, Cases]]
    categories: Iterable[tuple[str, Sentence]]


_subjects: dict[type[models.Model], Subject] = {}


def time_subject(model: type[models.Model], subject: Subject) -> None:
    """Let clocks run on the model.

    model -- its default manager has `visible_to(user)`: who sees a row sees its clocks.
    """
    _subjects[model] = subject


def subject_of(timed: Timed) -> Subject:
    """Return who answers for the row's subject. Raises LookupError for a model nobody times."""
    model = ContentType.objects.get_for_id(timed.subject_type_id).model_class()
    if model not in _subjects:
        raise LookupError(f"nobody answers for {model}")
    return _subjects[model]


def facts_of(timed: Iterable[Timed]) -> dict[UUID, SubjectFacts]:
    """Return the facts of the subjects by their ids."""
    by_type: dict[int, set[UUID]] = {}
    for row in timed:
        by_type.setdefault(row.subject_type_id, set()).add(row.subject_id)
    facts: dict[UUID, SubjectFacts] = {}
    for type_id, ids in by_type.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model in _subjects:
            facts |= _subjects[model].facts(ids)
    return facts


def cases_since(since: datetime) -> dict[UUID, Cases]:
    """Return, by account, what went wrong since the moment."""
    answer: dict[UUID, Cases] = {}
    for subject in _subjects.values():
        for account_id, cases in subject.cases(since).items():
            known = answer.get(account_id, Cases(0, 0, 0))
            answer[account_id] = Cases(
                known.total + cases.total,
                known.urgent + cases.urgent,
                known.trivial + cases.trivial,
            )
    return answer


def categories() -> list[tuple[str, Sentence]]:
    """Return the kinds of things for which targets may differ."""
    return [each for subject in _subjects.values() for each in subject.categories]


def visible_subjects(user: User) -> Q:
    """Return the condition on rows with a subject that the person may read the subject itself."""
    doors = [_visible(model, user) for model in _subjects]
    return reduce(or_, doors, Q(pk__in=[]))


def _visible(model: type[models.Model], user: User) -> Q:
    manager: Any = model._default_manager
    rows = manager.visible_to(user)
    content_type = ContentType.objects.get_for_model(model)
    return Q(subject_type=content_type, subject_id__in=rows.values("pk"))
