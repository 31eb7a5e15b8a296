"""Tasks over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.models import Task
from accounts.queries import task_list
from accounts.serializers import (
    CancelInput,
    FinishInput,
    OpenTaskInput,
    TaskFilters,
    TaskInput,
    TaskOutput,
)
from core.rest.views import ReadViewSet, actor_of, service_action, service_call


class TaskViewSet(ReadViewSet[Task]):
    """Duties among ourselves, the one that is due first first."""

    scope = "accounts"
    queryset = Task.objects.all()
    serializer_class = TaskOutput
    filterset_class = TaskFilters
    ordering = ("due_at", "id")
    orderings = {"due": ("due_at", "id"), "opened": ("opened_at", "id")}

    def get_queryset(self) -> QuerySet[Task]:
        return task_list(actor_of(self.request))

    @service_call(services.open_task, takes=OpenTaskInput, creates=True)
    def create(self) -> None:
        """Give somebody something to do; he hears of it."""

    @service_call(services.edit_task, on="task", takes=TaskInput)
    def partial_update(self) -> None:
        """Change an own task. Of a rule's task only the assignee can be changed."""

    @service_action(services.finish_task, on="task", takes=FinishInput)
    def finish(self) -> None:
        """Say that it is done, and what came of it."""

    @service_action(services.cancel_task, on="task", takes=CancelInput)
    def cancel(self) -> None:
        """Say why it need not be done."""
