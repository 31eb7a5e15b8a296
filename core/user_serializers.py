"""Shapes of people, teams, deputies and the outbox over REST."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from core.models import Deputyship, OutgoingMail, Team, User
from core.queries import colleagues
from core.rest.inputs import Input
from core.rest.outputs import Output
from core.user_forms import ZONES

ROLES = User.Role.choices
LANGUAGES = settings.LANGUAGES


def _roles() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.ChoiceField(ROLES), min_length=1, max_length=len(ROLES)
    )


def _colleague(**options: Any) -> serializers.RelatedField[Any, Any, Any]:
    return serializers.PrimaryKeyRelatedField(
        queryset=colleagues(), pk_field=serializers.UUIDField(), **options
    )


class UserOutput(Output[User]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    roles = _roles()
    language = serializers.CharField()
    time_zone = serializers.CharField()
    phone = serializers.CharField()
    is_active = serializers.BooleanField()
    version = serializers.IntegerField()


class EditUserInput(Input):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120)
    roles = _roles()


class CreateUserInput(EditUserInput):
    language = serializers.ChoiceField(LANGUAGES, default="en")


class TeamOutput(Output[Team]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    members = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    def get_members(self, team: Team) -> list[str]:
        return sorted(str(member.pk) for member in team.members.all())


class TeamInput(Input):
    name = serializers.CharField(max_length=80)
    members = serializers.ListField(child=_colleague(), default=list, max_length=1000)


class EditTeamInput(Input):
    name = serializers.CharField(max_length=80)
    members = serializers.ListField(child=_colleague(), max_length=1000)


class DeputyshipOutput(Output[Deputyship]):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    deputy = serializers.UUIDField(source="deputy_id")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    version = serializers.IntegerField()


class DeputyInput(Input):
    person = _colleague(help_text="Who will be away: yourself, or anyone if you are a head.")
    deputy = _colleague()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day, included.")


class PreferencesInput(Input):
    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=40, allow_blank=True)
    time_zone = serializers.ChoiceField(ZONES)
    wants_mail = serializers.BooleanField()


class LanguageInput(Input):
    language = serializers.ChoiceField(LANGUAGES)


class MailOutput(Output[OutgoingMail]):
    """A mail of the outbox without what it says."""

    id = serializers.UUIDField()
    to = serializers.EmailField()
    state = serializers.ChoiceField(OutgoingMail.State.choices)
    attempts = serializers.IntegerField()
    next_try_at = serializers.DateTimeField()
    last_error = serializers.CharField()
