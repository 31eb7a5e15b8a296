"""Shapes of the client's link; its secret is in no shape."""

from __future__ import annotations

from rest_framework import serializers

from complaints.models import ClientLink
from core.rest.inputs import Input
from core.rest.outputs import Output


class ClientLinkOutput(Output[ClientLink]):
    id = serializers.UUIDField()
    contact = serializers.UUIDField(source="contact_id", allow_null=True)
    created_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(
        allow_null=True, help_text="Null while the complaint is open: then it does not end."
    )
    revoked_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(
        allow_null=True, help_text="When the page was last looked at, to the hour."
    )


class RevokeLinkInput(Input):
    reason = serializers.CharField(max_length=500)
