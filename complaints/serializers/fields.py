"""Fields and limits that several shapes share."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from core.queries import colleagues

LONGEST_TEXT: Final = 20_000


def colleague(**options: Any) -> Any:
    key = serializers.UUIDField()
    return serializers.PrimaryKeyRelatedField(queryset=colleagues(), pk_field=key, **options)


def level(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=4, **options)
