"""What can be timed. Apps above say how a timed thing is named and who works on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Protocol
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from core.models import User


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What a warning needs to know of a timed thing."""

    label: str
    assignee_id: UUID | None


class Timed(Protocol):
    """A row about a subject, such as a clock."""

    @property
    def subject_type_id(self) -> int: ...
    @property
    def subject_id(self) -> UUID: ...


Reader = Callable[[set[UUID]], dict[UUID, SubjectFacts]]
_readers: dict[type[models.Model], Reader] = {}


def time_subject(model: type[models.Model], reader: Reader) -> None:
    """Let clocks run on the model; the reader answers for many ids with one query.

    model -- its default manager has `visible_to(user)`: who sees a row sees its clocks.
    """
    _readers[model] = reader


def facts_of(timed: Iterable[Timed]) -> dict[UUID, SubjectFacts]:
    """Return the facts of the subjects by their ids."""
    by_type: dict[int, set[UUID]] = {}
    for row in timed:
        by_type.setdefault(row.subject_type_id, set()).add(row.subject_id)
    facts: dict[UUID, SubjectFacts] = {}
    for type_id, ids in by_type.items():
        model = ContentType.objects.get_for_id(type_id).model_class()
        if model in _readers:
            facts |= _readers[model](ids)
    return facts


def visible_subjects(user: User) -> Q:
    """Return the condition on rows with a subject that the person may read the subject itself."""
    doors = [_visible(model, user) for model in _readers]
    return reduce(or_, doors, Q(pk__in=[]))


def _visible(model: type[models.Model], user: User) -> Q:
    manager: Any = model._default_manager
    rows = manager.visible_to(user)
    content_type = ContentType.objects.get_for_model(model)
    return Q(subject_type=content_type, subject_id__in=rows.values("pk"))
