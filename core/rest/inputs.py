"""What REST takes: shapes only; the rules are in the services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

UNKNOWN = _("There is no such member.")


class Input(serializers.Serializer[Any]):
    """The body of a request. A member that nobody reads is refused: it may be misspelt."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: [UNKNOWN] for name in unknown}, code="unknown_member"
                )
        return super().to_internal_value(data)


class VisibleRow(serializers.PrimaryKeyRelatedField[Any]):
    """The id of a row that the caller may see; a foreign id and an absent id answer the same."""

    default_error_messages = {"does_not_exist": _("There is no such row, or you may not see it.")}

    def __init__(self, model: type[Model], **options: Any) -> None:
        rows = model._default_manager.all()
        super().__init__(queryset=rows, pk_field=serializers.UUIDField(), **options)

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        visible: QuerySet[Any] = rows.visible_to(self.context["request"].user)
        return visible
