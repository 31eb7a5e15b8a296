"""People, teams, deputies and the outbox over REST: the same services as the pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from core.models import Deputyship, OutgoingMail, Team, User
from core.queries import deputyships
from core.rest.serializers import CountOutput, MeOutput
from core.rest.tokens import NO_TOKEN
from core.rest.views import ApiViewSet, ReadViewSet, actor_of, service_action, service_call
from core.services import deputyship as deputies
from core.services import preferences
from core.services import team as teams
from core.services import user as users
from core.services.mail import retry_mail
from core.user_serializers import (
    CreateUserInput,
    DeputyInput,
    DeputyshipOutput,
    EditTeamInput,
    EditUserInput,
    LanguageInput,
    MailOutput,
    PreferencesInput,
    TeamInput,
    TeamOutput,
    UserOutput,
)


class ForAdministrators(ReadViewSet[Any]):
    """Base of what only administrators keep, in the browser's session."""

    scope = NO_TOKEN

    def get_queryset(self) -> QuerySet[Any]:
        if not actor_of(self.request).has_role(User.Role.ADMINISTRATOR):
            raise PermissionDenied
        rows: QuerySet[Any] = self._model._default_manager.all()
        return rows


class UserViewSet(ForAdministrators):
    """People and programs."""

    queryset = User.objects.all()
    serializer_class = UserOutput

    @service_call(users.create_user, takes=CreateUserInput, creates=True)
    def create(self) -> None:
        """Add a person, who gets a mail with a link to set a password."""

    @service_call(users.edit_user, on="user", takes=EditUserInput)
    def partial_update(self) -> None:
        """Correct a person; changed roles end the person's sessions."""

    @service_action(users.deactivate_user, on="user")
    def deactivate_user(self) -> None:
        """Close the person's access at once."""

    @service_action(users.reactivate_user, on="user")
    def reactivate_user(self) -> None:
        """Open the access again."""

    @service_action(users.end_sessions, on="user")
    def end_sessions(self) -> None:
        """Sign the person out on every device."""


class TeamViewSet(ForAdministrators):
    """People who share accounts."""

    queryset = Team.objects.all()
    serializer_class = TeamOutput

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related("members")

    @service_call(teams.create_team, takes=TeamInput, creates=True)
    def create(self) -> None:
        """Add a team."""

    @service_call(teams.edit_team, on="team", takes=EditTeamInput)
    def partial_update(self) -> None:
        """Rename the team or say who belongs to it."""


class DeputyshipViewSet(ReadViewSet[Deputyship]):
    """Who stands in for whom: yours, and for heads and administrators everybody's."""

    scope = NO_TOKEN
    queryset = Deputyship.objects.all()
    serializer_class = DeputyshipOutput

    def get_queryset(self) -> QuerySet[Deputyship]:
        return deputyships(actor_of(self.request))

    @service_call(deputies.set_deputy, takes=DeputyInput, creates=True)
    def create(self) -> None:
        """Name a deputy, who has the person's rights between the two days."""

    @service_action(deputies.end_deputy, on="deputyship")
    def end_deputy(self) -> None:
        """End it at once."""


class PreferencesViewSet(ApiViewSet[User]):
    """What you set for yourself."""

    scope = NO_TOKEN
    queryset = User.objects.all()
    serializer_class = MeOutput

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.filter(pk=actor_of(self.request).pk)

    @service_action(preferences.set_preferences, takes=PreferencesInput)
    def set_preferences(self) -> None:
        """Change your name, phone, time zone, and whether notifications come by mail."""

    @service_action(preferences.set_language, takes=LanguageInput)
    def set_language(self) -> None:
        """Change the language of your screens and mails."""


class MailViewSet(ForAdministrators):
    """The outbox, without what the mails say."""

    queryset = OutgoingMail.objects.all()
    serializer_class = MailOutput

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().defer("subject", "body")

    @extend_schema(request=None, responses={200: CountOutput})
    @action(detail=False, methods=["post"], url_path="retry-mail")
    def retry_mail(self, request: Request) -> Response:
        """Let every failed mail be tried again."""
        return Response({"count": retry_mail(actor=actor_of(request), now=self.now)})


def register(router: SimpleRouter) -> None:
    router.register("users", UserViewSet, basename="user")
    router.register("teams", TeamViewSet, basename="team")
    router.register("deputyships", DeputyshipViewSet, basename="deputyship")
    router.register("me", PreferencesViewSet, basename="preferences")
    router.register("mail", MailViewSet, basename="mail")
