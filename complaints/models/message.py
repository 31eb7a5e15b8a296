"""What was written on a complaint."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from core.ids import uuid7
from core.models import User


class Message(models.Model):
    """One message; only a human public reply is an answer to the client.

    channel  -- how an answer or the client's words travelled; "" where it is not known.
    asked_of -- of a second opinion: whom it is for. Author, he and the heads read it, nobody else.
    check_score, check_hits -- what the reply check said of a text for the client; ids of phrases.
    override_reason -- why it was sent all the same; the head of KAM reads these.
    mail_id  -- the letter in the outbox; bounced_at: when it came back.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply to the client")
        ACKNOWLEDGEMENT = "acknowledgement", _("Automatic acknowledgement")
        CLIENT = "client", _("From the client")
        NOTE = "note", _("Internal note")
        OPINION = "opinion", _("Second opinion")

    INTERNAL = (Kind.NOTE, Kind.OPINION)
    SENT_AS_TEXT = ("", Complaint.Channel.EMAIL)
    """Channels of replies that the client got word by word; of a call we keep notes of our own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="messages")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    body = models.TextField(_("text"))
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    next_contact_at = models.DateTimeField(_("next contact"), null=True)
    channel = models.CharField(
        _("channel"), max_length=14, choices=Complaint.Channel, blank=True, default=""
    )
    asked_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    check_score = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    check_hits = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    override_reason = models.CharField(max_length=500, blank=True)
    mail_id = models.UUIDField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("message"), _("messages")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["complaint", "at", "id"], name="message_by_complaint"),
            models.Index(
                fields=["-at", "-id"], condition=~Q(override_reason=""), name="message_overridden"
            ),
            models.Index(
                fields=["mail_id"], condition=Q(mail_id__isnull=False), name="message_by_mail"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["reply", "note", "opinion"])
                | Q(author__isnull=False)
                | Q(kind="note", channel="email"),
                name="people_sign_their_messages",
            ),
            models.CheckConstraint(
                condition=Q(kind="opinion", asked_of__isnull=False)
                | (~Q(kind="opinion") & Q(asked_of=None)),
                name="opinion_is_asked_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"

    @property
    def is_internal(self) -> bool:
        return self.kind in self.INTERNAL
