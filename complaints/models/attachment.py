"""Files on complaints: stored under made-up names, handed out as downloads only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from core.ids import uuid7
from core.models import User


def stored_name(attachment: Attachment, filename: str) -> str:
    """Return a path that says nothing of the person's file name."""
    return f"attachments/{attachment.pk.hex[:4]}/{attachment.pk.hex}"


class Attachment(models.Model):
    """One file; content_type comes from its content, not from what the sender said.

    is_restricted -- holds data that only those who work on the case may open, such as health.
    by -- null when the client sent it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to=stored_name, max_length=120)
    name = models.CharField(_("file name"), max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("attachment"), _("attachments")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "sha256"], name="same_file_attached_once")
        ]

    def __str__(self) -> str:
        return self.name
