"""Fields that several shapes share."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from core.queries import colleagues

LONGEST_TEXT: Final = 20_000


def colleague(**options: Any) -> Any:
    """Return the id of somebody of the house who may be given work."""
    key = serializers.UUIDField()
    return serializers.PrimaryKeyRelatedField(queryset=colleagues(), pk_field=key, **options)
