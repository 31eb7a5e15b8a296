"""Accounts, their people, talks and promises over REST: the same services as the pages."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.routers import SimpleRouter

from accounts import services
from accounts.keywords import one_by_one
from accounts.models import Account, Contact, Promise, Touch
from accounts.queries import contact_list, promise_list, touch_list
from accounts.serializers import (
    AccountDetailOutput,
    AccountFilters,
    AccountInput,
    AccountOutput,
    AddContactInput,
    ContactFilters,
    ContactInput,
    ContactOutput,
    CreateAccountInput,
    KeepInput,
    PromiseFilters,
    PromiseInput,
    PromiseOutput,
    ReassignInput,
    RenegotiateInput,
    StakeTouchOutput,
    TouchFilters,
    TouchInput,
    WithdrawInput,
)
from accounts.services.account import EDITABLE as OF_ACCOUNT
from accounts.services.contact import EDITABLE as OF_CONTACT
from accounts.services.touch import EDITABLE as OF_TOUCH
from accounts.timeline import story_entries
from core.models import AuditEntry
from core.rest.api import told_to
from core.rest.serializers import EntryOutput
from core.rest.views import ReadViewSet, actor_of, service_action, service_call, sublist

create_account = one_by_one(services.create_account, OF_ACCOUNT)
edit_account = one_by_one(services.edit_account, OF_ACCOUNT)
add_contact = one_by_one(services.add_contact, OF_CONTACT)
edit_contact = one_by_one(services.edit_contact, OF_CONTACT)
log_touch = one_by_one(services.log_touch, OF_TOUCH)


class AccountViewSet(ReadViewSet[Account]):
    """Client companies."""

    scope = "accounts"
    queryset = Account.objects.filter(archived_at=None)
    serializer_class = AccountOutput
    detail_class = AccountDetailOutput
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


class ContactViewSet(ReadViewSet[Contact]):
    """People on the client's side."""

    scope = "accounts"
    queryset = Contact.objects.all()
    serializer_class = ContactOutput
    filterset_class = ContactFilters
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Contact]:
        return contact_list(actor_of(self.request)).prefetch_related("also_at")

    @service_call(add_contact, takes=AddContactInput, creates=True)
    def create(self) -> None:
        """Add a person of an account."""

    @service_call(edit_contact, on="contact", takes=ContactInput)
    def partial_update(self) -> None:
        """Change a person's card."""


class InteractionViewSet(ReadViewSet[Touch]):
    """Talks with clients, newest first."""

    scope = "accounts"
    queryset = Touch.objects.all()
    serializer_class = StakeTouchOutput
    filterset_class = TouchFilters
    ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Touch]:
        return touch_list(actor_of(self.request))

    @service_call(log_touch, takes=TouchInput, creates=True)
    def create(self) -> None:
        """Log a talk."""


class PromiseViewSet(ReadViewSet[Promise]):
    """Everything of which we said "we will"."""

    scope = "accounts"
    queryset = Promise.objects.all()
    serializer_class = PromiseOutput
    filterset_class = PromiseFilters
    ordering = ("due_at", "id")
    orderings = {"due": ("due_at", "id"), "made": ("made_at", "id")}

    def get_queryset(self) -> QuerySet[Promise]:
        return promise_list(actor_of(self.request))

    @service_call(services.make_promise, takes=PromiseInput, creates=True)
    def create(self) -> None:
        """Note a promise; the one who keeps it is reminded in time."""

    @service_action(services.keep_promise, on="promise", takes=KeepInput)
    def keep(self) -> None:
        """Say that it was done. Late stays late, broken stays broken."""

    @service_action(services.renegotiate_promise, on="promise", takes=RenegotiateInput)
    def renegotiate(self) -> None:
        """Move it before it is due, with the client's consent; the second time counts as late."""

    @service_action(services.withdraw_promise, on="promise", takes=WithdrawInput)
    def withdraw(self) -> None:
        """Say that the client no longer needs it."""


def register(router: SimpleRouter) -> None:
    """Add the resources."""
    router.register("accounts", AccountViewSet)
    router.register("contacts", ContactViewSet)
    router.register("interactions", InteractionViewSet)
    router.register("promises", PromiseViewSet)
