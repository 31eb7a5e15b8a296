"""What people must hear of: in the bell at once, by mail soon."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from core.models.audit import AuditEntry


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: models.Model) -> NotificationQuerySet:
        """Return the person's own notifications; nobody reads another's bell."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One person should know of one completed operation; the words come from its audit entry."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    entry = models.ForeignKey(AuditEntry, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_newest"),
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="notification_unread"
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["recipient", "entry"], name="heard_once")]

    def __str__(self) -> str:
        return str(self.pk)


class OutgoingMail(models.Model):
    """The mail outbox: a row is a promise to send, kept by the deliver_mail tick.

    subject_id -- the row that it is about, such as a complaint.
    is_automatic  -- no person wrote it, and its head says so: no machine answers it (RFC 3834).
    headers -- further lines of its head, such as In-Reply-To.
    claimed_until -- another worker may take the row over after this moment.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    account_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    is_automatic = models.BooleanField(default=True, db_default=True)
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(
                fields=["to", "-created_at"],
                condition=Q(is_automatic=True, subject_id__isnull=False),
                name="mail_answered_by_machine",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
