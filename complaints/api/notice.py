"""Notices and who must hear of them, over REST: the same services as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import ValidationError

from complaints import services
from complaints.models import Notice, Problem, Recipient
from complaints.notice_check import readiness_of
from complaints.notice_letter import Blocks
from complaints.notice_queries import notice_detail, notice_list, recipient_list
from complaints.serializers.notice import (
    DraftNoticeInput,
    NoticeCheckOutput,
    NoticeDetailOutput,
    NoticeFilters,
    NoticeInput,
    NoticeOutput,
    RecipientFilters,
    RecipientOutput,
    TryInput,
    language_of,
    words_of,
)
from complaints.services import NoticeDraft
from core.models import User
from core.rest.views import ReadViewSet, actor_of, service_action, service_call

A_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def draft_notice(*, actor: User, problem: Problem | None, now: datetime, **given: Any) -> Notice:
    draft = _draft(given)
    return services.draft_notice(actor=actor, draft=draft, problem=problem, now=now)


def edit_notice(*, actor: User, notice: Notice, now: datetime, **given: Any) -> Notice:
    return services.edit_notice(actor=actor, notice=notice, draft=_draft(given), now=now)


def _draft(given: Mapping[str, Any]) -> NoticeDraft:
    texts = {language_of(text): Blocks(**words_of(text)) for text in given["texts"]}
    if len(texts) < len(given["texts"]):
        raise ValidationError({"texts": ["Give each language once."]})
    return NoticeDraft(**{**given, "texts": texts})


class NoticeViewSet(ReadViewSet[Notice]):
    """Warnings to all who hold something that may fail, newest first. Programs read none."""

    scope = "complaints"
    queryset = Notice.objects.all()
    serializer_class = NoticeOutput
    detail_class = NoticeDetailOutput
    filterset_class = NoticeFilters
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Notice]:
        rows = notice_detail(actor_of(self.request))
        return rows if self.detail else rows.prefetch_related(None)

    @service_call(draft_notice, takes=DraftNoticeInput, creates=True)
    def create(self) -> None:
        """Write a notice. Nobody hears of it before it is approved and sent."""

    @service_call(edit_notice, on="notice", takes=NoticeInput)
    def partial_update(self) -> None:
        """Change it before it is sent; `texts` replaces them all. Approvals are void then."""

    @service_action(services.approve_notice, on="notice")
    def approve(self) -> None:
        """Say yes: a head of key accounts, for safety an executive too, never who wrote it."""

    @service_action(services.send_notice, on="notice")
    def send(self) -> None:
        """Begin to send it to everybody who holds the item now. From here on it is final."""

    @service_action(services.close_notice, on="notice")
    def close(self) -> None:
        """End it, when every recipient has confirmed, acted, or was given up."""

    @extend_schema(responses=NoticeCheckOutput)
    @action(detail=True)
    def check(self, request: Request, **kwargs: Any) -> Response:
        """Tell who would be told, and what must be put right before it is approved."""
        ready = readiness_of(self.get_object(), timezone.localdate(self.now))
        return Response(NoticeCheckOutput(ready).data)


@extend_schema_view(retrieve=extend_schema(operation_id="notices_recipients_retrieve"))
class RecipientViewSet(ReadViewSet[Recipient]):
    """Who must hear of one notice, and what became of each."""

    scope = "complaints"
    queryset = Recipient.objects.all()
    serializer_class = RecipientOutput
    filterset_class = RecipientFilters
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Recipient]:
        return recipient_list(actor_of(self.request)).filter(notice=self.kwargs["notice_pk"])

    @extend_schema(operation_id="notices_recipients_list")
    def list(self, request: Request, **kwargs: Any) -> Response:
        get_object_or_404(notice_list(actor_of(request)), pk=self.kwargs["notice_pk"])
        return super().list(request)

    @service_action(services.acknowledge_recipient, on="recipient")
    def acknowledge(self) -> None:
        """Record that the notice was read."""

    @service_action(services.record_action, on="recipient")
    def record_action(self) -> None:
        """Record that what the notice asks was done."""

    @service_action(services.record_try, on="recipient", takes=TryInput)
    def record_try(self) -> None:
        """Record a try to reach them: `reached` confirms, `unreachable` gives them up."""


def register(router: SimpleRouter) -> None:
    router.register("notices", NoticeViewSet)
    below = f"notices/(?P<notice_pk>{A_UUID})/recipients"
    router.register(below, RecipientViewSet, basename="recipient")
