"""Follow-up calls over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.generics import get_object_or_404

from accounts.models import Promise
from complaints import services
from complaints.models import Complaint
from complaints.queries import callback_list, complaint_detail
from complaints.serializers import (
    CallbackFilters,
    CallbackOutput,
    ComplaintDetailOutput,
    OutcomeInput,
)
from core.models import User
from core.rest.views import ReadViewSet, actor_of, service_action


def record_outcome(*, actor: User, callback: Promise, **given: Any) -> Complaint:
    """Record the call on the complaint that it is about."""
    complaint = get_object_or_404(complaint_detail(actor), pk=callback.subject_id)
    return services.record_callback(actor=actor, complaint=complaint, callback=callback, **given)


class CallbackViewSet(ReadViewSet[Promise]):
    """Follow-up calls that are owed, the most urgent first."""

    scope = "complaints"
    queryset = Promise.objects.all()
    serializer_class = CallbackOutput
    filterset_class = CallbackFilters
    ordering = ("due_at", "id")

    def get_queryset(self) -> QuerySet[Promise]:
        return callback_list(actor_of(self.request))

    @service_action(record_outcome, on="callback", takes=OutcomeInput, shows=ComplaintDetailOutput)
    def outcome(self) -> None:
        """Record how the call went; shows the complaint as it is then."""
