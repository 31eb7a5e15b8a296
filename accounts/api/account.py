"""Accounts over REST: the same services as the pages."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.keywords import one_by_one
from accounts.models import Account, Contact, Promise
from accounts.queries import contact_list, people_to_call, promise_list
from accounts.serializers import (
    AccountFilters,
    AccountInput,
    AccountOutput,
    ContactOutput,
    CostAccountOutput,
    CreateAccountInput,
    InsidersOutput,
    MarginInput,
    PromiseOutput,
    ReassignInput,
    SignContractInput,
)
from accounts.services.account import EDITABLE
from accounts.timeline import story_entries
from core.models import AuditEntry
from core.rest.api import told_to
from core.rest.serializers import EntryOutput
from core.rest.views import ReadViewSet, actor_of, service_action, service_call, sublist

create_account = one_by_one(services.create_account, EDITABLE)
edit_account = one_by_one(services.edit_account, EDITABLE)


class AccountViewSet(ReadViewSet[Account]):
    """Client companies."""

    scope = "accounts"
    queryset = Account.objects.filter(archived_at=None)
    serializer_class = AccountOutput
    detail_class = CostAccountOutput
    filterset_class = AccountFilters
    ordering = ("sort_name", "id")
    orderings = {
        "name": ("sort_name", "id"),
        "created": ("id",),
        "last_touch": ("last_touch_at", "id"),
    }

    @service_call(create_account, takes=CreateAccountInput, creates=True)
    def create(self) -> None:
        """Add a client company. It is a lead unless you say otherwise."""

    @service_call(edit_account, on="account", takes=AccountInput)
    def partial_update(self) -> None:
        """Change what a person edits. A new parent moves the whole branch below."""

    @service_action(services.reassign_account, on="account", takes=ReassignInput)
    def reassign(self) -> None:
        """Give the account to another account manager, deputy and team; all hear of it."""

    @service_action(services.sign_contract, on="account", takes=SignContractInput)
    def sign_contract(self) -> None:
        """Record the signed contract of a lead or prospect: from its day on it is a client."""

    @service_action(services.set_annual_margin, on="account", takes=MarginInput)
    def set_annual_margin(self) -> None:
        """Say what we earn with the client in a year."""

    @extend_schema(responses=InsidersOutput)
    @action(detail=True, methods=["get"])
    def insiders(self, request: Request, **kwargs: str) -> Response:
        """Tell whom to call first. Only who may read what people there think of us; no program."""
        told = people_to_call(actor_of(request), self.get_object(), self.now)
        if told is None:
            raise PermissionDenied
        return Response(InsidersOutput(told).data)

    @sublist(ContactOutput, ordering=("name", "id"))
    def people(self, account: Account) -> QuerySet[Contact]:
        """List the client's people, those of its group who work for it included."""
        theirs = contact_list(actor_of(self.request)).of(account)
        return theirs.prefetch_related("also_at")

    @sublist(EntryOutput, ordering=("-happened_at", "-id"))
    def timeline(self, account: Account) -> QuerySet[AuditEntry]:
        """Tell what happened, newest first, as much of it as you may read."""
        entries = story_entries(actor_of(self.request), account, "")
        return entries.filter(told_to(self.request.auth, "verb"))

    @sublist(PromiseOutput, ordering=("due_at", "id"))
    def promises(self, account: Account) -> QuerySet[Promise]:
        """List what was promised to the client."""
        return promise_list(actor_of(self.request)).filter(account=account)
