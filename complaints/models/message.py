"""What was written on a complaint."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from core.ids import uuid7
from core.models import User


class Message(models.Model):
    """One message; only a human public reply is an answer to the client."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply to the client")
        ACKNOWLEDGEMENT = "acknowledgement", _("Automatic acknowledgement")
        CLIENT = "client", _("From the client")
        NOTE = "note", _("Internal note")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="messages")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    body = models.TextField(_("text"))
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    next_contact_at = models.DateTimeField(_("next contact"), null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["complaint", "at", "id"], name="message_by_complaint")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["reply", "note"]) | Q(author__isnull=False),
                name="people_sign_their_messages",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"

    @property
    def is_internal(self) -> bool:
        return self.kind == self.Kind.NOTE
