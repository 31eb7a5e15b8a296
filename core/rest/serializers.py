"""Shapes of the resources that every member of staff has: himself, his tokens, his bell."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from rest_framework import serializers

from core.history import as_programs_read
from core.models import ApiToken, AuditEntry, Notification, User
from core.rest.inputs import Input
from core.rest.outputs import Output

SCOPES = ApiToken.Scope.choices


class MeOutput(Output[User]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(User.Role.choices))
    language = serializers.CharField()
    time_zone = serializers.CharField()
    scopes = serializers.SerializerMethodField(help_text="Of this token; null in a session.")

    def get_scopes(self, user: User) -> list[str] | None:
        token = self.context["request"].auth
        return token.scopes if isinstance(token, ApiToken) else None


class TokenOutput(Output[ApiToken]):
    id = serializers.UUIDField(source="public_id")
    user = serializers.UUIDField(source="user_id")
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES))
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)


class NewTokenOutput(TokenOutput):
    key = serializers.CharField(allow_null=True, help_text="Shown this once; keep it safe.")


class TokenInput(Input):
    user = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.in_role(User.Role.API_CLIENT),
        pk_field=serializers.UUIDField(),
        required=False,
        help_text="The program the token is for; absent for yourself.",
    )
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(SCOPES), min_length=1, max_length=len(SCOPES)
    )
    expires_at = serializers.DateTimeField(allow_null=True, default=None)


class TargetOutput(Output[Any]):
    type = serializers.SerializerMethodField()
    id = serializers.UUIDField(source="target_id")

    def get_type(self, entry: AuditEntry) -> str:
        return ContentType.objects.get_for_id(entry.target_type_id).model


class EntryOutput(Output[AuditEntry]):
    id = serializers.UUIDField()
    verb = serializers.CharField()
    says = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()
    happened_at = serializers.DateTimeField()
    actor = serializers.UUIDField(source="actor_id", allow_null=True)
    on_behalf_of = serializers.UUIDField(source="on_behalf_of_id", allow_null=True)
    account = serializers.UUIDField(source="account_id", allow_null=True)
    target = TargetOutput(source="*")
    changes = serializers.DictField(child=serializers.ListField(), help_text="{field: [old, new]}")
    details = serializers.DictField()
    reason = serializers.CharField(help_text="Programs read none of complaints.")

    def to_representation(self, instance: AuditEntry) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return shown | (as_programs_read(instance) if self._is_for_program else {})

    @property
    def _is_for_program(self) -> bool:
        request = self.context.get("request")
        return request is not None and request.user.has_role(User.Role.API_CLIENT)


class NotificationOutput(Output[Notification]):
    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    verb = serializers.CharField(source="entry.verb")
    says = serializers.CharField(source="entry.says")
    label = serializers.CharField(source="entry.label")  # type: ignore[assignment]
    account = serializers.UUIDField(source="entry.account_id", allow_null=True)
    target = TargetOutput(source="entry")


class CountOutput(Output[Any]):
    count = serializers.IntegerField()
