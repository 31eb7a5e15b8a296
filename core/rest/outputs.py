"""What REST shows: fields are listed, none is guessed from a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final, TypeVar

from rest_framework import serializers
from rest_framework.fields import SkipField
from rest_framework.relations import PKOnlyObject

T = TypeVar("T")
Reader = Callable[[Any], Any]
AnyField = serializers.Field[Any, Any, Any, Any]


class Output(serializers.Serializer[T]):
    """Shows a row as DRF would, in half the time: plain columns are read without ceremony."""

    def to_representation(self, instance: T) -> dict[str, Any]:
        shown = {}
        for name, read in self._readers(type(instance)):
            try:
                shown[name] = read(instance)
            except SkipField:
                continue
        return shown

    def _readers(self, kind: type) -> list[tuple[str, Reader]]:
        made: dict[type, list[tuple[str, Reader]]] = self.__dict__.setdefault("_made", {})
        if kind not in made:
            made[kind] = [(name, _reader(field, kind)) for name, field in self.fields.items()]
        return made[kind]


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


_QUICK: Final[Mapping[type[AnyField], Reader | None]] = {
    serializers.BooleanField: None,
    serializers.CharField: str,
    serializers.ChoiceField: None,
    serializers.DateTimeField: _moment,
    serializers.IntegerField: None,
    serializers.UUIDField: str,
}
"""How these fields show a column's value; None is as it is."""


def _reader(field: AnyField, kind: type) -> Reader:
    source = str(field.source)
    is_there = field.required or field.read_only
    is_column = is_there and source.isidentifier() and not callable(getattr(kind, source, None))
    if type(field) not in _QUICK or not is_column or vars(field).get("format"):
        return _patient_reader(field)
    read, show = attrgetter(source), _QUICK[type(field)]
    return read if show is None else lambda row: None if (got := read(row)) is None else show(got)


def _patient_reader(field: AnyField) -> Reader:
    def read(row: Any) -> Any:
        got = field.get_attribute(row)
        is_empty = got is None or (isinstance(got, PKOnlyObject) and got.pk is None)
        return None if is_empty else field.to_representation(got)

    return read
