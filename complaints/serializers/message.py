"""Shapes of what was written and of files."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.models import Apology, Attachment, Message
from complaints.serializers.fields import LONGEST_TEXT, override_reason
from core.rest.inputs import Input
from core.rest.outputs import Output

KINDS = [
    (kind.value, kind.label)
    for kind in (Message.Kind.REPLY, Message.Kind.NOTE, Message.Kind.CLIENT)
]
ONLY_OF_REPLIES = {
    "next_contact_at": _("Only a reply promises the next contact."),
    "is_workaround": _("Only a reply gives the client a workaround."),
    "apology": _("Only a reply says that we are sorry."),
    "override_reason": _("Only a reply is checked before it is sent."),
}


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
    apology = serializers.ChoiceField(
        Apology.Form.choices, default="", allow_blank=True,
        help_text="Its form, if the reply says that we are sorry.",
    )  # fmt: skip
    override_reason = override_reason()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["kind"] == Message.Kind.REPLY:
            return attrs
        wrong = {name: [says] for name, says in ONLY_OF_REPLIES.items() if attrs[name]}
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


class AttachmentOutput(Output[Attachment]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    by = serializers.UUIDField(source="by_id", allow_null=True)
    is_restricted = serializers.BooleanField()
    at = serializers.DateTimeField()


class AttachmentInput(Input):
    file = serializers.FileField(help_text="PDF, picture, office document or plain text.")
    is_restricted = serializers.BooleanField(
        default=False, help_text="Only those who work on the case open it."
    )
