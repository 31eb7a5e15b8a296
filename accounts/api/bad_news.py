"""Bad news over REST."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts import services
from accounts.models import BadNews
from accounts.queries import bad_news_detail
from accounts.serializers import (
    BadNewsDetailOutput,
    BadNewsFilters,
    BadNewsOutput,
    ReportInput,
    SpareClientInput,
    TellClientInput,
)
from core.rest.views import ReadViewSet, actor_of, service_action, service_call


class BadNewsViewSet(ReadViewSet[BadNews]):
    """What will hurt a client, newest first."""

    scope = "accounts"
    queryset = BadNews.objects.all()
    serializer_class = BadNewsOutput
    detail_class = BadNewsDetailOutput
    filterset_class = BadNewsFilters
    ordering = ("-reported_at", "-id")

    def get_queryset(self) -> QuerySet[BadNews]:
        return bad_news_detail(actor_of(self.request))

    @service_call(services.report_bad_news, takes=ReportInput, creates=True)
    def create(self) -> None:
        """Tell it. The account's manager and the heads hear of it at once."""

    @service_action(services.acknowledge_bad_news, on="news")
    def acknowledge(self) -> None:
        """Say that the manager is aware of it; the first who says so counts."""

    @service_action(services.tell_client, on="news", takes=TellClientInput)
    def tell_client(self) -> None:
        """Say that the client has heard it from you, and how."""

    @service_action(services.spare_client, on="news", takes=SpareClientInput)
    def spare_client(self) -> None:
        """Decide that the client need not hear of it."""

    @service_action(services.thank_messenger, on="news")
    def thank(self) -> None:
        """Thank whoever said it; he hears of the thanks."""
