"""A small site over core's own rows, to try what every REST resource has."""

from django.http import HttpResponse
from django.urls import include, path
from django_filters.rest_framework import FilterSet, filters
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from core.errors import InvalidTransition
from core.models import Notification, Team, Timer, User
from core.operations import operation
from core.rest import api
from core.rest.inputs import Input, VisibleRow
from core.rest.money import MoneyField
from core.rest.outputs import Output
from core.rest.parsers import StrictJSONParser
from core.rest.views import ReadViewSet, actor_of, service_action, service_call, sublist
from core.services.team import create_team, edit_team


class Member(Output[User]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class TeamOutput(Output[Team]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class TeamDetail(TeamOutput):
    members = Member(many=True)


class TeamInput(Input):
    name = serializers.CharField(max_length=80)
    members = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.all(), pk_field=serializers.UUIDField(), many=True
    )


class EditInput(TeamInput):
    suffix = serializers.CharField(default="")


class Invitation(Input):
    user = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.all(), pk_field=serializers.UUIDField()
    )


class Explanation(Input):
    notification = VisibleRow(Notification)


class PriceInput(Input):
    price = MoneyField("amount")
    at = serializers.DateTimeField(required=False)
    note = serializers.CharField(required=False)
    count = serializers.IntegerField(required=False)


class TeamFilters(FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="icontains")
    version = filters.NumberFilter()
    member = filters.UUIDFilter(field_name="members")
    since = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    kind = filters.ChoiceFilter(field_name="name", choices=[("a", "A")])


def rename_team(*, name, suffix, **given):
    return edit_team(name=name + suffix, **given)


def dissolve_team(*, actor, team, now):
    with operation("core.edit_team", actor=actor, on=team, at=now):
        raise InvalidTransition("dissolved", ["found", "rename"])


def leave_team(*, actor, team, now):
    with operation("core.edit_team", actor=actor, on=team, at=now):
        team.name = f"{team.name} (left)"
        team.members.clear()


def invite(*, actor, team, user, now):
    with operation("core.edit_team", actor=actor, on=team, at=now):
        team.members.add(user)
    return user


def explain_team(*, actor, team, notification, now):
    with operation("core.edit_team", actor=actor, on=team, at=now, reason=str(notification.pk)):
        pass


def price_team(*, actor, now, **said):
    return said


class Price(serializers.Serializer):
    def to_representation(self, said):
        return {name: str(value) for name, value in said.items()}


class TeamViewSet(ReadViewSet[Team]):
    """Teams, each seen by its members."""

    scope = "accounts"
    queryset = Team.objects.all()
    serializer_class = TeamOutput
    detail_class = TeamDetail
    filterset_class = TeamFilters
    orderings = {"name": ("name", "id"), "age": ("-created_at", "id")}
    parser_classes = [StrictJSONParser, MultiPartParser]

    def get_queryset(self):
        return Team.objects.filter(members=actor_of(self.request)).distinct()

    @service_call(create_team, takes=TeamInput, creates=True)
    def create(self):
        """Found a team."""

    @service_call(rename_team, on="team", takes=EditInput)
    def partial_update(self):
        """Rename it or change its members."""

    @service_action(dissolve_team, on="team")
    def dissolve_for_good(self):
        """Never possible."""

    @service_action(leave_team, on="team")
    def leave(self):
        """Leave it empty."""

    @service_action(price_team, takes=PriceInput, shows=Price)
    def price(self):
        """Say a price."""

    @sublist(Member, ordering=("name", "id"), scope="complaints")
    def members(self, team):
        """Who belongs to it."""
        return team.members.all()

    @members.mapping.post
    @service_call(invite, on="team", takes=Invitation, creates=True)
    def invite(self):
        """Let somebody in."""

    @service_action(explain_team, on="team", takes=Explanation)
    def explain(self):
        """Say why."""

    @action(detail=False, methods=["post"])
    def crash(self, request):
        Team.objects.create(name=request.data["name"])
        raise ZeroDivisionError

    @action(detail=False, methods=["post"])
    def upload(self, request):
        team = Team.objects.create(name=request.data["file"].name)
        return Response({"name": team.name})


class Undeclared(APIView):
    def get(self, request):
        return Response("leaked")


class TimerViewSet(ReadViewSet[Timer]):
    """Timers; the model has no `visible_to`, so nothing may be shown."""

    scope = "sla"
    queryset = Timer.objects.all()
    serializer_class = TeamOutput


router = SimpleRouter(trailing_slash=False)
router.register("teams", TeamViewSet)
api.register(router)
documented = [path("api/v1/", include(router.urls))]
unruly = SimpleRouter(trailing_slash=False)
unruly.register("timers", TimerViewSet)
urlpatterns = [
    *documented,
    path("api/v1/", include(unruly.urls)),
    path("api/v1/undeclared", Undeclared.as_view()),
    path("api/v1/schema", SpectacularJSONAPIView.as_view(patterns=documented)),
    path("", lambda request: HttpResponse("home"), name="home"),
    path("sign-in", lambda request: HttpResponse("sign in"), name="account_login"),
]
handler400 = "core.views.errors.bad_request"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"
