"""The client's link over REST: that it exists, and sending or withdrawing it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from complaints import services
from complaints.links import links_of
from complaints.models import ClientLink, Complaint
from complaints.serializers.client_link import ClientLinkOutput, RevokeLinkInput
from core.rest.views import actor_of, service_action, sublist


class ClientLinkActions:
    request: Any

    @service_action(services.renew_client_link, on="complaint")
    def renew_client_link(self) -> None:
        """Send the contact a new link to his page by mail; earlier ones open nothing any more."""

    @service_action(services.revoke_client_link, on="complaint", takes=RevokeLinkInput)
    def revoke_client_link(self) -> None:
        """Withdraw every link to the client's page; the next letter brings a new one."""

    @sublist(ClientLinkOutput)
    def client_links(self, complaint: Complaint) -> QuerySet[ClientLink]:
        """List the links that were given, the newest first; never their secrets."""
        return links_of(complaint, actor_of(self.request))
