"""Pressure tactics and the urgent meeting over REST."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.routers import SimpleRouter

from accounts.models import Task
from accounts.queries import task_list
from accounts.serializers import TaskOutput
from complaints import services
from complaints.kinds import URGENT_MEETING
from complaints.serializers.stakes import MeetingInput, PressureOutput, TacticsInput
from core.rest.views import ReadViewSet, actor_of, service_action


class StakesActions:
    @service_action(
        services.name_tactics,
        on="complaint",
        takes=TacticsInput,
        shows=PressureOutput,
        url_path="tactics",
    )
    def name_tactics(self) -> None:
        """Note how the client presses us; each new tactic opens its play. Priority stays."""


class MeetingViewSet(ReadViewSet[Task]):
    """Urgent meetings with clients; open ones are tasks."""

    scope = "complaints"
    queryset = Task.objects.all()
    serializer_class = TaskOutput
    ordering = ("due_at", "id")

    def get_queryset(self) -> QuerySet[Task]:
        return task_list(actor_of(self.request)).filter(kind=URGENT_MEETING)

    @service_action(services.hold_meeting, on="task", takes=MeetingInput)
    def hold(self) -> None:
        """Log the formal or the informal part; with both the task is done."""


def register(router: SimpleRouter) -> None:
    router.register("meetings", MeetingViewSet, basename="meeting")
