"""Promises over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.models import Promise
from accounts.queries import promise_list
from accounts.serializers import (
    KeepInput,
    PromiseFilters,
    PromiseInput,
    PromiseOutput,
    RenegotiateInput,
    WithdrawInput,
)
from core.rest.views import ReadViewSet, actor_of, service_action, service_call


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
