"""Moments at which something must happen, as rows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.ids import uuid7


class Timer(models.Model):
    """One step of one subject, fired at most once.

    kind   -- whose handler fires it, such as "sla.clock".
    step   -- what happens then, such as "75" or "breach".
    due_at -- the true moment; fire_at is the next attempt and moves on only after a failure.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    step = models.CharField(max_length=24)
    due_at = models.DateTimeField()
    fire_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["fire_at", "id"], condition=Q(fired_at=None), name="timer_pending")
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "kind", "step"], name="timer_fires_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.step} {self.due_at}"
