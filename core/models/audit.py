"""The append-only record of completed operations."""

from __future__ import annotations

from uuid import UUID

import pgtrigger
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core import access
from core.errors import Sentence
from core.ids import uuid7


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of_account(self, account_id: UUID) -> AuditEntryQuerySet:
        """Return the account's history, newest first."""
        return self.filter(account_id=account_id).order_by("-happened_at", "-id")


class AuditEntry(models.Model):
    """One completed operation. Written by core.operations, never changed, not even by SQL.

    changes -- {field: [old, new]}; values of personal fields are hidden.
    details -- facts that the sentence of the verb needs, such as {"step": "75"}.
    actor   -- None is the system itself (timers).
    happened_at -- its place in the timeline: earlier than `at` when told afterwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    verb = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    happened_at = models.DateTimeField()
    account_id = models.UUIDField(null=True)
    target_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    target_id = models.UUIDField()
    label = models.CharField(max_length=120, blank=True)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "-happened_at", "-id"], name="audit_by_account"),
            models.Index(fields=["target_id", "-at", "-id"], name="audit_by_target"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label}"

    @property
    def says(self) -> Sentence:
        """What happened, in words, without who and when."""
        return access.verb(self.verb).sentence(label=self.label, **self.details)

    @property
    def icon(self) -> str:
        return access.verb(self.verb).icon
