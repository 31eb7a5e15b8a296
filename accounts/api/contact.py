"""The client's people over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.keywords import one_by_one
from accounts.models import Contact
from accounts.queries import stake_contact_list
from accounts.serializers import (
    AddContactInput,
    ContactFilters,
    ContactInput,
    InfluenceInput,
    StakeContactOutput,
)
from accounts.services.contact import EDITABLE
from core.rest.views import ReadViewSet, actor_of, service_action, service_call

add_contact = one_by_one(services.add_contact, EDITABLE)
edit_contact = one_by_one(services.edit_contact, EDITABLE)


class ContactViewSet(ReadViewSet[Contact]):
    """People on the client's side."""

    scope = "accounts"
    queryset = Contact.objects.all()
    serializer_class = StakeContactOutput
    filterset_class = ContactFilters
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Contact]:
        return stake_contact_list(actor_of(self.request)).prefetch_related("also_at")

    @service_call(add_contact, takes=AddContactInput, creates=True)
    def create(self) -> None:
        """Add a person of an account."""

    @service_call(edit_contact, on="contact", takes=ContactInput)
    def partial_update(self) -> None:
        """Change a person's card."""

    @service_action(services.set_influence, on="contact", takes=InfluenceInput)
    def set_influence(self) -> None:
        """Say how much the person's word weighs there, 5 the most; null where nobody knows."""
