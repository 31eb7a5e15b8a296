"""Complaints, what was said and files over REST: the same services as the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from complaints import services
from complaints.api.client_link import ClientLinkActions
from complaints.api.ending import EndingActions
from complaints.api.learning import CareActions
from complaints.api.mail import MovingActions
from complaints.api.recovery import RecoveryActions
from complaints.api.stakes import StakesActions
from complaints.attached import files_of
from complaints.downloads import download_of
from complaints.models import Attachment, Complaint, Message
from complaints.queries import messages_of
from complaints.serializers import (
    AssignInput,
    AttachmentInput,
    AttachmentOutput,
    ComplaintDetailOutput,
    ComplaintFilters,
    ComplaintOutput,
    LogInput,
    MessageInput,
    MessageOutput,
    RecordCallInput,
    ReopenInput,
    ResolveInput,
    TriageInput,
    WaitInput,
)
from core.rest.views import ReadViewSet, actor_of, service_action, service_call, sublist
from sla.models import Clock
from sla.queries import clock_list
from sla.serializers import ClockOutput

WRITERS: Final[dict[str, Callable[..., Message]]] = {
    Message.Kind.REPLY: services.reply,
    Message.Kind.NOTE: services.add_note,
    Message.Kind.CLIENT: services.comment,
}
LIST_LEAVES_OUT = ("client_words", "resolution", "search_text")


def post_message(
    *,
    kind: str,
    next_contact_at: datetime | None,
    is_workaround: bool,
    apology: str,
    override_reason: str,
    **given: Any,
) -> Message:
    """Write by the service of the kind; only a reply promises a contact or brings a workaround."""
    of_reply = {
        "next_contact_at": next_contact_at,
        "is_workaround": is_workaround,
        "apology": apology,
        "override_reason": override_reason,
    }
    return WRITERS[kind](**given, **(of_reply if kind == Message.Kind.REPLY else {}))


class ComplaintViewSet(
    CareActions,
    ClientLinkActions,
    EndingActions,
    StakesActions,
    RecoveryActions,
    MovingActions,
    ReadViewSet[Complaint],
):
    """What went wrong for clients, newest first."""

    scope = "complaints"
    queryset = Complaint.objects.all()
    serializer_class = ComplaintOutput
    detail_class = ComplaintDetailOutput
    filterset_class = ComplaintFilters
    ordering = ("-received_at", "-id")
    orderings = {"due": ("next_due_at", "id"), "received": ("received_at", "id")}

    def get_queryset(self) -> QuerySet[Complaint]:
        rows = super().get_queryset()
        return rows.defer(*LIST_LEAVES_OUT) if self.action == "list" else rows

    @service_call(services.log_complaint, takes=LogInput, creates=True)
    def create(self) -> None:
        """Log a complaint: it gets a number, a priority and deadlines at once."""

    @service_action(services.triage, on="complaint", takes=TriageInput)
    def triage(self) -> None:
        """Judge it and give it to people; the deadlines follow the priority."""

    @service_action(services.assign, on="complaint", takes=AssignInput)
    def assign(self) -> None:
        """Give it to others; they hear of it."""

    @service_action(services.wait, on="complaint", takes=WaitInput)
    def wait(self) -> None:
        """Wait for the client or an appointment, which stop the clocks, or for a supplier."""

    @service_action(services.resume, on="complaint")
    def resume(self) -> None:
        """Go on working; a clock that stood still runs on."""

    @service_action(services.resolve_complaint, on="complaint", takes=ResolveInput)
    def resolve(self) -> None:
        """Tell the client how it was put right; a follow-up call is promised."""

    @service_action(services.reopen, on="complaint", takes=ReopenInput)
    def reopen(self) -> None:
        """Take it up again within 30 days; closed already, with half of the time."""

    @service_action(services.record_callback, on="complaint", takes=RecordCallInput)
    def record_callback(self) -> None:
        """Record the follow-up call: `satisfied` closes, `not_satisfied` reopens."""

    @sublist(MessageOutput, ordering=("at", "id"))
    def messages(self, complaint: Complaint) -> QuerySet[Message]:
        """Tell what was said, oldest first. Programs never see internal notes."""
        return messages_of(complaint, actor_of(self.request))

    @messages.mapping.post  # type: ignore[attr-defined, untyped-decorator]  # DRF's action
    @service_call(
        post_message, on="complaint", takes=MessageInput, shows=MessageOutput, creates=True
    )
    def post_message(self) -> None:
        """Answer the client, leave a note, or record what the client said."""

    @sublist(ClockOutput, ordering=("cycle", "id"))
    def clocks(self, complaint: Complaint) -> QuerySet[Clock]:
        """Tell the promised times of the complaint."""
        return clock_list(actor_of(self.request)).filter(subject_id=complaint.pk)

    @sublist(AttachmentOutput, ordering=("at", "id"), parser_classes=[MultiPartParser])
    def attachments(self, complaint: Complaint) -> QuerySet[Attachment]:
        """List the files."""
        return files_of(complaint, actor_of(self.request))

    @attachments.mapping.post  # type: ignore[attr-defined, untyped-decorator]  # DRF's action
    @service_call(
        services.attach_file,
        on="complaint",
        takes=AttachmentInput,
        shows=AttachmentOutput,
        creates=True,
    )
    def attach(self) -> None:
        """Add a file, as multipart/form-data."""

    @extend_schema(
        operation_id="complaints_download",
        parameters=[OpenApiParameter("attachment_id", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, url_path="attachments/(?P<attachment_id>[0-9a-f-]{36})")
    def download(self, request: Request, attachment_id: UUID, **kwargs: Any) -> FileResponse:
        """Get the file itself."""
        files = files_of(self.get_object(), actor_of(request))
        return download_of(get_object_or_404(files, pk=attachment_id))
