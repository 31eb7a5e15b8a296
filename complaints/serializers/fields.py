"""Fields and limits that several shapes share."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from core.queries import colleagues

LONGEST_TEXT: Final = 20_000


def colleague(**options: Any) -> Any:
    key = serializers.UUIDField()
    return serializers.PrimaryKeyRelatedField(queryset=colleagues(), pk_field=key, **options)


def override_reason() -> serializers.CharField:
    return serializers.CharField(
        default="", max_length=500, allow_blank=True,
        help_text="Why it goes out although the reply check stops it; the heads read it.",
    )  # fmt: skip


def level(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=4, **options)
