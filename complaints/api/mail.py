"""Mailboxes and their letters over REST, and placing a complaint with its account."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from rest_framework.generics import get_object_or_404
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer

from complaints import services
from complaints.mail_queries import letters_of
from complaints.models import InboundMail, Mailbox
from complaints.permissions.mail import keeps_mailboxes, reads_letters
from complaints.serializers.mail import (
    BareLetterOutput,
    LetterFilters,
    LetterOutput,
    MailboxOutput,
    MoveInput,
    RetryInput,
)
from core.models import User
from core.rest.tokens import NO_TOKEN
from core.rest.views import ReadViewSet, actor_of, service_action, sublist


class MovingActions:
    @service_action(services.move, on="complaint", takes=MoveInput)
    def move(self) -> None:
        """Give a complaint of somebody unknown to his account; the deadlines follow its terms."""


def retry_letter(*, actor: User, mailbox: Mailbox, mail: UUID, now: datetime) -> Mailbox:
    """Let a letter of the mailbox be read once more."""
    letters = InboundMail.objects.filter(mailbox=mailbox).select_related("mailbox")
    services.retry_letter(actor=actor, mail=get_object_or_404(letters, pk=mail), now=now)
    return mailbox


class MailboxViewSet(ReadViewSet[Mailbox]):
    """Mailboxes from which complaints come, for those who look after them."""

    scope = NO_TOKEN
    queryset = Mailbox.objects.all()
    serializer_class = MailboxOutput
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Mailbox]:
        if not keeps_mailboxes(actor_of(self.request)):
            raise PermissionDenied
        return super().get_queryset()

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        output: type[BaseSerializer[Any]] = super().get_serializer_class()
        is_asked = output is LetterOutput and not getattr(self, "swagger_fake_view", False)
        if is_asked and not reads_letters(actor_of(self.request)):
            return BareLetterOutput
        return output

    @sublist(LetterOutput, ordering=("-at", "-id"), filterset_class=LetterFilters)
    def mails(self, mailbox: Mailbox) -> QuerySet[InboundMail]:
        """Tell what became of each letter, the newest first.

        Administrators are not told what it is about.
        """
        return letters_of(mailbox)

    @service_action(services.retry_failed, on="mailbox")
    def retry_failed(self) -> None:
        """Let every letter that failed be read once more."""

    @service_action(retry_letter, on="mailbox", takes=RetryInput)
    def retry_letter(self) -> None:
        """Let a letter that failed or was ignored be read once more."""


def register(router: SimpleRouter) -> None:
    router.register("mailboxes", MailboxViewSet)
