"""Programs elsewhere that are told what happens here, and what is told to them."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ids import uuid7
from core.models.row import Row


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def live(self) -> WebhookEndpointQuerySet:
        """Return those that are not disabled; a small query, for every event asks it."""
        return self.filter(state__in=WebhookEndpoint.LIVE)

    def of_insiders(self) -> WebhookEndpointQuerySet:
        """Leave out those of programs that were shut out."""
        return self.filter(Q(owner=None) | Q(owner__is_active=True))


class WebhookEndpoint(Row):
    """An address that receives events.

    secret   -- sealed; previous_secret signs as well until previous_until, during a rotation.
    events   -- the event types wanted; empty is all of them.
    owner    -- the program it belongs to, which hears only of what it may see; None is the house.
    refused_since -- the first failure after which nothing was accepted; kept by the relay.
    """

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("webhook", "Active")
        FAILING = "failing", pgettext_lazy("webhook", "Failing")
        DISABLED = "disabled", pgettext_lazy("webhook", "Disabled")

    LIVE = (State.ACTIVE, State.FAILING)

    url = models.URLField(_("address"), max_length=500)
    description = models.CharField(_("what it is for"), max_length=120, blank=True)
    secret = models.TextField(editable=False)
    previous_secret = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    events = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("events"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ACTIVE)
    refused_since = models.DateTimeField(null=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("program"),
    )  # fmt: skip

    objects = WebhookEndpointQuerySet.as_manager()
    # An address may hold a key of its own, and a description names people.
    audit_hides = frozenset({"url", "description", "secret", "previous_secret"})
    new_secret = ""
    """The secret in plain text, on the object whose service has just made it; never read back."""

    class Meta:
        verbose_name, verbose_name_plural = _("webhook"), _("webhooks")
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="https://"), name="webhook_speaks_https"
            ),
            models.CheckConstraint(condition=~Q(secret=""), name="webhook_has_a_secret"),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_until=None)
                | (~Q(previous_secret="") & Q(previous_until__isnull=False)),
                name="previous_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def audit_label(self) -> str:
        return self.host

    @property
    def is_disabled(self) -> bool:
        return self.state == self.State.DISABLED

    def wants(self, event_type: str) -> bool:
        return not self.events or event_type in self.events

    def sealed_secrets(self, now: datetime) -> list[str]:
        """Return what signs at this moment, the newest first."""
        is_rotating = self.previous_until is not None and now < self.previous_until
        return [self.secret, self.previous_secret] if is_rotating else [self.secret]


class WebhookDelivery(models.Model):
    """The outbox of webhooks: a row is a promise to tell one endpoint of one event.

    event_id -- the same for all endpoints and all attempts; receivers tell repetitions by it.
    claimed_until -- another relay may take the row over after this moment.
    last_status -- of HTTP, None when there was no answer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Its indexes begin with the endpoint.
    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, related_name="deliveries", db_index=False
    )
    event_id = models.UUIDField(default=uuid7, editable=False)
    type = models.CharField(max_length=60)
    body = models.JSONField(encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name, verbose_name_plural = _("delivery"), _("deliveries")
        indexes = [
            models.Index(
                fields=["endpoint", "next_try_at", "id"],
                condition=Q(state="waiting"),
                name="delivery_waiting",
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_newest"),
            models.Index(
                fields=["endpoint", "-id"], condition=Q(state="failed"), name="delivery_failed"
            ),
            models.Index(fields=["ended_at"], condition=~Q(state="waiting"), name="delivery_ended"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="event_told_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="ended_delivery_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
