"""Shapes of what was written and of files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.models import Attachment, Message
from complaints.serializers.fields import LONGEST_TEXT
from core.rest.inputs import Input
from core.rest.outputs import Output

KINDS = [
    (kind.value, kind.label)
    for kind in (Message.Kind.REPLY, Message.Kind.NOTE, Message.Kind.CLIENT)
]


class MessageOutput(Output[Message]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Message.Kind.choices)
    body = serializers.CharField()
    author = serializers.UUIDField(source="author_id", allow_null=True)
    at = serializers.DateTimeField()
    next_contact_at = serializers.DateTimeField(allow_null=True)


class MessageInput(Input):
    """`reply` goes to the client, `note` stays inside, `client` is what the client said."""

    kind = serializers.ChoiceField(KINDS)
    body = serializers.CharField(max_length=LONGEST_TEXT)
    next_contact_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="When the client hears from us next; replies only."
    )
    is_workaround = serializers.BooleanField(
        default=False, help_text="With this the client can work again; replies only."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == Message.Kind.REPLY:
            return attrs
        if attrs["next_contact_at"]:
            sentence = _("Only a reply promises the next contact.")
            raise serializers.ValidationError({"next_contact_at": [sentence]})
        if attrs["is_workaround"]:
            sentence = _("Only a reply gives the client a workaround.")
            raise serializers.ValidationError({"is_workaround": [sentence]})
        return attrs


class AttachmentOutput(Output[Attachment]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    by = serializers.UUIDField(source="by_id")
    at = serializers.DateTimeField()


class AttachmentInput(Input):
    file = serializers.FileField(help_text="PDF, picture, office document or plain text.")
